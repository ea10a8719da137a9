// The shape of a network input: from the file, with what it leaves open from the user.

import { BitLensError } from '../../errors.ts';
import { printShape, type Shape } from '../../ir/graph.ts';
import type { KerasLayer } from './model.ts';

/** Extents of an input layer as stored, without the batch axis, null where open; undefined when unknown. */
export function storedShape({ config }: KerasLayer): readonly (number | null)[] | undefined {
  const stored = config['batch_shape'] ?? config['batch_input_shape'];
  if (!Array.isArray(stored)) return undefined;
  return stored.slice(1).map((extent: unknown) => (typeof extent === 'number' ? extent : null));
}

/**
 * @param given the user's shape for this input
 * @throws `needs-input-shape` when extents are open, `bad-option` when the given shape contradicts the file
 */
export function inputShape(file: string, layer: KerasLayer, given: Shape | undefined): Shape {
  const stored = storedShape(layer);
  if (!given) {
    if (stored?.every((extent) => extent !== null)) return stored;
    throw new BitLensError(
      'needs-input-shape',
      [
        '{0} leaves the shape of its input {1} open: {2}.',
        file,
        layer.name,
        stored ? printShape(stored) : 'no shape',
      ],
      ['Give the shape without the batch axis, for example 28,28,1.'],
    );
  }
  const fits =
    !stored ||
    (stored.length === given.length && stored.every((extent, at) => extent === null || extent === given[at]));
  if (fits) return given;
  throw new BitLensError(
    'bad-option',
    [
      'Input {0} of {1} is {2}, which the given shape {3} does not fit.',
      layer.name,
      file,
      printShape(stored),
      printShape(given),
    ],
    ['Give as many extents as the input has, without the batch axis.'],
  );
}
