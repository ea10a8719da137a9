// Values taken from, or put to, places given by index. Places to put values to must be known: then the result is a
// selection from the old values and the new ones.

import { elements, type Shape } from '../../../ir/graph.ts';
import { concat } from '../../tensors/concat.ts';
import { constant, scalar, stridesOf } from '../../tensors/constants.ts';
import { cast, merge, where } from '../../tensors/elementwise.ts';
import { gather, gatherElements } from '../../tensors/gather.ts';
import { reduce } from '../../tensors/reduction.ts';
import { reshape, unsqueeze } from '../../tensors/shape.ts';
import { slice } from '../../tensors/moving.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { axisOf, broken, constantOperand, operand, refuse } from '../refuse.ts';

const gatherRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  return [gather(g, x, operand(node, 1), axisOf(node, node.int('axis', 0), x.shape.length))];
};

const gatherElementsRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  return [gatherElements(g, x, operand(node, 1), axisOf(node, node.int('axis', 0), x.shape.length))];
};

/** Entries at [i, j, …]: the axes that are indexed become one. */
const gatherNd: OpRow = (g, node) => {
  const [x, indices] = [operand(node, 0), operand(node, 1)];
  const batch = node.int('batch_dims', 0);
  if (x.shape.slice(0, batch).some((extent) => extent !== 1)) throw refuse(node, `batch_dims = ${batch}`);
  const depth = indices.shape.at(-1) ?? 0;
  const rest = x.shape.slice(batch + depth);
  const indexed = x.shape.slice(batch, batch + depth);
  if (indexed.length !== depth || depth === 0)
    throw broken(node, `${depth} indices into [${x.shape.join()}]`);
  const rows = reshape(g, x, [elements(indexed), ...rest]);
  const places = linearIndices(g, reshape(g, indices, indices.shape.slice(batch)), indexed);
  const taken = gather(g, rows, places, 0);
  return [reshape(g, taken, [...indices.shape.slice(0, -1), ...rest])];
};

/** Place in row-major order of [i, j, …] along the last axis. */
function linearIndices(g: TensorGraph, indices: Tensor, shape: Shape): Tensor {
  const extents = constant('extents', [shape.length], 'int', shape);
  const negative = merge(g, 'less', [indices, scalar(0, 'int')]);
  const counted = where(g, negative, merge(g, 'add', [indices, extents]), indices);
  const strides = constant('strides', [shape.length], 'int', stridesOf(shape));
  return reduce(g, 'sum', merge(g, 'multiply', [counted, strides]), [indices.shape.length - 1], false);
}

/** Rows of `data` replaced by rows of `updates` at known places. */
function replaced(
  g: TensorGraph,
  node: OnnxNode,
  {
    data,
    updates,
    places,
  }: { readonly data: Tensor; readonly updates: Tensor; readonly places: readonly number[] },
): Tensor {
  const reduction = node.text('reduction', 'none');
  if (reduction !== 'none') throw refuse(node, `reduction "${reduction}"`);
  const rows = data.shape[0]!;
  const from = Array.from({ length: rows }, (_, row) => row);
  for (const [at, place] of places.entries()) {
    if (!Number.isInteger(place) || place < 0 || place >= rows)
      throw broken(node, `it writes to place ${place} of ${rows}`);
    from[place] = rows + at;
  }
  return gather(g, concat(g, [data, updates], 0), constant('places', [rows], 'int', from), 0);
}

const scatterNd: OpRow = (g, node) => {
  const [x, updates] = [operand(node, 0), operand(node, 2)];
  const indices = constantOperand(node, 1, 'places');
  const depth = indices.shape.at(-1) ?? 0;
  const [indexed, rest] = [x.shape.slice(0, depth), x.shape.slice(depth)];
  if (indexed.length !== depth || depth === 0)
    throw broken(node, `${depth} indices into [${x.shape.join()}]`);
  const linear = linearIndices(g, indices, indexed);
  const places = linear.kind === 'constant' ? linear.numbers() : [];
  const data = reshape(g, x, [elements(indexed), ...rest]);
  const rows = reshape(g, updates, [places.length, ...rest]);
  return [reshape(g, replaced(g, node, { data, updates: rows, places }), x.shape)];
};

const scatterElements: OpRow = (g, node) => {
  const [x, updates] = [operand(node, 0), operand(node, 2)];
  const indices = constantOperand(node, 1, 'places');
  const axis = axisOf(node, node.int('axis', 0), x.shape.length);
  const strides = stridesOf(x.shape);
  const own = stridesOf(indices.shape);
  const places = indices.numbers().map((index, i) =>
    indices.shape.reduce((place, extent, a) => {
      const position =
        a === axis ? (index < 0 ? index + x.shape[axis]! : index) : Math.floor(i / own[a]!) % extent;
      return place + position * strides[a]!;
    }, 0),
  );
  const flat = (tensor: Tensor): Tensor => reshape(g, tensor, [elements(tensor.shape)]);
  return [reshape(g, replaced(g, node, { data: flat(x), updates: flat(updates), places }), x.shape)];
};

/** Inputs: indices, depth, [value elsewhere, value there]. */
const oneHot: OpRow = (g, node) => {
  const indices = operand(node, 0);
  const depth = constantOperand(node, 1, 'a depth').numbers()[0] ?? 0;
  const values = operand(node, 2);
  if (!(depth >= 1)) throw broken(node, `a depth of ${depth}`);
  const rank = indices.shape.length + 1;
  const axis = axisOf(node, node.int('axis', -1), rank);
  const shape = Array.from({ length: rank }, (_, at) => (at === axis ? depth : 1));
  const classes = constant('classes', shape, 'int', () => Array.from({ length: depth }, (_, i) => i));
  const whole = merge(g, 'modulo', [cast(g, indices, 'int'), scalar(depth, 'int')]);
  const inRange = merge(g, 'and', [
    merge(g, 'less', [indices, scalar(depth)]),
    merge(g, 'lessEqual', [scalar(-depth), indices]),
  ]);
  const isClass = merge(g, 'equal', [unsqueeze(g, whole, [axis]), classes]);
  const hot = merge(g, 'and', [isClass, unsqueeze(g, inRange, [axis])]);
  const [off, on] = [0, 1].map((at) =>
    reshape(g, slice(g, values, { starts: [at], sizes: [1], steps: [1] }), []),
  );
  return [where(g, hot, on!, off!)];
};

export const indexingRows: OpRows = {
  Gather: gatherRow,
  GatherElements: gatherElementsRow,
  GatherND: gatherNd,
  OneHot: oneHot,
  // The name before opset 11.
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
};
