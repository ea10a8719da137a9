// Reductions, sorting and running sums. Reference: tensorflow/core/ops/math_ops.cc.

import { arg, cumulate, reduce, topK, type Reduction } from '../../tensors/reduction.ts';
import { axesIn, axisIn, numberAt, numbers, operand, type OpCall, type OpRow, type OpRows } from '../call.ts';
import type { Tensor } from '../../tensors/tensor.ts';

function reduced(call: OpCall, fn: Reduction): Tensor {
  const x = operand(call, 0);
  const axes = axesIn(call, numbers(call, 1, 'axes'), x.shape.length);
  return reduce(call.g, fn, x, axes, call.attrs.flag('keep_dims', false));
}

const reduction =
  (fn: Reduction): OpRow =>
  (call) =>
    reduced(call, fn);

/** Booleans as numbers; the result is one again. */
const logical =
  (fn: Reduction): OpRow =>
  (call) => ({ ...reduced(call, fn), type: 'bool' });

const extreme =
  (fn: 'max' | 'min'): OpRow =>
  (call) => {
    const x = operand(call, 0);
    const axis = axisIn(call, call.inputs.length > 1 ? numberAt(call, 1, 'axis') : 0, x.shape.length);
    return { ...arg(call.g, fn, x, axis, { keepDims: false, last: false }), type: 'int' };
  };

const largest: OpRow = (call) => {
  const x = operand(call, 0);
  const k = call.op === 'TopK' ? call.attrs.int('k', 1) : numberAt(call, 1, 'k');
  const { values, indices } = topK(call.g, x, { k, axis: x.shape.length - 1, largest: true });
  return [values, indices];
};

const cumulative: OpRow = (call) => {
  const x = operand(call, 0);
  const { attrs } = call;
  const how = { exclusive: attrs.flag('exclusive', false), reverse: attrs.flag('reverse', false) };
  return cumulate(call.g, x, axisIn(call, numberAt(call, 1, 'axis'), x.shape.length), how);
};

export const reductionRows: OpRows = {
  Sum: reduction('sum'),
  Mean: reduction('mean'),
  Max: reduction('max'),
  Min: reduction('min'),
  Prod: reduction('product'),
  EuclideanNorm: reduction('l2'),
  All: logical('min'),
  Any: logical('max'),
  ArgMax: extreme('max'),
  ArgMin: extreme('min'),
  TopK: largest,
  TopKV2: largest,
  Cumsum: cumulative,
};
