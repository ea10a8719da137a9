// Views of a tensor by strides, copied on the CPU: what the backend cannot do or does slowly. Its own slice above
// rank 4, transpose above rank 4, tile and strided slice take up to a thousand times as long (measured, tfjs 4.22).

import * as tf from '@tensorflow/tfjs-core';
import { BitLensError } from '../../../core/errors.ts';

/** Row-major strides of a shape, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

export interface View {
  /** Element of the tensor that comes first. */
  readonly offset: number;
  readonly extents: readonly number[];
  /** Distance of neighbours along each axis; 0 repeats, negative goes back. */
  readonly strides: readonly number[];
}

/** A tensor of `shape` with the elements of the view in order. */
export function copyView(x: tf.Tensor, view: View, shape: readonly number[]): tf.Tensor {
  return tf.tensor(copyStrided(x.dataSync<'float32'>(), view), [...shape], 'float32');
}

/** Broadcasts a tensor to a shape of the same rank. */
export function broadcastTo(x: tf.Tensor, shape: readonly number[]): tf.Tensor {
  if (x.shape.every((extent, axis) => extent === shape[axis])) return x;
  const strides = stridesOf(x.shape).map((stride, axis) => (x.shape[axis] === shape[axis] ? stride : 0));
  return copyView(x, { offset: 0, extents: shape, strides }, shape);
}

export function copyStrided(source: Float32Array, view: View): Float32Array {
  const { extents, strides } = merged(view);
  const out = new Float32Array(extents.reduce((product, extent) => product * extent, 1));
  if (out.length === 0) return out;
  checkBounds(source, view.offset, extents, strides);
  const inner = extents.at(-1)!;
  const step = strides.at(-1)!;
  const position = new Array<number>(extents.length - 1).fill(0);
  let from = view.offset;
  for (let to = 0; to < out.length; to += inner) {
    copyRow(source, from, step, out, to, inner);
    for (let axis = position.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++position[axis]! < extents[axis]!) break;
      from -= extents[axis]! * strides[axis]!;
      position[axis] = 0;
    }
  }
  return out;
}

const SHORT = 16;

function copyRow(
  source: Float32Array,
  from: number,
  step: number,
  out: Float32Array,
  to: number,
  n: number,
): void {
  if (step === 1 && n > SHORT) out.set(source.subarray(from, from + n), to);
  else if (step === 0) out.fill(source[from]!, to, to + n);
  else for (let i = 0; i < n; i++) out[to + i] = source[from + i * step]!;
}

/** The same view with as few axes as possible, at least one. */
function merged(view: View): { extents: number[]; strides: number[] } {
  const [extents, strides]: [number[], number[]] = [[], []];
  for (const [axis, extent] of view.extents.entries()) {
    if (extent === 1) continue;
    const stride = view.strides[axis]!;
    if (extents.length > 0 && strides.at(-1) === stride * extent) {
      extents.push(extents.pop()! * extent);
      strides.pop();
    } else extents.push(extent);
    strides.push(stride);
  }
  return extents.length > 0 ? { extents, strides } : { extents: [1], strides: [1] };
}

function checkBounds(
  source: Float32Array,
  offset: number,
  extents: readonly number[],
  strides: readonly number[],
): void {
  const reach = extents.map((extent, axis) => (extent - 1) * strides[axis]!);
  const lowest = offset + reach.reduce((sum, way) => sum + Math.min(way, 0), 0);
  const highest = offset + reach.reduce((sum, way) => sum + Math.max(way, 0), 0);
  if (lowest >= 0 && highest < source.length) return;
  throw new BitLensError('internal', [
    'A view of the elements {0} to {1} leaves a tensor of {2} elements.',
    lowest,
    highest,
    source.length,
  ]);
}
