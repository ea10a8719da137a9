// Normalization by statistics of the sample itself.

import * as tf from '@tensorflow/tfjs-core';
import type { LayerNormOp, GroupNormOp } from '../../../core/ir/ops.ts';
import { withParameter } from './broadcasting.ts';
import type { Kernel, ParameterSource } from './kernel.ts';
import { meanOfRows } from './reduction.ts';

export const layerNorm: Kernel<'layerNorm'> = ({ op, x, parameter }) => {
  const length = x.shape.slice(x.rank - op.axes).reduce((product, extent) => product * extent, 1);
  const y = tf.reshape(standardized(tf.reshape(x, [-1, length]), op.epsilon), x.shape);
  return scaled(y, op, parameter);
};

/** Channels come last, so the groups of a sample are brought in front of its positions and back. */
export const groupNorm: Kernel<'groupNorm'> = ({ op, x, parameter }) => {
  const batch = x.shape[0];
  const channels = x.shape.at(-1)!;
  const positions = x.size / batch / channels;
  const grouped = tf.reshape(x, [batch, positions, op.groups, channels / op.groups]);
  const inFront = tf.transpose(grouped, [0, 2, 1, 3]);
  const rows = tf.reshape(inFront, [batch * op.groups, x.size / batch / op.groups]);
  const y = tf.transpose(tf.reshape(standardized(rows, op.epsilon), inFront.shape), [0, 2, 1, 3]);
  return scaled(tf.reshape(y, x.shape), op, parameter);
};

/** Each row minus its mean, over the root of its variance + epsilon. */
function standardized(rows: tf.Tensor, epsilon: number): tf.Tensor {
  const centered = tf.sub(rows, tf.expandDims(meanOfRows(rows), 1));
  const variance = tf.expandDims(meanOfRows(tf.square(centered)), 1);
  return tf.div(centered, tf.sqrt(tf.add(variance, epsilon)));
}

function scaled(y: tf.Tensor, { gamma, beta }: LayerNormOp | GroupNormOp, parameter: ParameterSource) {
  const product = gamma ? withParameter(tf.mul, y, parameter(gamma)) : y;
  return beta ? withParameter(tf.add, product, parameter(beta)) : product;
}

/** The sum over neighbouring channels is a product with a matrix of ones along the diagonal. */
export const lrn: Kernel<'lrn'> = ({ op, x }) => {
  const channels = x.shape.at(-1)!;
  const band = new Float32Array(channels * channels);
  for (let c = 0; c < channels; c++) {
    const end = Math.min(c + op.after, channels - 1);
    for (let other = Math.max(c - op.before, 0); other <= end; other++) band[other * channels + c] = 1;
  }
  const rows = tf.reshape(x, [-1, channels]);
  const sums = tf.matMul(tf.square(rows), tf.tensor2d(band, [channels, channels]));
  const divisor = tf.pow(tf.add(tf.mul(sums, op.alpha), op.bias), op.beta);
  return tf.reshape(tf.div(rows, divisor), x.shape);
};
