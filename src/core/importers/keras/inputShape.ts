// The shape of a network input: from the file, with what it leaves open from the user.

import type { Shape } from '../../ir/graph.ts';
import { inputShape as wholeShape } from '../inputShape.ts';
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
  return wholeShape(file, { name: layer.name, shape: stored && [1, ...stored] }, given).slice(1);
}
