// Pooling and normalization with stored statistics. Reference: tensorflow/core/ops/nn_ops.cc.

import { merge } from '../../tensors/elementwise.ts';
import { batchNorm, layerNorm, lrn } from '../../tensors/normalization.ts';
import { pool } from '../../tensors/pooling.ts';
import { reshape, transpose } from '../../tensors/shape.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import {
  broken,
  channelsFirst,
  known,
  numbers,
  operand,
  refuse,
  type OpCall,
  type OpRow,
  type OpRows,
} from '../call.ts';
import { fromChannelsFirst, padsOf, spatialOf, toChannelsFirst } from './spatial.ts';

const pooling =
  (mode: 'max' | 'average'): OpRow =>
  (call) => {
    const image = toChannelsFirst(call, operand(call, 0));
    const [size, strides] = [spatialOf(call, 'ksize'), spatialOf(call, 'strides')];
    const pads = padsOf(call, image.shape.slice(2), { size, strides, dilation: [1, 1] });
    return fromChannelsFirst(call, pool(call.g, image, mode, { size, strides, pads }));
  };

/** With window and strides as operands. */
const maxPoolV2: OpRow = (call) => {
  const image = toChannelsFirst(call, operand(call, 0));
  const spatial = (at: number, role: string) => {
    const all = numbers(call, at, role);
    return channelsFirst(call) ? all.slice(2) : all.slice(1, 3);
  };
  const [size, strides] = [spatial(1, 'window'), spatial(2, 'strides')];
  const pads = padsOf(call, image.shape.slice(2), { size, strides, dilation: [1, 1] });
  return fromChannelsFirst(call, pool(call.g, image, 'max', { size, strides, pads }));
};

/** Only its first output is the network's: the others are for training. */
function fusedBatchNorm(call: OpCall): readonly Tensor[] {
  const x = operand(call, 0);
  if (x.shape.length < 2) throw broken(call, `its input has ${x.shape.length} axes`);
  if (call.attrs.flag('is_training', true)) return [normalizedRows(call, x)];
  const statistics = {
    gamma: known(call, 1, 'gain'),
    beta: known(call, 2, 'offset'),
    mean: known(call, 3, 'mean'),
    variance: known(call, 4, 'variance'),
    epsilon: call.attrs.float('epsilon', 1e-4),
  };
  return [batchNorm(call.g, x, statistics, channelsFirst(call) ? 1 : x.shape.length - 1)];
}

/**
 * Keras normalizes layers with it: the values to be normalized as space [1, rows, values, 1], the rows as channels. Other
 * statistics of the moment are those of a batch.
 */
function normalizedRows(call: OpCall, x: Tensor): Tensor {
  const { g } = call;
  const [samples, rows, , depth] = x.shape;
  if (!channelsFirst(call) || samples !== 1 || depth !== 1 || rows === undefined)
    throw refuse('statistics of the batch (save the model for inference)');
  const normal = layerNorm(g, x, 2, { epsilon: call.attrs.float('epsilon', 1e-4) });
  const perRow = (at: number, role: string) => reshape(g, known(call, at, role), [rows, 1, 1]);
  const isAll = (at: number, value: number) =>
    known(call, at, 'gain')
      .numbers()
      .every((one) => one === value);
  const scaled = isAll(1, 1) ? normal : merge(g, 'multiply', [normal, perRow(1, 'gain')]);
  return isAll(2, 0) ? scaled : merge(g, 'add', [scaled, perRow(2, 'offset')]);
}

/** TensorFlow does not divide alpha by the size of the window. */
function responseNorm(call: OpCall): Tensor {
  const { g, attrs } = call;
  const radius = attrs.int('depth_radius', 5);
  const normal = lrn(g, transpose(g, operand(call, 0), [0, 3, 1, 2]), {
    before: radius,
    after: radius,
    alpha: attrs.float('alpha', 1),
    beta: attrs.float('beta', 0.5),
    bias: attrs.float('bias', 1),
  });
  return transpose(g, normal, [0, 2, 3, 1]);
}

export const poolingRows: OpRows = {
  MaxPool: pooling('max'),
  MaxPoolV2: maxPoolV2,
  AvgPool: pooling('average'),
  FusedBatchNorm: fusedBatchNorm,
  FusedBatchNormV2: fusedBatchNorm,
  FusedBatchNormV3: fusedBatchNorm,
  LRN: responseNorm,
};
