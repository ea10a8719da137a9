// Normalizations and softmax. What a node gives beside the normalized tensor serves training and stays unknown.

import { scalar } from '../../../tensors/constants.ts';
import { map, merge } from '../../../tensors/elementwise.ts';
import { notSupported } from '../../../tensors/errors.ts';
import { batchNorm, groupNorm, layerNorm, softmax } from '../../../tensors/normalization.ts';
import { reduce } from '../../../tensors/reduction.ts';
import type { Tensor, Unknown } from '../../../tensors/tensor.ts';
import {
  axis,
  constantOperand,
  flag,
  has,
  number,
  numbers,
  optionalConstant,
  optionalNumber,
  optionalTensor,
  subject,
  type Call,
  type OpFunction,
} from '../call.ts';

const UNKNOWN: Unknown = { kind: 'unknown' };

const gains = (c: Call) => ({
  gamma: optionalConstant(c, 'weight'),
  beta: optionalConstant(c, 'bias'),
  epsilon: number(c, 'eps', 1e-5),
});

/** With the running statistics: what torch does in evaluation mode. */
const batchNormOf: OpFunction = (c) => {
  if (flag(c, 'training')) throw notSupported(c.g, ['in training mode; call model.eval() before exporting.']);
  const mean = constantOperand(c, 'running_mean');
  const variance = constantOperand(c, 'running_var');
  return batchNorm(c.g, subject(c), { ...gains(c), mean, variance }, 1);
};

const layerNormOf: OpFunction = (c) => {
  const x = subject(c);
  return layerNorm(c.g, x, x.shape.length - numbers(c, 'normalized_shape').length, gains(c));
};

const instanceNorm: OpFunction = (c) => {
  const x = subject(c);
  if (!flag(c, 'use_input_stats', true)) return batchNormOf(c);
  return groupNorm(c.g, x, x.shape[1]!, gains(c));
};

/** x / √(mean(x²) + eps) · weight */
const rmsNorm: OpFunction = (c) => {
  const x = subject(c);
  const rank = x.shape.length;
  const axes = x.shape.map((_, at) => at).slice(rank - numbers(c, 'normalized_shape').length);
  const power = reduce(c.g, 'mean', merge(c.g, 'multiply', [x, x]), axes, true);
  const shifted = merge(c.g, 'add', [power, scalar(optionalNumber(c, 'eps') ?? 2 ** -23)]);
  const y = merge(c.g, 'multiply', [x, map(c.g, 'reciprocal', map(c.g, 'sqrt', shifted))]);
  const weight = optionalTensor(c, 'weight');
  return weight ? merge(c.g, 'multiply', [y, weight]) : y;
};

const groups =
  (name: string): OpFunction =>
  (c) =>
    groupNorm(c.g, subject(c), number(c, name), gains(c));

const softmaxOf =
  (log: boolean): OpFunction =>
  (c) => {
    const x = subject(c);
    return softmax(c.g, x, axis(c, 'dim', x.shape.length), log);
  };

const withStatistics =
  (op: OpFunction): OpFunction =>
  (c) => [op(c) as Tensor, UNKNOWN, UNKNOWN];

export const NORMALIZATION: Readonly<Record<string, OpFunction>> = {
  'aten.batch_norm': batchNormOf,
  'aten._native_batch_norm_legit_no_training': withStatistics(batchNormOf),
  'aten._batch_norm_no_update': (c) => [batchNormOf(c) as Tensor, UNKNOWN, UNKNOWN, UNKNOWN],
  'aten.native_batch_norm': withStatistics(batchNormOf),
  'aten.layer_norm': layerNormOf,
  'aten.native_layer_norm': withStatistics(layerNormOf),
  'aten.group_norm': groups('num_groups'),
  'aten.native_group_norm': withStatistics((c) => groups(has(c, 'group') ? 'group' : 'num_groups')(c)),
  'aten.instance_norm': instanceNorm,
  'aten.rms_norm': rmsNorm,
  'aten.softmax': softmaxOf(false),
  'aten._softmax': softmaxOf(false),
  'aten._safe_softmax': softmaxOf(false),
  'aten.log_softmax': softmaxOf(true),
  'aten._log_softmax': softmaxOf(true),
};
