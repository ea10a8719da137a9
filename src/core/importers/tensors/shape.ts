// Reshaping and renaming axes. Transposing, squeezing and unsqueezing only renumber axes; no node is emitted.

import { elements, type Shape } from '../../ir/graph.ts';
import { inLogicalOrder } from './arrange.ts';
import { rearranged, transposed } from './constants.ts';
import { impossible } from './errors.ts';
import { checkExtents, emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Tensor } from './tensor.ts';

/** @param shape resolved: no −1, no 0 that stands for an old extent */
export function reshape(g: TensorGraph, x: Tensor, shape: Shape): Tensor {
  if (elements(shape) !== elements(x.shape))
    throw impossible(g, ['[{0}] cannot be reshaped to [{1}].', x.shape.join(), shape.join()]);
  if (x.kind === 'constant') return rearranged(x, shape);
  checkExtents(g, shape);
  return renumbered(x, shape) ?? flattened(g, inLogicalOrder(g, x), shape);
}

/** Only axes of extent 1 come or go: the node stays. */
function renumbered(x: Computed, shape: Shape): Computed | undefined {
  const longFrom = longAxes(x.shape);
  const longTo = longAxes(shape);
  const same =
    longFrom.length === longTo.length && longFrom.every((axis, at) => x.shape[axis] === shape[longTo[at]!]);
  if (!same || x.axes.some((axis) => x.shape[axis] === 1)) return undefined;
  return { ...x, shape, axes: x.axes.map((axis) => longTo[longFrom.indexOf(axis)]!) };
}

const longAxes = (shape: Shape): readonly number[] =>
  shape.map((_, axis) => axis).filter((axis) => shape[axis]! > 1);

function flattened(g: TensorGraph, x: Computed, shape: Shape): Computed {
  const all = shape.map((_, axis) => axis);
  const axes = shape[0] === 1 ? all.slice(1) : all;
  const own = axes.map((axis) => shape[axis]!);
  if (own.join() === x.axes.map((axis) => x.shape[axis]!).join()) return { ...x, shape, axes };
  return emit(g, { kind: 'reshape' }, [x], { shape, axes, type: x.type });
}

/** Axis i of the result is axis order[i] of x. */
export function transpose(g: TensorGraph, x: Tensor, order: readonly number[]): Tensor {
  if (order.length !== x.shape.length || new Set(order).size !== order.length || order.some(notAxisOf(x)))
    throw impossible(g, ['axes [{0}] cannot be ordered by [{1}].', x.shape.join(), order.join()]);
  if (x.kind === 'constant') return transposed(x, order);
  const shape = order.map((axis) => x.shape[axis]!);
  return { ...x, shape, axes: x.axes.map((axis) => order.indexOf(axis)) };
}

/** The last two axes change places. */
export function swapLast(g: TensorGraph, x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(g, x, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]);
}

const notAxisOf =
  (x: Tensor) =>
  (axis: number): boolean =>
    !Number.isInteger(axis) || axis < 0 || axis >= x.shape.length;

/** @param axes of x; all have extent 1 */
export function squeeze(g: TensorGraph, x: Tensor, axes: readonly number[]): Tensor {
  if (axes.some((axis) => x.shape[axis] !== 1))
    throw impossible(g, ['axes {0} of [{1}] cannot be squeezed.', axes.join(), x.shape.join()]);
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const shape = kept.map((axis) => x.shape[axis]!);
  if (x.kind === 'constant') return rearranged(x, shape);
  const left = x.axes.filter((axis) => !axes.includes(axis));
  const own = left.length === x.axes.length ? x : dropAxes(g, x, left);
  return { ...own, shape, axes: left.map((axis) => kept.indexOf(axis)) };
}

const dropAxes = (g: TensorGraph, x: Computed, axes: readonly number[]): Computed =>
  emit(g, { kind: 'reshape' }, [x], { ...x, axes });

/** @param axes of the result, where new axes of extent 1 come in */
export function unsqueeze(g: TensorGraph, x: Tensor, axes: readonly number[]): Tensor {
  const rank = x.shape.length + axes.length;
  if (new Set(axes).size !== axes.length || axes.some((axis) => axis < 0 || axis >= rank))
    throw impossible(g, ['axes {0} cannot be added to [{1}].', axes.join(), x.shape.join()]);
  const kept = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
  const shape = new Array<number>(rank).fill(1);
  for (const [old, axis] of kept.entries()) shape[axis] = x.shape[old]!;
  if (x.kind === 'constant') return rearranged(x, shape);
  return { ...x, shape, axes: x.axes.map((axis) => kept[axis]!) };
}
