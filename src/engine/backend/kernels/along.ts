// Choosing and mixing entries along one axis, on the CPU: the backend's own gather takes ten times as long, checks its
// indices by throwing and has no fill value. Used by gather, padding, interpolation and embeddings.

import * as tf from '@tensorflow/tfjs-core';
import type { Interpolation } from '../../../core/ir/ops.ts';

/** A tensor seen as [outer, extent, inner] around an axis (batch counted). */
export interface Around {
  readonly outer: number;
  readonly extent: number;
  readonly inner: number;
}

const product = (extents: readonly number[]): number => extents.reduce((all, extent) => all * extent, 1);

export function around(shape: readonly number[], axis: number): Around {
  return {
    outer: product(shape.slice(0, axis)),
    extent: shape[axis]!,
    inner: product(shape.slice(axis + 1)),
  };
}

/** Index as ONNX reads it: from the end when negative. What lies outside is moved to the nearest entry. */
export function resolveIndex(index: number, extent: number): number {
  const whole = Math.trunc(index) || 0; // NaN too
  return Math.min(Math.max(whole < 0 ? whole + extent : whole, 0), extent - 1);
}

/** @param indices in 0 … extent − 1, or −1 for an entry of `fill` */
export function takeAlong(x: tf.Tensor, axis: number, indices: ArrayLike<number>, fill = 0): tf.Tensor {
  const { outer, extent, inner } = around(x.shape, axis);
  const values = x.dataSync<'float32'>();
  const out = new Float32Array(outer * indices.length * inner);
  if (fill !== 0) out.fill(fill);
  for (let o = 0, to = 0; o < outer; o++) {
    for (let i = 0; i < indices.length; i++, to += inner) {
      if (indices[i]! >= 0) copyBlock(values, (o * extent + indices[i]!) * inner, out, to, inner);
    }
  }
  return tf.tensor(out, x.shape.with(axis, indices.length), 'float32');
}

export function copyBlock(from: Float32Array, start: number, to: Float32Array, at: number, n: number): void {
  if (n > 16) to.set(from.subarray(start, start + n), at);
  else for (let i = 0; i < n; i++) to[at + i] = from[start + i]!;
}

/** @param axis batch counted */
export function interpolateAlong(
  x: tf.Tensor,
  axis: number,
  { taps, indices, weights }: Pick<Interpolation, 'taps' | 'indices' | 'weights'>,
): tf.Tensor {
  if (taps === 1 && weights.every((weight) => weight === 1)) return takeAlong(x, axis, indices);
  const { outer, extent, inner } = around(x.shape, axis);
  const values = x.dataSync<'float32'>();
  const length = indices.length / taps;
  const out = new Float32Array(outer * length * inner);
  for (let o = 0; o < outer; o++) {
    for (let tap = 0; tap < indices.length; tap++) {
      const weight = weights[tap]!;
      const from = (o * extent + indices[tap]!) * inner;
      const to = (o * length + Math.floor(tap / taps)) * inner;
      if (weight !== 0) for (let i = 0; i < inner; i++) out[to + i]! += weight * values[from + i]!;
    }
  }
  return tf.tensor(out, x.shape.with(axis, length), 'float32');
}
