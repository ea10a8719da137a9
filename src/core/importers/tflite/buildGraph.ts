// From a file's operators to a graph: each is a row of the op table, its results on the grids of their tensors.

import { BitLensError } from '../../errors.ts';
import type { Graph } from '../../ir/graph.ts';
import type { ByteSource } from '../importer.ts';
import { quantize } from '../tensors/elementwise.ts';
import { notSupported } from '../tensors/errors.ts';
import { finish } from '../tensors/finish.ts';
import { grant, settled } from '../tensors/known.ts';
import type { Tensor, Unknown } from '../tensors/tensor.ts';
import { startLayer, tensorGraph, type TensorGraph } from '../tensors/tensorGraph.ts';
import { NO_ROW, reasonOf, unsupportedError, type Issue } from '../unsupported.ts';
import { className } from './builtins.ts';
import type { Call } from './call.ts';
import { addInputs, type InputShapes } from './inputs.ts';
import { layerNames } from './names.ts';
import { AVERAGING, MOVING, REASONS, rows } from './ops/table.ts';
import { parameter, shortName, storedNumbers } from './parameters.ts';
import { activationQuantizer, averageQuantizer, sameEncoding } from './quantization.ts';
import { damaged, type FileModel, type FileOperator, type FileTensor } from './readModel.ts';
import { settingsOf } from './settings.ts';

interface Import {
  readonly source: ByteSource;
  readonly model: FileModel;
  readonly g: TensorGraph;
  /** What has been computed so far, by index in the file. */
  readonly known: Map<number, Tensor | Unknown>;
  readonly issues: Issue[];
}

/** @throws `unsupported` with all operators that cannot be read, `bad-file`, `needs-input-shape`, `bad-option` */
export function buildGraph(source: ByteSource, model: FileModel, shapes: InputShapes): Graph {
  const g = tensorGraph(source.name);
  grant(g, source.size);
  const inputs = addInputs(g, model, shapes);
  const known = new Map<number, Tensor | Unknown>(model.inputs.map((index, at) => [index, inputs[at]!]));
  const state: Import = { source, model, g, known, issues: [] };
  const nameOf = layerNames(model);
  for (const operator of model.operators) importOperator(state, operator, nameOf(operator));
  if (state.issues.length > 0)
    throw unsupportedError(
      source.name,
      state.issues,
      g.layers.map(({ id }) => id),
    );
  const outputs = model.outputs.map((index) => valueOf(state, index) as Tensor);
  // Owns outputs that are known without computing.
  startLayer(g, { name: 'output', className: 'Output' });
  if (outputs.length === 0) throw damaged(source.name, 'it has no outputs');
  const written = model.description.replace(/\.$/, '').trim();
  const framework = `TensorFlow Lite${written === '' ? '' : ` (${written})`}`;
  return finish(g, outputs, { name: source.name.replace(/\.tflite$/i, ''), framework });
}

function importOperator(state: Import, operator: FileOperator, name: string): void {
  const { g, issues } = state;
  startLayer(g, {
    name,
    className: className(operator.builtin),
    settings: settingsOf(state.model, operator),
  });
  const layer = g.layers[g.current]!.id;
  const before = g.nodes.length;
  const skipped = operator.inputs.some((index) => state.known.get(index)?.kind === 'unknown');
  let results: readonly (Tensor | Unknown)[] | undefined;
  try {
    if (!skipped) results = resultsOf(state, operator);
  } catch (error) {
    if (!BitLensError.is(error, 'unsupported')) throw error;
    issues.push({ layer, reason: `${versionedName(operator)}: ${reasonOf(error, g.file, layer)}` });
  }
  if (g.nodes.length === before) forgetLayer(g);
  for (const [at, index] of operator.outputs.entries()) {
    if (index === -1) continue;
    if (!state.model.tensors[index])
      throw damaged(g.file, `layer ${layer} writes tensor ${index}, which is not there`);
    state.known.set(index, results?.[at] ?? { kind: 'unknown' });
  }
}

const versionedName = ({ builtin, custom, version }: FileOperator): string =>
  `${custom ? `custom operator ${builtin}` : className(builtin)} (version ${version})`;

/** An operator that computes nothing, such as one on parameters, leaves its name to the next. */
function forgetLayer(g: TensorGraph): void {
  const { id } = g.layers.pop()!;
  g.ids.delete(id);
  g.current = g.layers.length - 1;
}

function resultsOf(state: Import, operator: FileOperator): readonly Tensor[] {
  const { g, model } = state;
  const row = operator.custom ? undefined : rows[operator.builtin];
  if (!row) {
    throw new BitLensError('unsupported', ['{0}: {1}', g.file, REASONS[operator.builtin] ?? NO_ROW]);
  }
  const made = row(callOf(state, operator));
  const operands = operator.inputs.map((index) => state.known.get(index)); // others are stored, and granted
  const results = settled(g, operands, 'kind' in made ? [made] : made);
  if (results.length < operator.outputs.length)
    throw damaged(
      g.file,
      `operator ${operator.builtin} has ${operator.outputs.length} results instead of ${results.length}`,
    );
  return results.map((result, at) => {
    const tensor = model.tensors[operator.outputs[at] ?? -1];
    return tensor ? onGrid(state, operator, result, tensor) : result;
  });
}

/** The result with the quantizer of its tensor, unless it is on that grid already. */
function onGrid({ g, model }: Import, operator: FileOperator, result: Tensor, tensor: FileTensor): Tensor {
  const quantizer = activationQuantizer(tensor);
  if (!quantizer) return result;
  const operands = operator.inputs.flatMap((index) => model.tensors[index] ?? []);
  const encoded = operands.filter((operand) => activationQuantizer(operand) !== undefined);
  const same = encoded.length > 0 && encoded.every((operand) => sameEncoding(operand, tensor));
  if (same && MOVING.has(operator.builtin)) return result;
  const averages = same && AVERAGING.has(operator.builtin);
  return quantize(g, result, (averages ? averageQuantizer(tensor) : undefined) ?? quantizer);
}

function callOf(state: Import, operator: FileOperator): Call {
  const { model, source } = state;
  const stored = (at: number): FileTensor | undefined => model.tensors[operator.inputs[at] ?? -1];
  return {
    g: state.g,
    operator,
    stored,
    input(at) {
      const index = operator.inputs[at] ?? -1;
      return index === -1 ? undefined : (valueOf(state, index) as Tensor);
    },
    result(at) {
      const tensor = model.tensors[operator.outputs[at] ?? -1];
      if (!tensor) throw damaged(source.name, `operator ${operator.builtin} has no result ${at}`);
      return tensor;
    },
    numbers(at) {
      const index = operator.inputs[at] ?? -1;
      const tensor = model.tensors[index];
      if (!tensor) return undefined;
      const value = valueOf(state, index);
      if (value.kind !== 'constant') return undefined;
      return state.known.has(index) ? value.numbers() : storedNumbers(source, tensor);
    },
  };
}

/** What a tensor holds: computed before, or stored in the file. */
function valueOf({ source, model, known, g }: Import, index: number): Tensor | Unknown {
  const value = known.get(index);
  if (value) return value;
  const tensor = model.tensors[index];
  if (!tensor) throw damaged(source.name, `tensor ${index} is not there`);
  if (tensor.variable) throw notSupported(g, ['a state that lives from one sample to the next']);
  const empty = tensor.shape.includes(0);
  if (!tensor.data && !empty)
    throw damaged(source.name, `tensor ${shortName(tensor)} is read before it is computed`);
  return parameter(source, tensor);
}
