// Matrix products.

import * as tf from '@tensorflow/tfjs-core';
import { aligned, broadcastShape } from './broadcasting.ts';
import type { Kernel } from './kernel.ts';
import { broadcastTo } from './strided.ts';

export const dense: Kernel<'dense'> = ({ op, x, parameter, fused }) => {
  const kernel = parameter(op.kernel);
  const [inputs, units] = kernel.shape as [number, number];
  const rows = tf.reshape(x, [-1, inputs]);
  const bias = op.bias && parameter(op.bias);
  const y = tf.fused.matMul({ a: rows, b: kernel, activation: fused, ...(bias ? { bias } : {}) });
  return tf.reshape(y, [...x.shape.slice(0, -1), units]);
};

/** The backend takes pairs of matrices by their number, modulo, so axes that broadcast are spread out before. */
export const matmul: Kernel<'matmul'> = ({ inputs }) => {
  const [a, b] = aligned(inputs) as [tf.Tensor, tf.Tensor];
  const [m, k, n] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const leading = broadcastShape([a, b]).slice(0, -2);
  if (b.size === k * n) {
    const y = tf.matMul(tf.reshape(a, [-1, k]), tf.reshape(b, [k, n]));
    return tf.reshape(y, [...leading, m, n]);
  }
  const left = tf.reshape(broadcastTo(a, [...leading, m, k]), [-1, m, k]);
  const right = tf.reshape(broadcastTo(b, [...leading, k, n]), [-1, k, n]);
  return tf.reshape(tf.matMul(left, right), [...leading, m, n]);
};
