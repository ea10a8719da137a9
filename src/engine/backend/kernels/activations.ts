// Activation functions in tfjs ops.

import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../../../core/ir/ops.ts';

export function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation.fn) {
    case 'relu':
      return relu(x, activation);
    case 'elu':
      return negativeBranch(x, tf.mul(activation.alpha, tf.expm1(x)));
    case 'celu':
      return negativeBranch(x, tf.mul(activation.alpha, tf.expm1(tf.div(x, activation.alpha))));
    case 'hardSigmoid':
      return tf.clipByValue(tf.add(tf.mul(x, activation.slope), activation.offset), 0, 1);
    case 'gelu':
      return activation.approximate ? geluTanh(x) : geluErf(x);
    case 'clip':
      return tf.clipByValue(x, activation.low, activation.high);
    case 'sigmoid':
      return tf.sigmoid(x);
    case 'tanh':
      return tf.tanh(x);
    case 'selu':
      return tf.selu(x);
    case 'softplus':
      return tf.softplus(x);
    case 'softsign':
      return tf.div(x, tf.add(tf.abs(x), 1));
    case 'silu':
      return tf.mul(x, tf.sigmoid(x));
    case 'hardSilu':
      return tf.mul(x, tf.div(tf.clipByValue(tf.add(x, 3), 0, 6), 6));
    case 'mish':
      return tf.mul(x, tf.tanh(tf.softplus(x)));
    case 'exponential':
      return tf.exp(x);
    case 'hardTanh':
      return tf.clipByValue(x, -1, 1);
    case 'logSigmoid':
      return tf.logSigmoid(x);
  }
}

function relu(x: tf.Tensor, { slope, max, threshold }: Extract<Activation, { fn: 'relu' }>): tf.Tensor {
  if (threshold === 0 && slope === 0 && max === undefined) return tf.relu(x);
  if (threshold === 0 && slope === 0 && max === 6) return tf.relu6(x);
  if (threshold === 0 && max === undefined) return tf.leakyRelu(x, slope);
  const below = tf.mul(tf.sub(x, threshold), slope);
  const above = max === undefined ? x : tf.minimum(x, max);
  return tf.where(tf.greater(x, threshold), above, below);
}

function negativeBranch(x: tf.Tensor, below: tf.Tensor): tf.Tensor {
  return tf.where(tf.greater(x, 0), x, below);
}

/** x · Φ(x) */
function geluErf(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))): Hendrycks and Gimpel, arXiv 1606.08415 §2. */
function geluTanh(x: tf.Tensor): tf.Tensor {
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
}
