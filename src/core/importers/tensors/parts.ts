// Tensors cut along an axis, piled up along a new one, turned round.

import { concat } from './concat.ts';
import { slice, sliceAxis } from './moving.ts';
import { squeeze, unsqueeze } from './shape.ts';
import type { TensorGraph } from './tensorGraph.ts';
import type { Tensor } from './tensor.ts';

/** Parts of these sizes, one after the other. */
export function split(g: TensorGraph, x: Tensor, axis: number, sizes: readonly number[]): readonly Tensor[] {
  let start = 0;
  return sizes.map((size) => {
    const part = sliceAxis(g, x, axis, { start, size });
    start += size;
    return part;
  });
}

/** @param axis of the result */
export const stack = (g: TensorGraph, operands: readonly Tensor[], axis: number): Tensor =>
  concat(
    g,
    operands.map((x) => unsqueeze(g, x, [axis])),
    axis,
  );

/** The entries of an axis, without it. */
export const unstack = (g: TensorGraph, x: Tensor, axis: number): readonly Tensor[] =>
  Array.from({ length: x.shape[axis]! }, (_, at) => entry(g, x, axis, at));

/** One entry of an axis, without it. */
export const entry = (g: TensorGraph, x: Tensor, axis: number, at: number): Tensor =>
  squeeze(g, sliceAxis(g, x, axis, { start: at, size: 1 }), [axis]);

/** The other way round along these axes. */
export const reverse = (g: TensorGraph, x: Tensor, axes: readonly number[]): Tensor =>
  slice(g, x, {
    starts: x.shape.map((extent, axis) => (axes.includes(axis) ? extent - 1 : 0)),
    sizes: x.shape,
    steps: x.shape.map((_, axis) => (axes.includes(axis) ? -1 : 1)),
  });

/**
 * Padding with the mirror image, the value at the edge repeated (numpy's `symmetric`).
 * @param pads one pair per axis
 */
export const padSymmetric = (
  g: TensorGraph,
  x: Tensor,
  pads: readonly (readonly [number, number])[],
): Tensor =>
  pads.reduce<Tensor>((y, [before, after], axis) => {
    const turned = (start: number, size: number): readonly Tensor[] =>
      size > 0 ? [sliceAxis(g, y, axis, { start, size, step: -1 })] : [];
    return concat(g, [...turned(before - 1, before), y, ...turned(y.shape[axis]! - 1, after)], axis);
  }, x);
