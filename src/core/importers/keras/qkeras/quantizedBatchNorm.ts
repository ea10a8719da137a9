// QBatchNormalization: every parameter has a quantizer, or the factor of the input as a whole has one.
// Reference: qkeras/qnormalization.py.

import type { Weight } from '../../../ir/graph.ts';
import { isLastAxis } from '../layers/normalization.ts';
import { inputOf, refuse, type LayerKind } from '../scope.ts';
import { channelsOf } from '../spatial.ts';
import { quantizedWeight } from '../weights/variable.ts';
import { plain, usable, type Quantized } from './quantizedLayer.ts';
import { checkQuantizers, quantizerAt, type QuantizerKey } from './quantizers.ts';

const QUANTIZED = {
  gamma: { key: 'gamma_quantizer', trained: true, fallback: 'quantized_relu_po2(6,2048)' },
  beta: { key: 'beta_quantizer', trained: false, fallback: 'quantized_po2(5)' },
  moving_mean: { key: 'mean_quantizer', trained: false, fallback: 'quantized_po2(5)' },
  moving_variance: {
    key: 'variance_quantizer',
    trained: true,
    fallback: 'quantized_relu_po2(6,quadratic_approximation=True)',
  },
} as const satisfies Quantized;

const INVERSE: QuantizerKey = plain('inverse_quantizer');

export const quantizedBatchNorm: LayerKind = {
  // The layer takes an activation, and does not use it.
  check: (config) =>
    checkQuantizers(config.with({ activation: null }), [...Object.values(QUANTIZED), INVERSE]),
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    if (!isLastAxis(config.raw('axis') ?? -1, input.shape))
      return refuse('normalizes another axis than the last');
    const shape = [channelsOf(input.shape)];
    const parameter = (name: keyof typeof QUANTIZED, trainable = true) =>
      scope.weight(name, shape, { trainable, quantizer: usable(quantizerAt(config, QUANTIZED[name])) });
    const gamma = config.flag('scale', true) ? parameter('gamma') : undefined;
    const beta = config.flag('center', true) ? parameter('beta') : undefined;
    const mean = parameter('moving_mean', false);
    const variance = parameter('moving_variance', false);
    const norm = { gamma, beta, mean, variance, epsilon: config.number('epsilon', 1e-3) };
    const inverse = usable(quantizerAt(config, INVERSE));
    if (!inverse) return scope.emit({ kind: 'batchNorm', ...norm }, [input], input.shape);
    const scale = quantizedWeight(factorOf(config.name, norm), inverse);
    const offset = offsetOf(config.name, norm, scale);
    return scope.emit({ kind: 'affine', scale, offset }, [input], input.shape);
  },
};

interface Norm {
  readonly gamma: Weight | undefined;
  readonly beta: Weight | undefined;
  readonly mean: Weight;
  readonly variance: Weight;
  readonly epsilon: number;
}

/** gamma / √(variance + ε), which `inverse_quantizer` rounds. */
function factorOf(layer: string, { gamma, variance, epsilon }: Norm): Weight {
  const read = () => {
    const factors = gamma?.read();
    return variance.read().map((value, c) => (factors?.[c] ?? 1) / Math.sqrt(value + epsilon));
  };
  return { name: `${layer}/inverse`, shape: variance.shape, read };
}

function offsetOf(layer: string, { beta, mean }: Norm, scale: Weight): Weight {
  const read = () => {
    const [factors, shift] = [scale.read(), beta?.read()];
    return mean.read().map((value, c) => (shift?.[c] ?? 0) - value * factors[c]!);
  };
  return { name: `${layer}/offset`, shape: mean.shape, read };
}
