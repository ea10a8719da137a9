// Reductions, and what looks for extremes along an axis.

import { constant, scalar } from '../../../tensors/constants.ts';
import { cast, map, merge } from '../../../tensors/elementwise.ts';
import { notSupported } from '../../../tensors/errors.ts';
import { arg, cumulate, reduce, topK, type Reduction } from '../../../tensors/reduction.ts';
import { reshape } from '../../../tensors/shape.ts';
import type { Tensor } from '../../../tensors/tensor.ts';
import {
  axes,
  axis,
  flag,
  has,
  number,
  optionalNumber,
  subject,
  type Call,
  type OpFunction,
} from '../call.ts';

const reduced =
  (fn: Reduction, ofBooleans: 'float' | 'int' = 'int'): OpFunction =>
  (c) => {
    const x = subject(c);
    const operand = x.type === 'bool' ? cast(c.g, x, ofBooleans) : x;
    return reduce(c.g, fn, operand, axes(c, 'dim', x.shape.length), flag(c, 'keepdim'));
  };

/** Along an axis both the values and their places; over everything the value. */
const extreme =
  (fn: 'max' | 'min'): OpFunction =>
  (c) => {
    const x = subject(c);
    if (!has(c, 'dim')) return reduced(fn)(c);
    const along = axis(c, 'dim', x.shape.length);
    const keepDims = flag(c, 'keepdim');
    return [reduce(c.g, fn, x, [along], keepDims), arg(c.g, fn, x, along, { keepDims, last: false })];
  };

const place =
  (fn: 'max' | 'min'): OpFunction =>
  (c) => {
    const x = subject(c);
    const given = has(c, 'dim');
    const operand = given ? x : reshape(c.g, x, [x.shape.reduce((size, extent) => size * extent, 1)]);
    const along = given ? axis(c, 'dim', x.shape.length) : 0;
    return arg(c.g, fn, operand, along, { keepDims: flag(c, 'keepdim'), last: false });
  };

function norm(c: Call): Tensor {
  const x = subject(c);
  const order = optionalNumber(c, 'ord') ?? optionalNumber(c, 'p') ?? 2;
  const along = axes(c, 'dim', x.shape.length);
  const keepDims = flag(c, 'keepdim');
  if (order === 1 || order === 2) return reduce(c.g, order === 1 ? 'l1' : 'l2', x, along, keepDims);
  if (order === Infinity) return reduce(c.g, 'max', map(c.g, 'abs', x), along, keepDims);
  throw notSupported(c.g, ['of order {0}.', order]);
}

/** Σ (x − mean)² / (n − correction) */
function variance(c: Call): { readonly value: Tensor; readonly mean: Tensor } {
  const x = subject(c);
  const along = axes(c, 'dim', x.shape.length);
  const keepDims = flag(c, 'keepdim');
  const correction = optionalNumber(c, 'correction') ?? Number(flag(c, 'unbiased', true));
  const centred = merge(c.g, 'subtract', [x, reduce(c.g, 'mean', x, along, true)]);
  const sum = reduce(c.g, 'sumSquares', centred, along, keepDims);
  const count = along.reduce((size, at) => size * x.shape[at]!, 1);
  const value = merge(c.g, 'multiply', [sum, scalar(1 / Math.max(0, count - correction))]);
  return { value, mean: reduce(c.g, 'mean', x, along, keepDims) };
}

function largest(c: Call, k: number, descending: boolean): readonly Tensor[] {
  const x = subject(c);
  const along = axis(c, 'dim', x.shape.length, -1);
  const { values, indices } = topK(c.g, x, {
    k: k < 0 ? x.shape[along]! : k,
    axis: along,
    largest: descending,
  });
  return [values, indices];
}

/** Every entry, or any, is not 0. */
const quantified =
  (fn: 'min' | 'max'): OpFunction =>
  (c) => {
    const truth = cast(c.g, cast(c.g, subject(c), 'bool'), 'int');
    const found = reduce(c.g, fn, truth, axes(c, 'dim', truth.shape.length), flag(c, 'keepdim'));
    return merge(c.g, 'equal', [found, constant('1', [], 'int', [1])]);
  };

export const REDUCTION: Readonly<Record<string, OpFunction>> = {
  'aten.mean': reduced('mean', 'float'),
  'aten.sum': reduced('sum'),
  'aten.prod': reduced('product'),
  'aten.amax': reduced('max'),
  'aten.amin': reduced('min'),
  'aten.max': extreme('max'),
  'aten.min': extreme('min'),
  'aten.logsumexp': reduced('logSumExp'),
  'aten.norm': norm,
  'aten.linalg_vector_norm': norm,
  'aten.var': (c) => variance(c).value,
  'aten.std': (c) => map(c.g, 'sqrt', variance(c).value),
  'aten.var_mean': (c) => {
    const { value, mean } = variance(c);
    return [value, mean];
  },
  'aten.any': quantified('max'),
  'aten.all': quantified('min'),
  'aten.argmax': place('max'),
  'aten.argmin': place('min'),
  'aten.topk': (c) => largest(c, number(c, 'k'), flag(c, 'largest', true)),
  'aten.sort': (c) => largest(c, -1, flag(c, 'descending')),
  'aten.cumsum': (c) => {
    const x = subject(c);
    return cumulate(c.g, x, axis(c, 'dim', x.shape.length), { exclusive: false, reverse: false });
  },
};
