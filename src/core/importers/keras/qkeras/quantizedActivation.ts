// QActivation, and QAdaptiveActivation, whose integer bits follow from the range it saw in training.
// Reference: qkeras/qlayers.py (QActivation, QAdaptiveActivation, _get_integer_bits).

import type { Weight } from '../../../ir/graph.ts';
import { perChannelGrid } from '../../../quantizers/perChannelGrid.ts';
import { wholeOf, type QkerasFunction } from '../../../quantizers/qkeras/qkerasFunction.ts';
import { qkerasQuantizer } from '../../../quantizers/qkeras/registry.ts';
import { lazyQuantizer } from '../../../quantizers/lazyQuantizer.ts';
import type { Quantizer } from '../../../quantizers/quantizer.ts';
import type { Config } from '../config.ts';
import { inputOf, refuse, type LayerKind, type Scope } from '../scope.ts';
import { channelsOf } from '../spatial.ts';
import { activateQuantized, checkQuantizers } from './quantizers.ts';

export const quantizedActivation: LayerKind = {
  check: (config) => checkQuantizers(config, []),
  build: (scope) => activateQuantized(scope, inputOf(scope)),
};

/**
 * Keras' Activation with a function of QKeras, where Keras has none of that name.
 * @param keras the layer for Keras' own functions
 */
export const orQuantized = (keras: LayerKind): LayerKind => {
  const isKeras = (config: Config) => keras.check?.(config) === undefined;
  return {
    check(config) {
      const reason = keras.check?.(config);
      return reason && quantizedActivation.check!(config) && reason;
    },
    build: (scope) => (isKeras(scope.config) ? keras : quantizedActivation).build(scope),
  };
};

const RELU = 'quantized_relu';
const BITS = 'quantized_bits';

export const adaptiveActivation: LayerKind = {
  check(config) {
    const name = config.raw('activation');
    if (name !== RELU && name !== BITS) return refuse(`adapts ${JSON.stringify(name)}`);
    return undefined;
  },
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    scope.skip('step', [], { trainable: true });
    const shape = [config.flag('per_channel', false) ? channelsOf(input.shape) : 1];
    const low = scope.weight('ema_min', shape, { trainable: false });
    const high = scope.weight('ema_max', shape, { trainable: false });
    const quantizer = lazyQuantizer(() => ofRange(config, integersOf(config, low, high)));
    if (config.raw('activation') === BITS)
      return scope.emit({ kind: 'quantize', quantizer }, [input], input.shape);
    return reluOf(scope, quantizer);
  },
};

function reluOf(scope: Scope, quantizer: Quantizer) {
  const { config } = scope;
  const input = inputOf(scope);
  const [first] = functionOf(config, 0).steps;
  if (first?.kind !== 'activation') throw config.bad('relu_upper_bound');
  return scope.emit({ kind: 'quantize', quantizer }, [scope.emit(first, [input], input.shape)], input.shape);
}

function functionOf(config: Config, integer: number): QkerasFunction {
  const name = String(config.raw('activation'));
  const bits = config.count('total_bits');
  const common = { bits, integer };
  const slope = config.number('relu_neg_slope', 0);
  return qkerasQuantizer(
    {
      class_name: name,
      config:
        name === BITS
          ? { ...common, symmetric: Number(config.flag('symmetric', true)), alpha: 1 }
          : {
              ...common,
              negative_slope: slope,
              is_quantized_clip: false,
              relu_upper_bound: config.raw('relu_upper_bound') ?? null,
            },
    },
    false,
  );
}

/** The rounding of each channel in one quantizer. */
function ofRange(config: Config, integers: readonly number[]): Quantizer {
  const roundings = integers.map((integer) => {
    const made = functionOf(config, integer);
    const last = made.steps.at(-1);
    return last?.kind === 'quantize' ? last.quantizer : wholeOf(made);
  });
  return perChannelGrid(roundings);
}

/**
 * Integer bits that cover the moving range: ⌈log2⌉ of its ends (rounded with po2_rounding), one more where the highest
 * code does not reach, at most all bits but the sign.
 */
function integersOf(config: Config, low: Weight, high: Weight): readonly number[] {
  const signed = config.raw('activation') === BITS || config.number('relu_neg_slope', 0) !== 0;
  const magnitude = config.count('total_bits') - Number(signed);
  const symmetric = config.flag('symmetric', true);
  const rounded = config.flag('po2_rounding', false);
  const [minima, maxima] = [low.read(), high.read()];
  return Array.from(minima, (stored, c) => {
    const [min, max] = signed ? [stored, maxima[c]!] : [Math.max(stored, 0), Math.max(maxima[c]!, 0)];
    const [below, above] = [bitsFor(min, rounded), bitsFor(max, rounded)];
    const reach = (bits: number) => 2 ** bits - 2 ** Math.min(bits - magnitude, 0);
    const more = rounded ? 0 : Number(max > reach(above));
    const fewer = rounded || !symmetric ? 0 : Number(min < -reach(below));
    return Math.min(magnitude, Math.max(below + fewer, above + more));
  });
}

const bitsFor = (end: number, rounded: boolean): number => {
  const exponent = Math.max(Math.log2(Math.abs(end)), 0);
  return rounded ? Math.round(exponent) : Math.ceil(exponent);
};
