// Sums, extremes, sorting and running sums along axes.

import type { ArgOp, ReduceOp } from '../../ir/ops.ts';
import { arrange } from './arrange.ts';
import { constant, rearranged } from './constants.ts';
import { map, merge } from './elementwise.ts';
import { impossible } from './errors.ts';
import { foldAlong, foldAway } from './rows.ts';
import { emit, type TensorGraph } from './tensorGraph.ts';
import { squeeze } from './shape.ts';
import type { Computed, Constant, ElementType, Tensor } from './tensor.ts';

export type Reduction = ReduceOp['fn'] | 'l1' | 'l2' | 'sumSquares' | 'logSum';

/** @param axes none: nothing is reduced */
export function reduce(
  g: TensorGraph,
  fn: Reduction,
  x: Tensor,
  axes: readonly number[],
  keepDims: boolean,
): Tensor {
  checkAxes(g, x, axes);
  switch (fn) {
    case 'l1':
      return reduce(g, 'sum', map(g, 'abs', x), axes, keepDims);
    case 'l2':
      return map(g, 'sqrt', reduce(g, 'sumSquares', x, axes, keepDims));
    case 'sumSquares':
      return reduce(g, 'sum', merge(g, 'multiply', [x, x]), axes, keepDims);
    case 'logSum':
      return map(g, 'log', reduce(g, 'sum', x, axes, keepDims));
    default: {
      const kept = x.kind === 'constant' ? reduceConstant(fn, x, axes) : reduceComputed(g, fn, x, axes);
      return keepDims ? kept : squeeze(g, kept, axes);
    }
  }
}

const FOLDS: Readonly<Record<ReduceOp['fn'], (row: readonly number[]) => number>> = {
  sum,
  mean: (row) => sum(row) / row.length,
  max: (row) => row.reduce((a, b) => Math.max(a, b), -Infinity),
  min: (row) => row.reduce((a, b) => Math.min(a, b), Infinity),
  product: (row) => row.reduce((a, b) => a * b, 1),
  logSumExp(row) {
    const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
    return top + Math.log(sum(row.map((value) => Math.exp(value - top))));
  },
};

function sum(row: readonly number[]): number {
  return row.reduce((a, b) => a + b, 0);
}

/** Extremes keep the element type, whatever else counts makes booleans integers. */
const reducedType = (fn: ReduceOp['fn'], type: ElementType): ElementType =>
  type === 'bool' && fn !== 'max' && fn !== 'min' ? 'int' : type;

function reduceConstant(fn: ReduceOp['fn'], x: Constant, axes: readonly number[]): Constant {
  const type = reducedType(fn, x.type);
  const truncates = fn === 'mean' && type === 'int';
  return foldAway(x, axes, type, (row) => (truncates ? Math.trunc(FOLDS[fn](row)) : FOLDS[fn](row)));
}

/** The axes stay with extent 1, in the tensor but not in its node. */
function reduceComputed(g: TensorGraph, fn: ReduceOp['fn'], x: Computed, axes: readonly number[]): Tensor {
  const type = reducedType(fn, x.type);
  const own = x.axes.flatMap((axis, at) => (axes.includes(axis) ? [at] : []));
  const shape = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  if (own.length === 0) return { ...x, type };
  const left = x.axes.filter((axis) => !axes.includes(axis));
  const reduced = emit(g, reduceOp(fn, own, x.axes.length), [x], { shape, axes: left, type });
  return fn === 'mean' && type === 'int' ? map(g, 'truncate', reduced) : reduced;
}

/** What frameworks call global pooling: everything but the channels of a sequence or an image. */
function reduceOp(fn: ReduceOp['fn'], axes: readonly number[], rank: number) {
  const spatial = axes.length === rank - 1 && axes.every((axis, at) => axis === at) && rank <= 3;
  if (spatial && (fn === 'mean' || fn === 'max'))
    return { kind: 'globalPool', mode: fn === 'max' ? 'max' : 'average' } as const;
  return { kind: 'reduce', fn, axes } as const;
}

/** Index of the extreme value; the first of equals, or the last. */
export function arg(
  g: TensorGraph,
  fn: ArgOp['fn'],
  x: Tensor,
  axis: number,
  { keepDims, last }: { readonly keepDims: boolean; readonly last: boolean },
): Tensor {
  checkAxes(g, x, [axis]);
  const shape = x.shape.with(axis, 1);
  const kept = (): Tensor => {
    if (x.kind === 'constant') return foldAway(x, [axis], 'int', (row) => extremeAt(row, fn, last));
    const at = x.axes.indexOf(axis);
    if (at < 0) return filled(shape, 'int');
    const axes = x.axes.filter((other) => other !== axis);
    return emit(g, { kind: 'arg', fn, axis: at, last }, [x], { shape, axes, type: 'int' });
  };
  return keepDims ? kept() : squeeze(g, kept(), [axis]);
}

function extremeAt(row: readonly number[], fn: 'max' | 'min', last: boolean): number {
  const better = (a: number, b: number): boolean => (fn === 'max' ? a > b : a < b);
  return row.reduce((best, value, i) => {
    const held = row[best]!;
    return better(value, held) || (last && value === held) ? i : best;
  }, 0);
}

export interface TopK {
  readonly k: number;
  readonly axis: number;
  readonly largest: boolean;
}

/** The k largest or smallest, in order; of equals the lower index comes first. */
export function topK(
  g: TensorGraph,
  x: Tensor,
  { k, axis, largest }: TopK,
): { readonly values: Tensor; readonly indices: Tensor } {
  checkAxes(g, x, [axis]);
  if (!Number.isInteger(k) || k < 0 || k > x.shape[axis]!)
    throw impossible(g, ['the first {0} of {1} values.', k, x.shape[axis]!]);
  const shape = x.shape.with(axis, k);
  if (x.kind === 'constant') {
    const order = (row: readonly number[]): readonly number[] =>
      row
        .map((_, i) => i)
        .sort((a, b) => (largest ? row[b]! - row[a]! : row[a]! - row[b]!) || a - b)
        .slice(0, k);
    return {
      values: foldAlong(x, axis, k, x.type, (row) => order(row).map((i) => row[i]!)),
      indices: foldAlong(x, axis, k, 'int', order),
    };
  }
  if (!x.axes.includes(axis)) return { values: x, indices: filled(shape, 'int') };
  const at = arrange(g, x, lastOf(x, axis));
  const take = (output: 'values' | 'indices', type: ElementType): Computed =>
    emit(g, { kind: 'topK', k, largest, output }, [at], { shape, axes: at.axes, type });
  return { values: take('values', x.type), indices: take('indices', 'int') };
}

/** Running sum. */
export function cumulate(
  g: TensorGraph,
  x: Tensor,
  axis: number,
  { exclusive, reverse }: { readonly exclusive: boolean; readonly reverse: boolean },
): Tensor {
  checkAxes(g, x, [axis]);
  const type = x.type === 'bool' ? 'int' : x.type;
  if (x.kind === 'constant')
    return foldAlong(x, axis, x.shape[axis]!, type, (row) => runningSum(row, exclusive, reverse));
  const at = x.axes.indexOf(axis);
  if (at < 0) return exclusive ? filled(x.shape, type) : { ...x, type };
  return emit(g, { kind: 'cumulate', axis: at, exclusive, reverse }, [x], { ...x, type });
}

function runningSum(row: readonly number[], exclusive: boolean, reverse: boolean): readonly number[] {
  let total = 0;
  const sums = (reverse ? row.toReversed() : row).map((value) => {
    const before = total;
    total += value;
    return exclusive ? before : total;
  });
  return reverse ? sums.toReversed() : sums;
}

/** The node's axes with one of the logical axes at the end. */
export const lastOf = (x: Computed, axis: number): readonly number[] => [
  ...x.axes.filter((other) => other !== axis),
  axis,
];

/** Zeros: what is known about an axis of extent 1 without looking. */
const filled = (shape: readonly number[], type: ElementType): Constant =>
  rearranged(constant('0', [1], type, [0]), shape, () => new Int32Array(shape.reduce((a, b) => a * b, 1)));

export function checkAxes(g: TensorGraph, x: Tensor, axes: readonly number[]): void {
  const rank = x.shape.length;
  if (
    new Set(axes).size !== axes.length ||
    axes.some((axis) => !Number.isInteger(axis) || axis < 0 || axis >= rank)
  )
    throw impossible(g, ['axes {0} of a tensor with {1}.', axes.join(), rank]);
}
