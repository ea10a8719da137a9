// Tensors as the backend's image ops want them: [batch, rows, columns, channels].

import * as tf from '@tensorflow/tfjs-core';
import type { Pads } from '../../../core/ir/ops.ts';

export type ExplicitPads = [[number, number], [number, number], [number, number], [number, number]];

/**
 * Runs an image op on images, or on sequences seen as images of height 1.
 * @param axes spatial axes: those in front of them join the batch
 */
export function asImages(x: tf.Tensor, axes: number, run: (images: tf.Tensor4D) => tf.Tensor4D): tf.Tensor {
  const leading = x.shape.slice(0, x.rank - axes - 1);
  const [rows, columns] = pair(x.shape.slice(x.rank - axes - 1, -1));
  const y = run(tf.reshape(x, [-1, rows, columns, x.shape.at(-1)!]));
  const spatial = axes === 1 ? [y.shape[2]] : [y.shape[1], y.shape[2]];
  return tf.reshape(y, [...leading, ...spatial, y.shape[3]]);
}

/** [rows, columns] of an attribute that has one or two entries. */
export function pair(values: readonly number[]): [number, number] {
  return values.length === 1 ? [1, values[0]!] : [values[0]!, values[1]!];
}

export function explicit(pads: Pads): ExplicitPads {
  const spatial: [number, number][] = pads.map(([before, after]) => [before, after]);
  const [rows, columns] =
    spatial.length === 1 ? [[0, 0] as [number, number], spatial[0]!] : [spatial[0]!, spatial[1]!];
  return [[0, 0], rows, columns, [0, 0]];
}
