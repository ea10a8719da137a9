// Constant folding of what works along axes: reductions, softmax, sorting, running sums.

import { elements } from '../../ir/graph.ts';
import { constant, rearranged, transposed } from './constants.ts';
import type { Constant, ElementType } from './tensor.ts';

/** A constant with other values and maybe another extent along one axis. */
export function foldAlong(
  x: Constant,
  axis: number,
  extent: number,
  type: ElementType,
  compute: (row: readonly number[]) => readonly number[],
): Constant {
  const last = x.shape.length - 1;
  const there = x.shape.map((_, at) => at).filter((at) => at !== axis);
  const kept = there.map((at) => x.shape[at]!);
  const rows = constant(x.weight.name, [...kept, extent], type, () =>
    rowsOf(x, [axis]).flatMap((row) => compute(row)),
  );
  const back = x.shape.map((_, at) => (at === axis ? last : at < axis ? at : at - 1));
  return transposed(rows, back);
}

/** A constant with one value for all values along some axes, which stay with extent 1. */
export function foldAway(
  x: Constant,
  axes: readonly number[],
  type: ElementType,
  compute: (row: readonly number[]) => number,
): Constant {
  const kept = x.shape.filter((_, axis) => !axes.includes(axis));
  const reduced = constant(x.weight.name, kept, type, () => rowsOf(x, axes).map((row) => compute(row)));
  return rearranged(
    reduced,
    x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent)),
  );
}

/** The values along some axes, one list for each position of the other axes, row-major. */
function rowsOf(x: Constant, axes: readonly number[]): readonly (readonly number[])[] {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const values = transposed(x, [...kept, ...axes]).numbers();
  const width = elements(axes.map((axis) => x.shape[axis]!));
  const count = elements(kept.map((axis) => x.shape[axis]!));
  return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width));
}
