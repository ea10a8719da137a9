// Shapes: asked for, given, broadcast to. With one sample and known inputs every shape is known.
// Reference: tensorflow/core/ops/array_ops.cc.

import { elements, type Shape } from '../../../ir/graph.ts';
import { constant } from '../../tensors/constants.ts';
import { expand, tile } from '../../tensors/moving.ts';
import { reshape, squeeze, transpose, unsqueeze } from '../../tensors/shape.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import { checkExtents } from '../../tensors/tensorGraph.ts';
import {
  axesIn,
  axisIn,
  broken,
  int,
  numberAt,
  numbers,
  operand,
  refuse,
  upTo,
  type OpCall,
  type OpRow,
  type OpRows,
} from '../call.ts';

export function broadcastTo({ g }: OpCall, x: Tensor, shape: Shape): Tensor {
  checkExtents(g, shape);
  return expand(g, x, shape);
}

const vector = (values: readonly number[]) => constant('shape', [values.length], 'int', values);

function reshaped(call: OpCall): Tensor {
  const x = operand(call, 0);
  const wanted = numbers(call, 1, 'shape');
  const rest = wanted.filter((extent) => extent !== -1).reduce((size, extent) => size * extent, 1);
  const shape = wanted.map((extent) => (extent === -1 ? elements(x.shape) / rest : extent));
  if (shape.some((extent) => !Number.isInteger(extent) || extent < 0))
    throw broken(call, `[${x.shape.join()}] cannot be reshaped to [${wanted.join()}]`);
  return reshape(call.g, x, shape);
}

function squeezed(call: OpCall): Tensor {
  const x = operand(call, 0);
  const given = axesIn(
    call,
    [...call.attrs.ints('squeeze_dims'), ...call.attrs.ints('axis')],
    x.shape.length,
  );
  const all = upTo(x.shape.length).filter((axis) => x.shape[axis] === 1);
  return squeeze(call.g, x, given.length > 0 ? given : all);
}

const range: OpRow = (call) => {
  const [start, limit, delta] = [0, 1, 2].map((at) => numberAt(call, at, 'bounds')) as [
    number,
    number,
    number,
  ];
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!Number.isFinite(count)) throw broken(call, 'its step is 0');
  if (count > 0) checkExtents(call.g, [count]);
  return constant(
    call.name,
    [count],
    operand(call, 0).type,
    upTo(count).map((i) => start + i * delta),
  );
};

const linSpace: OpRow = (call) => {
  const [start, stop, count] = [0, 1, 2].map((at) => numberAt(call, at, 'bounds')) as [
    number,
    number,
    number,
  ];
  checkExtents(call.g, [count]);
  const step = (stop - start) / Math.max(1, count - 1);
  return constant(
    call.name,
    [count],
    'float',
    upTo(count).map((i) => start + i * step),
  );
};

const fill: OpRow = (call) => {
  const shape = numbers(call, 0, 'shape');
  const value = operand(call, 1);
  if (shape.includes(0)) return constant(call.name, shape, value.type, []);
  return broadcastTo(call, value, shape);
};

const transposed: OpRow = (call) => transpose(call.g, operand(call, 0), permutation(call));

function permutation(call: OpCall): readonly number[] {
  const { length } = operand(call, 0).shape;
  return numbers(call, 1, 'order of axes').map((axis) => axisIn(call, axis, length));
}

/** Reads its operand's shape only. */
const aboutShape =
  (answer: (shape: Shape) => Tensor): OpRow =>
  (call) =>
    answer(operand(call, 0).shape);

const tiled: OpRow = (call) => {
  const repeats = numbers(call, 1, 'repeats');
  if (repeats.some((count) => count < 1)) throw refuse('a tensor without elements');
  return tile(call.g, operand(call, 0), repeats);
};

export const shapingRows: OpRows = {
  Reshape: reshaped,
  Transpose: transposed,
  Squeeze: squeezed,
  ExpandDims: (call) => {
    const x = operand(call, 0);
    return unsqueeze(call.g, x, [axisIn(call, numberAt(call, 1, 'axis'), x.shape.length + 1)]);
  },
  Shape: aboutShape(vector),
  ShapeN: ({ inputs }) => inputs.map(({ shape }) => vector(shape)),
  Size: aboutShape((shape) => int(elements(shape))),
  Rank: aboutShape((shape) => int(shape.length)),
  Range: range,
  LinSpace: linSpace,
  Fill: fill,
  BroadcastTo: (call) => broadcastTo(call, operand(call, 0), numbers(call, 1, 'shape')),
  Tile: tiled,
};
