// QConv2DBatchnorm, QDepthwiseConv2DBatchnorm, QDenseBatchnorm: the BatchNorm inside is folded into kernel and bias
// first, with its moving statistics, and the folded values are quantized.
//   g = gamma / √(variance + ε), kernel' = q(g · kernel), bias' = q(g · (bias − mean) + beta)
// Both folding modes do so at inference. Reference: qkeras/qconv2d_batchnorm.py, qkeras/qdepthwiseconv2d_batchnorm.py.

import type { Shape, Weight } from '../../../ir/graph.ts';
import { isLastAxis } from '../layers/normalization.ts';
import { inputOf, isRefusal, refuse, type LayerKind, type Scope } from '../scope.ts';
import { quantizedWeight } from '../weights/variable.ts';
import { usable, type Quantized } from './quantizedLayer.ts';
import { activateQuantized, checkQuantizers, quantizerAt } from './quantizers.ts';

/** @param kind the layer without BatchNorm */
export const foldedBatchNorm = (kind: LayerKind, quantized: Quantized): LayerKind => ({
  check: (config) =>
    checkQuantizers(config, Object.values(quantized)) ?? kind.check?.(config.with({ activation: 'linear' })),
  build(scope) {
    if (!isLastAxis(scope.config.raw('axis') ?? -1, inputOf(scope).shape))
      return refuse('normalizes another axis than the last');
    const made = kind.build({
      ...scope,
      // Folding gives every layer a bias.
      config: scope.config.with({ activation: 'linear', use_bias: true }),
      weight: foldedWeights(scope, quantized),
    });
    return isRefusal(made) ? made : activateQuantized(scope, made);
  },
});

interface Parts {
  readonly bias: Weight | undefined;
  readonly gamma: Weight | undefined;
  readonly beta: Weight | undefined;
  readonly mean: Weight;
  readonly variance: Weight;
  readonly epsilon: number;
}

/** The kernel is asked for first, when the BatchNorm's variables, which come after it in the file, are not known yet. */
function foldedWeights(scope: Scope, quantized: Quantized): Scope['weight'] {
  let parts: Parts | undefined;
  const gains = () => gainsOf(parts!);
  return (variable, shape, options) => {
    const key = quantized[variable];
    const quantizer = usable(key && quantizerAt(scope.config, key));
    if (variable !== 'bias') {
      const kernel = scope.weight(variable, shape, options);
      // The output channels stand last in all these kernels, if need be in two axes.
      const read = once(() => {
        const gain = gains();
        return kernel.read().map((value, i) => value * gain[i % gain.length]!);
      });
      return quantizedWeight({ name: `${kernel.name} (BatchNorm folded)`, shape, read }, quantizer);
    }
    const known = (parts = partsOf(scope, shape));
    const read = once(() => foldedBias(known));
    return quantizedWeight({ name: `${scope.config.name}/bias (BatchNorm folded)`, shape, read }, quantizer);
  };
}

/** In the order in which QKeras creates them; Keras lists the layer's own before those of the BatchNorm inside. */
function partsOf(scope: Scope, shape: Shape): Parts {
  const { config } = scope;
  const bias = config.flag('use_bias', true) ? scope.weight('bias', shape) : undefined;
  scope.skip('iteration', []);
  const within = 'batchnorm';
  return {
    bias,
    gamma: config.flag('scale', true) ? scope.weight('gamma', shape, { within }) : undefined,
    beta: config.flag('center', true) ? scope.weight('beta', shape, { within }) : undefined,
    mean: scope.weight('moving_mean', shape, { within, trainable: false }),
    variance: scope.weight('moving_variance', shape, { within, trainable: false }),
    epsilon: config.number('epsilon', 1e-3),
  };
}

function gainsOf({ gamma, variance, epsilon }: Parts): Float32Array {
  const factors = gamma?.read();
  return variance.read().map((value, c) => {
    const deviation = Math.fround(Math.sqrt(Math.fround(value + Math.fround(epsilon))));
    return Math.fround(1 / deviation) * (factors?.[c] ?? 1);
  });
}

function foldedBias(parts: Parts): Float32Array {
  const [bias, mean, beta] = [parts.bias?.read(), parts.mean.read(), parts.beta?.read()];
  return gainsOf(parts).map((gain, c) => {
    const centred = Math.fround((bias?.[c] ?? 0) - mean[c]!);
    return Math.fround(gain * centred) + (beta?.[c] ?? 0);
  });
}

function once<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= compute());
}
