// Reductions, running sums, extremes and their places, and normalizations along axes.

import { constant, scalar } from '../../tensors/constants.ts';
import { cast, merge } from '../../tensors/elementwise.ts';
import { toChannelsFirst, toChannelsLast } from '../../tensors/layout.ts';
import { lrn } from '../../tensors/normalization.ts';
import { arg, cumulate, reduce, topK, type Reduction } from '../../tensors/reduction.ts';
import { axisOf, broken, imageAt, integersAt, operand, type Row, type Rows } from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';

const reduction =
  (fn: Reduction): Row =>
  (call) => {
    const x = operand(call, 0);
    const axes = new Set(integersAt(call, 1, 'axes').map((axis) => axisOf(call, axis, x.shape.length)));
    const keep = optionsOf(call.operator, OPTIONS.reducer)?.keepDims() ?? false;
    return reduce(
      call.g,
      fn,
      x,
      [...axes].sort((a, b) => a - b),
      keep,
    );
  };

/** Any is the greatest of truth values, all the least. */
const logical =
  (fn: 'max' | 'min'): Row =>
  (call) =>
    cast(call.g, reduction(fn)(call) as ReturnType<typeof operand>, 'bool');

const extreme =
  (fn: 'max' | 'min'): Row =>
  (call) => {
    const x = operand(call, 0);
    const axis = axisOf(call, integersAt(call, 1, 'an axis')[0], x.shape.length);
    return arg(call.g, fn, x, axis, { keepDims: false, last: false });
  };

const topKRow: Row = (call) => {
  const x = operand(call, 0);
  const k = integersAt(call, 1, 'a number of values')[0] ?? 0;
  const { values, indices } = topK(call.g, x, { k, axis: x.shape.length - 1, largest: true });
  return [values, indices];
};

const cumulative: Row = (call) => {
  const x = operand(call, 0);
  const options = optionsOf(call.operator, OPTIONS.cumsum);
  const axis = axisOf(call, integersAt(call, 1, 'an axis')[0], x.shape.length);
  return cumulate(call.g, x, axis, {
    exclusive: options?.exclusive() ?? false,
    reverse: options?.reverse() ?? false,
  });
};

/** Kernels keep the length away from 0 by this. */
const L2_EPSILON = 1e-6;

/** x over its length along the last axis. */
const l2Normalization: Row = (call) => {
  const { g } = call;
  const x = operand(call, 0);
  if (x.shape.length === 0) throw broken(call, 'normalizes a scalar');
  const length = reduce(g, 'l2', x, [x.shape.length - 1], true);
  return merge(g, 'divide', [x, merge(g, 'maximum', [length, scalar(L2_EPSILON)])]);
};

const localResponse: Row = (call) => {
  const options = optionsOf(call.operator, OPTIONS.localResponseNormalization);
  if (!options) throw broken(call, 'has no options');
  const radius = options.radius();
  const [alpha, beta, bias] = [options.alpha(), options.beta(), options.bias()];
  const x = toChannelsFirst(call.g, imageAt(call, 0));
  return toChannelsLast(call.g, lrn(call.g, x, { before: radius, after: radius, alpha, beta, bias }));
};

const rank: Row = (call) => constant('rank', [], 'int', [operand(call, 0).shape.length]);

export const reductionRows: Rows = {
  MEAN: reduction('mean'),
  SUM: reduction('sum'),
  REDUCE_MAX: reduction('max'),
  REDUCE_MIN: reduction('min'),
  REDUCE_PROD: reduction('product'),
  REDUCE_ANY: logical('max'),
  REDUCE_ALL: logical('min'),
  ARG_MAX: extreme('max'),
  ARG_MIN: extreme('min'),
  TOPK_V2: topKRow,
  CUMSUM: cumulative,
  L2_NORMALIZATION: l2Normalization,
  LOCAL_RESPONSE_NORMALIZATION: localResponse,
  RANK: rank,
};
