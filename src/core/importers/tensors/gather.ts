// Values taken by index.

import { elements, type Shape } from '../../ir/graph.ts';
import { arrange, asComputed, constantNode } from './arrange.ts';
import { constant, rearranged, stridesOf, transposed } from './constants.ts';
import { impossible } from './errors.ts';
import { expand, sized, sliceAxis } from './moving.ts';
import { pick } from './picks.ts';
import { emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, Tensor } from './tensor.ts';

/**
 * Entries of an axis; the shape of the indices takes its place. Rows of a parameter by computed indices are an embedding.
 * @param indices constant ones may be negative and count from the end
 */
export function gather(g: TensorGraph, x: Tensor, indices: Tensor, axis: number): Tensor {
  if (axis >= x.shape.length)
    throw impossible(g, ['a tensor of {0} axes has no axis {1}.', x.shape.length, axis]);
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  if (indices.kind === 'constant') {
    const list = checked(g, indices, x.shape[axis]!);
    if (x.kind === 'computed') return gatherListed(g, x, { list, shape: indices.shape }, axis, shape);
    return sized(g, shape, () =>
      rearranged(
        pick(
          x,
          x.shape.map((_, at) => (at === axis ? list : undefined)),
        ),
        shape,
      ),
    );
  }
  const rank = indices.shape.length;
  const kept = (a: number): number => (a < axis ? a : a + rank - 1);
  const taken = indices.axes.map((a) => axis + a);
  if (x.kind === 'constant' && x.type === 'float') {
    const others = x.shape.map((_, a) => a).filter((a) => a !== axis);
    const kernel = transposed(x, [axis, ...others]).weight;
    return emit(g, { kind: 'embedding', kernel }, [indices], {
      shape,
      axes: [...taken, ...others.map(kept)],
    });
  }
  const table = x.kind === 'constant' ? asComputed(g, x) : x;
  const at = table.axes.indexOf(axis);
  if (at < 0) return repeatOnly(g, table, axis, rank, shape);
  const axes = table.axes.flatMap((a) => (a === axis ? taken : [kept(a)]));
  return emit(g, { kind: 'gather', axis: at }, [table, indices], { shape, axes, type: x.type });
}

/** By a known list: a slice where it is one. */
function gatherListed(
  g: TensorGraph,
  x: Computed,
  indices: { readonly list: readonly number[]; readonly shape: Shape },
  axis: number,
  shape: Shape,
): Tensor {
  const rank = indices.shape.length;
  const [start = 0, second = start + 1] = indices.list;
  const step = second - start;
  if (rank === 1 && step !== 0 && indices.list.every((index, i) => index === start + i * step))
    return sliceAxis(g, x, axis, { start, size: indices.list.length, step });
  const at = x.axes.indexOf(axis);
  if (at < 0) return repeatOnly(g, x, axis, rank, shape);
  const own = indices.shape.map((_, a) => axis + a);
  const axes = x.axes.flatMap((a) => (a === axis ? own : [a < axis ? a : a + rank - 1]));
  return emit(g, { kind: 'gather', axis: at, indices: indices.list }, [x], { ...x, shape, axes });
}

/** An axis of extent 1 has one entry, whatever the indices are. */
function repeatOnly(g: TensorGraph, x: Computed, axis: number, rank: number, shape: Shape): Tensor {
  const unit = new Array<number>(rank).fill(1);
  const seen = [...x.shape.slice(0, axis), ...unit, ...x.shape.slice(axis + 1)];
  const axes = x.axes.map((a) => (a < axis ? a : a + rank - 1));
  return expand(g, { ...x, shape: seen, axes }, shape);
}

/** out[i][j] = x[i][index[i][j]] along an axis; along the others the indices may cover less than x does. */
export function gatherElements(g: TensorGraph, x: Tensor, indices: Tensor, axis: number): Tensor {
  const { shape } = indices;
  const fits =
    shape.length === x.shape.length && shape.every((extent, a) => a === axis || extent <= x.shape[a]!);
  if (!fits || axis >= shape.length)
    throw impossible(g, ['indices of [{0}] do not fit a tensor of [{1}].', shape.join(), x.shape.join()]);
  if (indices.kind === 'constant') {
    const list = checked(g, indices, x.shape[axis]!);
    if (x.kind === 'constant') return rearranged(x, shape, () => sources(x.shape, shape, list, axis));
    return pickElements(g, x, constant(indices.weight.name, shape, 'int', list), axis);
  }
  return pickElements(g, x, indices, axis);
}

function pickElements(g: TensorGraph, x: Tensor, indices: Tensor, axis: number): Tensor {
  const { shape } = indices;
  const covered = shape.reduce<Tensor>(
    (part, size, a) => (a === axis ? part : sliceAxis(g, part, a, { start: 0, size })),
    x,
  );
  const own = [covered, indices].flatMap((tensor) => (tensor.kind === 'computed' ? tensor.axes : []));
  const long = shape.map((_, a) => a).filter((a) => a === axis || shape[a]! > 1);
  const axes = [...new Set([...own, ...long])];
  const place = (tensor: Tensor): Computed =>
    tensor.kind === 'constant' ? constantNode(g, tensor, axes) : arrange(g, tensor, axes);
  const op = { kind: 'gatherElements', axis: axes.indexOf(axis) } as const;
  return emit(g, op, [place(covered), place(indices)], { shape, axes, type: x.type });
}

function sources(from: Shape, to: Shape, list: readonly number[], axis: number): Int32Array {
  const [own, strides] = [stridesOf(to), stridesOf(from)];
  return Int32Array.from({ length: elements(to) }, (_, i) =>
    to.reduce((place, extent, a) => {
      const position = a === axis ? list[i]! : Math.floor(i / own[a]!) % extent;
      return place + position * strides[a]!;
    }, 0),
  );
}

/** @throws `bad-file` for an index outside */
function checked(g: TensorGraph, indices: Constant, extent: number): readonly number[] {
  return indices.numbers().map((index) => {
    if (!Number.isInteger(index) || index < -extent || index >= extent)
      throw impossible(g, ['index {0} is not in an axis of {1}.', index, extent]);
    return index < 0 ? index + extent : index;
  });
}
