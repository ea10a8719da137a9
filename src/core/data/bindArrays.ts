// Arrays of a file to the inputs of a model. The arrays stay in their stored type; a batch is converted when asked for.

import { BitLensError } from '../errors.ts';
import { elements, printShape } from '../ir/graph.ts';
import { bindingNotes, checkBatch, type Binding } from './binding.ts';
import { bindLabels } from './bindLabels.ts';
import { channelAxis } from './channelAxis.ts';
import type { Dataset } from './dataset.ts';
import { fitShape } from './fitShape.ts';
import { convertSamples, firstNotFinite, type Layout } from './layout.ts';
import type { ModelInput } from './modelInputs.ts';
import type { Scaling } from './perChannel.ts';
import type { ArrayData, RawArray } from './rawData.ts';
import { valueAt, type Values } from './values.ts';

export async function bindArrays(
  data: ArrayData,
  inputs: readonly ModelInput[],
  binding: Binding,
): Promise<Dataset> {
  const arrays = chooseArrays(data, inputs);
  const count = sampleCount(arrays);
  const fitted = arrays.map((array, at) => fitShape(array, inputs[at]!));
  const layouts = fitted.map(({ layout }, at) =>
    binding.channels === undefined
      ? layout
      : channelAxis(arrays[at]!, inputs[at]!.shape, layout, binding.channels),
  );
  const used = binding.used(count);
  const labels = await bindLabels(data, count, used, binding.classes, binding.labels);
  const columns: Values[] = [];
  for (const [at, array] of arrays.entries())
    columns.push(await loadFinite(array, used, layouts[at], binding.scaling));
  const shapes = inputs.map(({ shape }) => shape);
  const bytes = arrays.some(({ dtype }) => dtype === 'uint8');
  return {
    description: describe(data, arrays, labels.origin),
    count: used,
    shapes,
    labels: labels.values,
    notes: [
      ...data.notes,
      ...fitted.flatMap(({ note }) => note ?? []),
      ...bindingNotes(binding, count, bytes),
      ...labels.notes,
    ],
    batch: (start, length) => {
      checkBatch(used, start, length);
      const convert = (values: Values, at: number): Float32Array => {
        const size = elements(shapes[at]!);
        const out = new Float32Array(length * size);
        const how = { layout: layouts[at], size, scaling: binding.scaling };
        convertSamples(values, start * size, length, out, 0, how);
        return out;
      };
      return Promise.resolve(columns.map(convert));
    },
  };
}

/** By name where names agree; a model with one input takes the array that is meant as the samples. */
function chooseArrays(data: ArrayData, inputs: readonly ModelInput[]): RawArray[] {
  const named = inputs.map((input) => data.arrays.find(({ name }) => isNameOf(name, input)));
  const [first] = named;
  if (inputs.length === 1) {
    const array = first ?? data.samples;
    if (array) return [array];
    throw new BitLensError(
      'bad-data',
      ['{0} does not tell which of its arrays are the samples: {1}.', data.file, listed(data.arrays)],
      ['Call the samples "x" and the labels "y".'],
    );
  }
  const missing = inputs.filter((_, at) => !named[at]).map(({ name }) => name);
  if (missing.length === 0) return named.filter((array) => array !== undefined);
  throw new BitLensError(
    'bad-data',
    [
      'The model has {0} inputs; {1} has no array for {2}. It holds: {3}.',
      inputs.length,
      data.file,
      missing.join(', '),
      listed(data.arrays),
    ],
    ['Give a .npz whose arrays are named like the inputs.'],
  );
}

const listed = (arrays: readonly RawArray[]): string =>
  arrays.map(({ name, dtype, shape }) => `${name} (${dtype} ${printShape(shape)})`).join(', ');

/** `input_1` for the layer `input_1`, for `encoder/input_1` and for the tensor `input_1:0`. */
function isNameOf(array: string, { id, name }: ModelInput): boolean {
  const plain = (text: string) => text.replace(/:\d+$/, '');
  return [id, name, plain(id), plain(name), name.slice(name.lastIndexOf('/') + 1)].includes(array);
}

function sampleCount(arrays: readonly RawArray[]): number {
  for (const { shape, origin } of arrays) {
    if (shape.length > 0 && !shape.includes(0)) continue;
    throw new BitLensError(
      'bad-data',
      ['{0} holds no samples: its shape is {1}.', origin, printShape(shape)],
      ['Give samples along the first axis.'],
    );
  }
  const [first, ...others] = arrays;
  const count = first!.shape[0]!;
  const other = others.find(({ shape }) => shape[0] !== count);
  if (other)
    throw new BitLensError(
      'bad-data',
      ['{0} has {1} samples and {2} has {3}.', first!.origin, count, other.origin, other.shape[0]!],
      ['Every input needs the same number of samples.'],
    );
  return count;
}

/** @throws `bad-data` at the first value that is not finite once scaled */
async function loadFinite(
  array: RawArray,
  used: number,
  layout: Layout | undefined,
  scaling: Scaling,
): Promise<Values> {
  const values = await array.load(used);
  const at = firstNotFinite(values, layout, scaling);
  if (at < 0) return values;
  const sample = Math.floor(at / elements(array.shape.slice(1)));
  throw new BitLensError(
    'bad-data',
    [
      '{0}: sample {1} holds {2}, which is not a finite float32 number.',
      array.origin,
      sample,
      String(valueAt(values, at)),
    ],
    ['Remove the sample or repair the value.'],
  );
}

function describe(data: ArrayData, arrays: readonly RawArray[], labels: string | undefined): string {
  const prefix = `${data.file}: `;
  const plain = (origin: string) => (origin.startsWith(prefix) ? origin.slice(prefix.length) : origin);
  const parts = arrays.map(({ origin, dtype, shape }) => {
    const text = `${dtype} ${printShape(shape)}`;
    return origin === data.file ? text : `${plain(origin)} ${text}`;
  });
  return prefix + [...parts, ...(labels === undefined ? [] : [plain(labels)])].join(', ');
}
