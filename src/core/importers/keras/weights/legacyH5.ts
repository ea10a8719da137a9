// Weights as Keras 2 and Keras 3's `.h5` store them: a group per layer of the outermost model, in it the variables
// of everything inside the layer, listed in `weight_names`.
// Reference: keras/src/legacy/saving/legacy_h5_format.py, tf_keras/src/saving/legacy/hdf5_format.py.

import { BitLensError } from '../../../errors.ts';
import type { Hdf5File } from '../../hdf5.ts';
import type { KerasModel } from '../model.ts';
import { inFileOrder } from './modelOrder.ts';
import type { Variable } from './variable.ts';

/** Attributes above 64 KiB are split: `weight_names0`, `weight_names1`, … */
export function splitAttribute(file: Hdf5File, path: string, name: string): readonly string[] | undefined {
  const whole = file.strings(path, name);
  if (whole) return whole;
  const parts: string[] = [];
  for (let at = 0; ; at++) {
    const part = file.strings(path, `${name}${at}`);
    if (!part) return at === 0 ? undefined : parts;
    parts.push(...part);
  }
}

/** Group that holds the layers: below `model_weights` in a whole model, at the root of a weights file. */
export function legacyRoot(file: Hdf5File): string | undefined {
  const root = file.kindOf('/model_weights') === 'group' ? '/model_weights' : '';
  return splitAttribute(file, root || '/', 'layer_names') ? root : undefined;
}

/** @throws `missing-weights`, `bad-file` */
export function fillFromLegacyH5(
  file: Hdf5File,
  root: string,
  model: KerasModel,
  variables: readonly Variable[],
): void {
  if (file.strings(root || '/', 'backend')?.[0] === 'theano')
    throw new BitLensError(
      'unsupported',
      ['{0} was written by Keras on Theano, which stores convolution kernels turned around.', file.name],
      ['Load it with Keras on TensorFlow and save it again.'],
    );
  const byLayer = new Map<string, Variable[]>();
  for (const variable of inFileOrder(model, variables)) {
    const [layer] = variable.path as [string];
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), variable]);
  }
  const groups = groupsOf(file, root, [...byLayer.keys()]);
  for (const [layer, wanted] of byLayer) {
    const group = groups.get(layer);
    if (group === undefined) throw wanted[0]!.missing(file.name);
    fillLayer(file, `${root}/${group}`, wanted);
  }
}

/**
 * Group of each layer with weights: by name; when names differ, as those that Keras counts up do, by order,
 * provided the number is the same. That is how Keras loads weights.
 */
function groupsOf(file: Hdf5File, root: string, layers: readonly string[]): ReadonlyMap<string, string> {
  const stored = splitAttribute(file, root || '/', 'layer_names') ?? [];
  const names = new Set(stored);
  if (layers.every((layer) => names.has(layer))) return new Map(layers.map((layer) => [layer, layer]));
  const full = stored.filter(
    (name) => (splitAttribute(file, `${root}/${name}`, 'weight_names') ?? []).length > 0,
  );
  if (full.length === layers.length) return new Map(layers.map((layer, at) => [layer, full[at]!]));
  return new Map(layers.filter((layer) => names.has(layer)).map((layer) => [layer, layer]));
}

function fillLayer(file: Hdf5File, group: string, wanted: readonly Variable[]): void {
  const names = splitAttribute(file, group, 'weight_names') ?? [];
  const layer = wanted[0]!.path[0]!;
  if (names.length === 0) throw wanted[0]!.missing(file.name);
  if (names.length !== wanted.length)
    throw new BitLensError(
      'bad-file',
      [
        '{0} holds {1} weights of layer {2}, but the architecture asks for {3}.',
        file.name,
        names.length,
        layer,
        wanted.length,
      ],
      ['Architecture and weights do not belong together; save both from the same model.'],
    );
  const shapes = names.map((name) => file.shape(`${group}/${name}`));
  // Trainable first. Files from before Keras kept the flag per layer do without it.
  const byFlag = [
    ...wanted.filter((variable) => variable.trainable),
    ...wanted.filter((variable) => !variable.trainable),
  ];
  const orders = [byFlag, trainableByNature(wanted), wanted];
  const fits = (order: readonly Variable[]) =>
    order.every(
      (variable, at) => variable.shape.join() === shapes[at]!.join() && sameName(variable.name, names[at]!),
    );
  const order = orders.find(fits) ?? byFlag;
  for (const [at, variable] of order.entries()) {
    const path = `${group}/${names[at]!}`;
    variable.fill({ name: path, shape: shapes[at]!, read: () => file.numbers(path) });
  }
}

const STATISTICS = new Set(['moving_mean', 'moving_variance', 'mean', 'variance', 'count']);

const trainableByNature = (wanted: readonly Variable[]): Variable[] => [
  ...wanted.filter((variable) => !STATISTICS.has(variable.name)),
  ...wanted.filter((variable) => STATISTICS.has(variable.name)),
];

const KNOWN_NAMES = /(kernel|bias|gamma|beta|moving_mean|moving_variance|alpha)(_\d+)?$/;

/** `dense_1/kernel:0` is a kernel; a name that says nothing contradicts nothing. */
function sameName(variable: string, stored: string): boolean {
  const leaf = KNOWN_NAMES.exec(stored.replace(/:\d+$/, ''))?.[1];
  return leaf === undefined || variable.endsWith(leaf);
}
