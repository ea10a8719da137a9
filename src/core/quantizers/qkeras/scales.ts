// Scales that QKeras sets from the tensor itself: one per channel, from its largest value or by least squares.
// Reference: qkeras/quantizers.py (_get_scaling_axis, _get_least_squares_scale), Rastegari et al. arXiv 1603.05279.

import type { Shape } from '../../ir/graph.ts';
import { roundHalfEven } from '../grid.ts';

/** Keras' backend.epsilon(). */
export const EPSILON = Math.fround(1e-7);

/** Which scale each element has. */
export interface Sharing {
  readonly count: number;
  of(element: number): number;
}

/** One scale for all. */
export const SHARED: Sharing = { count: 1, of: () => 0 };

/** A scale for each element. */
export const each = (count: number): Sharing => ({ count, of: (element) => element });

/** A scale for each entry of an axis; the last where none is named. */
export function perChannel(shape: Shape, axis: number | undefined): Sharing {
  const at = axis === undefined ? shape.length - 1 : axis < 0 ? axis + shape.length : axis;
  const count = shape[at] ?? 1;
  const inner = shape.slice(at + 1).reduce((product, extent) => product * extent, 1);
  return { count, of: (element) => Math.floor(element / inner) % count };
}

/** Largest value of f over each channel. */
export function largest(values: Float32Array, sharing: Sharing, f: (x: number) => number): Float32Array {
  const found = new Float32Array(sharing.count).fill(-Infinity);
  values.forEach((x, element) => {
    const channel = sharing.of(element);
    found[channel] = Math.max(found[channel]!, f(x));
  });
  return found;
}

/** s = mean(x · q) / (mean(q · q) + ε): the scale that brings s · q closest to x. */
export function leastSquares(x: Float32Array, q: Float32Array, sharing: Sharing): Float32Array {
  const xq = new Float64Array(sharing.count);
  const qq = new Float64Array(sharing.count);
  x.forEach((value, element) => {
    const channel = sharing.of(element);
    xq[channel]! += Math.fround(value * q[element]!);
    qq[channel]! += Math.fround(q[element]! * q[element]!);
  });
  const length = x.length / sharing.count;
  return Float32Array.from(
    xq,
    (sum, channel) => Math.fround(sum / length) / Math.fround(Math.fround(qq[channel]! / length) + EPSILON),
  );
}

/** log2 in float32. QKeras divides two natural logarithms, whose last bit depends on the machine. */
export const log2 = (x: number): number => Math.fround(Math.log2(x));

/** The nearest power of two of x + ε, its exponent within bounds. */
export function nearestPowerOfTwo(x: number, lowest = -Infinity, highest = Infinity): number {
  const exponent = roundHalfEven(log2(Math.fround(x + EPSILON)));
  return 2 ** Math.min(Math.max(exponent, lowest), highest);
}

/** −1 or +1; 0 counts as positive. */
export const signOf = (x: number): number => (x < 0 ? -1 : 1);

/** Values times the factor of their channel. */
export function scaled(values: Float32Array, factors: ArrayLike<number>, sharing: Sharing): Float32Array {
  return values.map((value, element) => value * factors[sharing.of(element)]!);
}

/** Sharing of fixed factors: one for all, or one per entry of the last axis. */
export const fixedSharing = (factors: readonly number[]): Sharing => ({
  count: factors.length,
  of: (element) => element % factors.length,
});
