// Fake-quantization of a tensor on the backend: y = scale · clip(round(x / scale), low, high), half to even.
// The same arithmetic as core/quantizers/grid.ts, which quantizes the weights.

import * as tf from '@tensorflow/tfjs-core';
import type { Grid } from '../../core/quantizers/grid.ts';
import { FAKE_QUANT, type FakeQuantAttributes } from '../kernels/simd.ts';

/** Per-tensor grids only: activations have no per-channel scales. */
export function fakeQuantTensor(x: tf.Tensor, grid: Grid): tf.Tensor {
  const scale = grid.scale[0]!;
  if (grid.bipolar)
    return tf.tidy(() => tf.where(tf.greaterEqual(x, 0), tf.scalar(scale), tf.scalar(-scale)));
  const attributes: FakeQuantAttributes = { scale, low: grid.low[0]!, high: grid.high[0]! };
  const kernel = tf.getKernel(FAKE_QUANT, tf.getBackend()) as tf.KernelConfig | undefined;
  if (kernel) return tf.engine().runKernel(FAKE_QUANT, { x }, { ...attributes });
  return composed(x, attributes);
}

/** In ops every backend has. */
export function composed(x: tf.Tensor, { scale, low, high }: FakeQuantAttributes): tf.Tensor {
  return tf.tidy(() => tf.mul(tf.clipByValue(tf.round(tf.div(x, scale)), low, high), scale));
}
