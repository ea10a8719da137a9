// Ops that only move values.

import * as tf from '@tensorflow/tfjs-core';
import type { PadOp } from '../../../core/ir/ops.ts';
import { interpolateAlong, takeAlong } from './along.ts';
import { aligned, MAX_RANK } from './broadcasting.ts';
import type { Kernel } from './kernel.ts';
import { broadcastTo, copyView, stridesOf } from './strided.ts';

/** Up to here the backend's transpose is quick. */
const QUICK_RANK = 4;

export const identity: Kernel<'identity'> = ({ x }) => x;

export const constant: Kernel<'constant'> = ({ op, parameter }) =>
  tf.reshape(parameter(op.value), [1, ...op.value.shape]);

export const reshape: Kernel<'reshape'> = ({ x, shape }) => tf.reshape(x, [x.shape[0], ...shape]);

export const permute: Kernel<'permute'> = ({ op, x }) =>
  transposed(x, [0, ...op.order.map((axis) => axis + 1)]);

/** @param order batch counted */
export function transposed(x: tf.Tensor, order: readonly number[]): tf.Tensor {
  if (order.every((from, axis) => from === axis)) return x;
  if (x.rank <= QUICK_RANK) return tf.transpose(x, [...order]);
  const strides = stridesOf(x.shape);
  const extents = order.map((axis) => x.shape[axis]!);
  return copyView(x, { offset: 0, extents, strides: order.map((axis) => strides[axis]!) }, extents);
}

export const slice: Kernel<'slice'> = ({ op, x, shape }) => {
  const extents = [x.shape[0], ...shape];
  const starts = [0, ...op.starts];
  const strides = stridesOf(x.shape);
  const offset = starts.reduce((sum, start, axis) => sum + start * strides[axis]!, 0);
  const steps = [1, ...op.steps];
  return copyView(x, { offset, extents, strides: strides.map((s, axis) => s * steps[axis]!) }, extents);
};

export const pad: Kernel<'pad'> = ({ op, x }) => {
  const pads = [[0, 0], ...op.pads] as [number, number][];
  const simple = op.mode === 'constant' && pads.flat().every((extent) => extent >= 0);
  if (simple && x.rank <= MAX_RANK) return tf.pad(x, pads, op.value);
  return pads.reduce((y, [before, after], axis) => {
    if (before === 0 && after === 0) return y;
    return takeAlong(y, axis, paddedIndices(op.mode, x.shape[axis]!, before, after), op.value);
  }, x);
};

/** Where each entry of a padded axis comes from; −1 is the padding value. */
export function paddedIndices(
  mode: PadOp['mode'],
  extent: number,
  before: number,
  after: number,
): Int32Array {
  const period = Math.max(2 * (extent - 1), 1);
  return Int32Array.from({ length: before + extent + after }, (_, i) => {
    const at = i - before;
    if (at >= 0 && at < extent) return at;
    if (mode === 'constant') return -1;
    if (mode === 'edge') return at < 0 ? 0 : extent - 1;
    const phase = ((at % period) + period) % period;
    return phase < extent ? phase : period - phase;
  });
}

export const resize: Kernel<'resize'> = ({ op, x }) =>
  op.along.reduce((y, along) => interpolateAlong(y, along.axis + 1, along), x);

export const expand: Kernel<'expand'> = ({ x, shape }) => {
  const ones = new Array<number>(shape.length + 1 - x.rank).fill(1);
  const [batch, ...sample] = x.shape as [number, ...number[]];
  return broadcastTo(tf.reshape(x, [batch, ...ones, ...sample]), [batch, ...shape]);
};

/** Each axis becomes two: the repetitions, and the entries. */
export const tile: Kernel<'tile'> = ({ op, x, shape }) => {
  const strides = stridesOf(x.shape);
  const repeats = [1, ...op.repeats];
  const view = {
    offset: 0,
    extents: x.shape.flatMap((extent, axis) => [repeats[axis]!, extent]),
    strides: strides.flatMap((stride) => [0, stride]),
  };
  return copyView(x, view, [x.shape[0], ...shape]);
};

export const concat: Kernel<'concat'> = ({ op, inputs }) => tf.concat(aligned(inputs), op.axis + 1);
