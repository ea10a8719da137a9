// Operands of different shapes in one element-wise op (numpy's rules).

import type { Shape } from '../../ir/graph.ts';
import { arrange, constantNode } from './arrange.ts';
import { rearranged } from './constants.ts';
import { impossible } from './errors.ts';
import { checkExtents, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, Tensor } from './tensor.ts';

export interface Aligned {
  readonly shape: Shape;
  readonly axes: readonly number[];
  /** Nodes whose axes align at the end. */
  readonly operands: readonly Computed[];
}

/** @throws `bad-file` when the shapes do not go together */
export function broadcastShape(g: TensorGraph, shapes: readonly Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    const extents = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1);
    const long = extents.filter((extent) => extent !== 1);
    if (new Set(long).size > 1)
      throw impossible(g, [
        'shapes {0} do not go together.',
        shapes.map((shape) => `[${shape.join()}]`).join(' '),
      ]);
    return long[0] ?? 1;
  });
}

/** At least one operand is computed. The first one with the most axes keeps its arrangement. */
export function align(g: TensorGraph, tensors: readonly Tensor[]): Aligned {
  const shape = broadcastShape(
    g,
    tensors.map((tensor) => tensor.shape),
  );
  checkExtents(g, shape);
  const all = tensors.map((tensor) => withRank(tensor, shape.length));
  const computed = all.filter((tensor) => tensor.kind === 'computed');
  const lead = computed.reduce((a, b) => (b.axes.length > a.axes.length ? b : a));
  const missing = shape
    .map((_, axis) => axis)
    .filter((axis) => !lead.axes.includes(axis) && all.some((tensor) => tensor.shape[axis]! > 1));
  const axes = [...missing, ...lead.axes];
  return { shape, axes, operands: all.map((tensor) => place(g, tensor, axes)) };
}

/** The same tensor seen with more axes in front. */
export function withRank<T extends Tensor>(tensor: T, rank: number): T {
  const extra = rank - tensor.shape.length;
  if (extra === 0) return tensor;
  const shape = [...new Array<number>(extra).fill(1), ...tensor.shape];
  if (tensor.kind === 'constant') return rearranged(tensor, shape) as Constant & T;
  return { ...tensor, shape, axes: tensor.axes.map((axis) => axis + extra) };
}

/** As a node with the last of these axes: from the first one along which the tensor extends. */
function place(g: TensorGraph, tensor: Tensor, axes: readonly number[]): Computed {
  const first = axes.findIndex((axis) => tensor.shape[axis]! > 1);
  const own = first < 0 ? [] : axes.slice(first);
  if (tensor.kind === 'constant') return constantNode(g, tensor, own);
  const atEnd = axes.slice(axes.length - tensor.axes.length);
  return tensor.axes.length <= axes.length && tensor.axes.every((axis, at) => axis === atEnd[at])
    ? tensor
    : arrange(g, tensor, own);
}
