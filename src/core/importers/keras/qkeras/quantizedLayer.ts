// QDense, QConv2D and the other layers of QKeras that are a Keras layer with quantizers on its parameters and its
// activation: the Keras layer is built as it is, on parameters that are quantized.
// Reference: qkeras/qlayers.py, qkeras/qconvolutional.py.

import type { Quantizer } from '../../../quantizers/quantizer.ts';
import { isRefusal, type LayerKind } from '../scope.ts';
import { activateQuantized, checkQuantizers, quantizerAt, type QuantizerKey } from './quantizers.ts';

/** Quantizers by variable. */
export type Quantized = Readonly<Record<string, QuantizerKey>>;

export const trained = (key: string): QuantizerKey => ({ key, trained: true });
export const plain = (key: string): QuantizerKey => ({ key, trained: false });

export const KERNEL_AND_BIAS: Quantized = {
  kernel: trained('kernel_quantizer'),
  bias: plain('bias_quantizer'),
};

/** Keras 3 calls the kernel of a depthwise convolution `kernel`. */
export const DEPTHWISE: Quantized = {
  kernel: trained('depthwise_quantizer'),
  depthwise_kernel: trained('depthwise_quantizer'),
  bias: plain('bias_quantizer'),
};

export const SEPARABLE: Quantized = {
  depthwise_kernel: trained('depthwise_quantizer'),
  pointwise_kernel: trained('pointwise_quantizer'),
  bias: plain('bias_quantizer'),
};

/** @param kind the Keras layer; its own activation is left to QKeras */
export const quantizedLayer = (kind: LayerKind, quantized: Quantized): LayerKind => ({
  check: (config) =>
    checkQuantizers(config, Object.values(quantized)) ?? kind.check?.(config.with({ activation: 'linear' })),
  build(scope) {
    const made = kind.build({
      ...scope,
      config: scope.config.with({ activation: 'linear' }),
      weight(variable, shape, options) {
        const key = quantized[variable];
        const quantizer = key && quantizerAt(scope.config, key);
        return scope.weight(variable, shape, { ...options, quantizer: usable(quantizer) });
      },
    });
    return isRefusal(made) ? made : activateQuantized(scope, made);
  },
});

/** The checks have refused the layer if it is no quantizer. */
export const usable = (found: ReturnType<typeof quantizerAt>): Quantizer | undefined =>
  found === undefined || isRefusal(found) ? undefined : found;
