// Brings tensors into the arrangement of axes that an op needs. Nodes are emitted only when values really change places.

import { rearranged, transposed } from './constants.ts';
import { emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, Tensor } from './tensor.ts';

/**
 * @param axes the logical axes that the node's axes shall be, in order. Axes the node lacks come in with extent 1; axes of
 * extent 1 that are not wanted go.
 */
export function arrange(g: TensorGraph, x: Computed, axes: readonly number[]): Computed {
  if (sameAxes(x.axes, axes)) return x;
  const key = `${x.node} ${axes.map((axis) => x.axes.indexOf(axis)).join()}`;
  const known = g.arranged.get(key);
  if (known !== undefined) return { ...x, node: known, axes };
  const made = move(g, x, axes);
  g.arranged.set(key, made.node);
  return made;
}

function move(g: TensorGraph, x: Computed, axes: readonly number[]): Computed {
  const wanted = axes.filter((axis) => x.axes.includes(axis));
  const order = [...x.axes.filter((axis) => !axes.includes(axis)), ...wanted];
  const ordered = inOrder(x, wanted) ? x : permute(g, x, order);
  if (sameAxes(ordered.axes, axes)) return ordered;
  return emit(g, { kind: 'reshape' }, [ordered], { ...x, axes });
}

const permute = (g: TensorGraph, x: Computed, axes: readonly number[]): Computed =>
  emit(g, { kind: 'permute', order: axes.map((axis) => x.axes.indexOf(axis)) }, [x], { ...x, axes });

/** Do the axes that hold more than one value already stand in this order? */
function inOrder(x: Computed, axes: readonly number[]): boolean {
  const long = (list: readonly number[]): readonly number[] => list.filter((axis) => x.shape[axis]! > 1);
  return sameAxes(long(x.axes), long(axes));
}

export const sameAxes = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((axis, at) => axis === b[at]);

/** The axes that the node has in the framework's order. */
export const inLogicalOrder = (g: TensorGraph, x: Computed): Computed =>
  arrange(
    g,
    x,
    [...x.axes].sort((a, b) => a - b),
  );

/** A constant as an operand by itself, its node's axes as given. */
export function constantNode(g: TensorGraph, x: Constant, axes: readonly number[]): Computed {
  const unit = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const moved = transposed(x, [...unit, ...axes]);
  const shape = axes.map((axis) => x.shape[axis]!);
  const { weight } = shape.length === moved.shape.length ? moved : rearranged(moved, shape);
  return emit(g, { kind: 'constant', value: weight }, [], { shape: x.shape, axes, type: x.type });
}

/** The tensor as a node; a constant becomes one with all its axes but a leading one of extent 1. */
export function asComputed(g: TensorGraph, x: Tensor): Computed {
  if (x.kind === 'computed') return x;
  const axes = x.shape.map((_, axis) => axis);
  return constantNode(g, x, x.shape[0] === 1 ? axes.slice(1) : axes);
}
