// The real functions behind QKeras' activation quantizers, in float32, for the rare parameter that goes through one.

import type { Activation } from '../../ir/ops.ts';
import { BitLensError } from '../../errors.ts';

const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** QKeras' own hard sigmoid, clip(0.5 · x + 0.5, 0, 1); Keras' has another slope. */
export const HARD_SIGMOID: Activation = { fn: 'hardSigmoid', slope: 0.5, offset: 0.5 };

export const relu = (slope = 0, max?: number): Activation => ({
  fn: 'relu',
  slope,
  threshold: 0,
  ...(max === undefined ? {} : { max }),
});

/** @throws `internal` for functions that no QKeras quantizer has */
export function evaluate(activation: Activation, x: number): number {
  switch (activation.fn) {
    case 'relu': {
      if (activation.max !== undefined && x >= activation.max) return activation.max;
      return x > activation.threshold ? x : activation.slope * (x - activation.threshold);
    }
    case 'hardSigmoid':
      return clip(Math.fround(Math.fround(activation.slope * x) + activation.offset), 0, 1);
    case 'hardTanh':
      return clip(x, -1, 1);
    case 'tanh':
      return Math.tanh(x);
    case 'sigmoid':
      return sigmoid(x);
    case 'hardSilu':
      return (x * clip(x + 3, 0, 6)) / 6;
    default:
      throw new BitLensError('internal', ['{0} is not a function of QKeras', activation.fn]);
  }
}
