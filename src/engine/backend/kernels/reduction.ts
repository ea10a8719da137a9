// Reductions, running sums, and orders along an axis.

import * as tf from '@tensorflow/tfjs-core';
import type { ReduceOp } from '../../../core/ir/ops.ts';
import { around } from './along.ts';
import type { Kernel } from './kernel.ts';
import { transposed } from './moving.ts';

type Reduction = (rows: tf.Tensor) => tf.Tensor;

export const reduce: Kernel<'reduce'> = ({ op, x, shape }) => {
  const axes = op.axes.map((axis) => axis + 1);
  return tf.reshape(REDUCTIONS[op.fn](rowsOver(x, axes)), [x.shape[0], ...shape]);
};

export const globalPool: Kernel<'globalPool'> = ({ op, x, shape }) => {
  const axes = Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
  const fn = op.mode === 'max' ? 'max' : 'mean';
  return tf.reshape(REDUCTIONS[fn](rowsOver(x, axes)), [x.shape[0], ...shape]);
};

/** [kept, reduced]: one row for each value of the result. */
function rowsOver(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return tf.reshape(transposed(x, [...kept, ...axes]), [x.size / count, count]);
}

const REDUCTIONS: Readonly<Record<ReduceOp['fn'], Reduction>> = {
  sum: sumOfRows,
  mean: meanOfRows,
  max: (rows) => tf.max(rows, 1),
  min: (rows) => tf.min(rows, 1),
  product: (rows) => tf.prod(rows, 1),
  logSumExp,
};

/**
 * The backend adds one value after another: 4 % are lost in the sum of four million equal values. Rows are added in
 * short parts, then the parts.
 */
export function sumOfRows(rows: tf.Tensor): tf.Tensor {
  const [count, length] = rows.shape as [number, number];
  const part = partOf(length);
  if (part === length) return tf.sum(rows, 1);
  const parts = length / part;
  return sumOfRows(tf.reshape(tf.sum(tf.reshape(rows, [count * parts, part]), 1), [count, parts]));
}

export function meanOfRows(rows: tf.Tensor): tf.Tensor {
  return tf.div(sumOfRows(rows), rows.shape[1]!);
}

const LONGEST_PART = 64;

/** The largest divisor that is short enough; a length without one is a part by itself. */
function partOf(length: number): number {
  if (length <= LONGEST_PART) return length;
  let part = LONGEST_PART;
  while (part > 1 && length % part !== 0) part--;
  return part > 1 ? part : length;
}

/** The largest value is taken out first, unless it is infinite: ∞ − ∞ would be NaN. */
function logSumExp(rows: tf.Tensor): tf.Tensor {
  const largest = tf.max(rows, 1, true);
  const shift = tf.where(tf.isInf(largest), tf.zerosLike(largest), largest);
  return tf.add(tf.log(sumOfRows(tf.exp(tf.sub(rows, shift)))), tf.reshape(shift, [-1]));
}

export const cumulate: Kernel<'cumulate'> = ({ op, x }) => {
  const { outer, extent, inner } = around(x.shape, op.axis + 1);
  const lines = tf.reshape(x, [outer, extent, inner]);
  return tf.reshape(tf.cumsum(lines, 1, op.exclusive, op.reverse), x.shape);
};

/** NaN counts as the extreme value, as in numpy; the backend would pass it over and takes the first of equals only. */
export const arg: Kernel<'arg'> = ({ op, x, shape }) => {
  const { outer, extent, inner } = around(x.shape, op.axis + 1);
  const values = x.dataSync<'float32'>();
  const sign = op.fn === 'max' ? 1 : -1;
  const out = new Float32Array(outer * inner);
  for (let line = 0; line < out.length; line++) {
    const start = Math.floor(line / inner) * extent * inner + (line % inner);
    let best = 0;
    let extreme = sign * values[start]!;
    for (let i = 1; i < extent && !Number.isNaN(extreme); i++) {
      const value = sign * values[start + i * inner]!;
      if (value > extreme || Number.isNaN(value) || (op.last && value === extreme))
        [best, extreme] = [i, value];
    }
    out[line] = best;
  }
  return tf.tensor(out, [x.shape[0], ...shape], 'float32');
};

/** On the CPU: the backend promises no order of equals. NaN counts as the largest, as in PyTorch. */
export const topK: Kernel<'topK'> = ({ op, x, shape }) => {
  const values = x.dataSync<'float32'>();
  const extent = x.shape.at(-1)!;
  const rows = values.length / extent;
  const out = new Float32Array(rows * op.k);
  for (let row = 0; row < rows; row++) {
    const line = values.subarray(row * extent, (row + 1) * extent);
    for (const [rank, index] of firstOf(line, op.k, op.largest ? isLarger : isSmaller).entries())
      out[row * op.k + rank] = op.output === 'indices' ? index : line[index]!;
  }
  return tf.tensor(out, [x.shape[0], ...shape], 'float32');
};

const isLarger = (a: number, b: number): boolean => a > b || (Number.isNaN(a) && !Number.isNaN(b));
const isSmaller = (a: number, b: number): boolean => isLarger(b, a);

/** Indices of the k values that come first, in order: each value is put in its place among the best so far. */
function firstOf(line: Float32Array, k: number, comesBefore: (a: number, b: number) => boolean): number[] {
  const best: number[] = [];
  for (let i = 0; i < line.length; i++) {
    if (best.length === k && !(k > 0 && comesBefore(line[i]!, line[best[k - 1]!]!))) continue;
    let place = best.length < k ? best.length : k - 1;
    for (; place > 0 && comesBefore(line[i]!, line[best[place - 1]!]!); place--)
      best[place] = best[place - 1]!;
    best[place] = i;
  }
  return best;
}
