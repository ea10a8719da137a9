// Pooling; averages count what lies inside the image.

import { map, merge } from '../../tensors/elementwise.ts';
import { toChannelsFirst, toChannelsLast } from '../../tensors/layout.ts';
import { pool } from '../../tensors/pooling.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import { broken, imageAt, type Call, type Row, type Rows } from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';
import { padsOf } from '../padding.ts';
import { fuse } from './activation.ts';

function pooled(
  call: Call,
  mode: 'max' | 'average',
  before: (x: Tensor) => Tensor,
  after: (y: Tensor) => Tensor,
): Tensor {
  const { g } = call;
  const options = optionsOf(call.operator, OPTIONS.pool2D);
  if (!options) throw broken(call, 'has no options');
  const x = imageAt(call, 0);
  const size = [options.filterHeight(), options.filterWidth()];
  const strides = [options.strideH(), options.strideW()];
  const pads = padsOf(options.padding(), x.shape.slice(1, 3), { size, strides });
  const y = pool(g, toChannelsFirst(g, before(x)), mode, { size, strides, pads });
  return fuse(call, toChannelsLast(g, after(y)), options.activation());
}

const same = (x: Tensor): Tensor => x;

/** √ of the mean of squares. */
const l2Pool: Row = (call) =>
  pooled(
    call,
    'average',
    (x) => merge(call.g, 'multiply', [x, x]),
    (y) => map(call.g, 'sqrt', y),
  );

export const poolingRows: Rows = {
  AVERAGE_POOL_2D: (call) => pooled(call, 'average', same, same),
  MAX_POOL_2D: (call) => pooled(call, 'max', same, same),
  L2_POOL_2D: l2Pool,
};
