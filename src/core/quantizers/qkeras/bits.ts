// quantized_bits: fixed point with an optional factor, and quantized_hswish, which is built on it.
// `integer` leaves the sign bit out, so quantized_bits(b, i) is fixed<b, i + 1>.
// Reference: qkeras/quantizers.py (quantized_bits, quantized_hswish).

import type { Shape } from '../../ir/graph.ts';
import { MAX_BITS, type FixedFormat } from '../format.ts';
import { fakeQuantize, type Grid } from '../grid.ts';
import type { Quantizer } from '../quantizer.ts';
import { autoScaled, type AutoScale } from './autoScale.ts';
import { bitsArgument, integerArgument, type Alpha, type Arguments, type Parameters } from './parameters.ts';
import { alphaFlag, call, flagUnless } from './python.ts';
import { rounding, withNoise, type QkerasFunction } from './qkerasFunction.ts';
import { fixedSharing, scaled } from './scales.ts';

export const BITS_PARAMETERS: Parameters = {
  bits: 8,
  integer: 0,
  symmetric: 0,
  keep_negative: true,
  alpha: null,
  use_stochastic_rounding: false,
  scale_axis: null,
  qnoise_factor: 1,
  var_name: null,
  use_ste: true,
  use_variables: false,
  elements_per_scale: null,
  min_po2_exponent: null,
  max_po2_exponent: null,
  post_training_scale: null,
};

export const quantizedBits = (given: Arguments): QkerasFunction =>
  rounding(fixedPoint(given, given.flag('keep_negative')));

/** @param extra further flags of the text */
export function fixedPoint(given: Arguments, signed: boolean, extra: readonly string[] = []): Quantizer {
  const [bits, integer, alpha] = [bitsArgument(given), integerArgument(given), given.alpha()];
  const automatic = typeof alpha === 'string';
  const symmetric = automatic || given.flag('symmetric');
  const text = call(given.name, [
    bits,
    integer,
    Number(symmetric),
    ...extra,
    ...(signed ? [] : ['keep_negative=False']),
    ...alphaFlag(alpha),
    ...flagUnless('use_stochastic_rounding', given.flag('use_stochastic_rounding'), 0),
  ]);
  const quantizer = automatic
    ? autoScaled(text, bits, integer, signed, autoScaleOf(given, alpha))
    : fixedFactor(text, bits, uniform(bits, integer, signed, symmetric), alpha);
  return withNoise(quantizer, given.number('qnoise_factor'));
}

/**
 * The grid of quantized_bits without a factor. One signed bit is ±1 whatever `integer` says.
 * @returns with the same in our grammar, which has no word for a range without its lowest code
 */
export function uniform(
  bits: number,
  integer: number,
  signed: boolean,
  symmetric: boolean,
): { grid: Grid; format: FixedFormat | undefined } {
  const bipolar = signed && bits === 1;
  const magnitude = 2 ** (bits - Number(signed));
  const low = signed ? -magnitude + Number(symmetric) : 0;
  const grid: Grid = {
    scale: Float32Array.of(bipolar ? 1 : 2 ** integer / magnitude),
    low: Float32Array.of(low),
    high: Float32Array.of(magnitude - 1),
    zero: Int32Array.of(0),
    bipolar,
    inner: 1,
  };
  const named = bits <= MAX_BITS && (bipolar || !signed || !symmetric);
  const point = bipolar ? 1 : integer + Number(signed);
  return { grid, format: named ? { kind: 'fixed', width: bits, integer: point, signed } : undefined };
}

/** The factor multiplies after rounding, so it leaves the grid alone. */
function fixedFactor(
  text: string,
  bits: number,
  { grid, format }: ReturnType<typeof uniform>,
  alpha: Exclude<Alpha, string>,
): Quantizer {
  const factors = alpha ?? [1];
  const plain = (values: Float32Array) => fakeQuantize(values, grid);
  if (factors.every((factor) => factor === 1)) return { text, bits, format, grid, apply: plain };
  const sharing = fixedSharing(factors);
  return { text, bits, apply: (values) => scaled(plain(values), factors, sharing) };
}

function autoScaleOf(given: Arguments, alpha: 'auto' | 'auto_po2'): AutoScale {
  return {
    alpha,
    axis: given.optional('scale_axis'),
    elementsPerScale: given.optional('elements_per_scale'),
    lowest: given.optional('min_po2_exponent'),
    highest: given.optional('max_po2_exponent'),
    frozen: given.list('post_training_scale'),
  };
}

export const HSWISH_PARAMETERS: Parameters = {
  bits: 8,
  integer: 0,
  symmetric: 0,
  alpha: null,
  use_stochastic_rounding: false,
  scale_axis: null,
  qnoise_factor: 1,
  var_name: null,
  use_ste: true,
  use_variables: false,
  relu_shift: 3,
  relu_upper_bound: 6,
  keep_negative: true,
};

/** x · clip(x + shift, 0, bound) / bound, then quantized_bits. The usual 3 and 6 make it the hard swish of networks. */
export function quantizedHswish(given: Arguments): QkerasFunction {
  const [shift, bound] = [given.number('relu_shift'), given.number('relu_upper_bound')];
  const quantizer = fixedPoint(given, true, [`relu_shift=${shift}`, `relu_upper_bound=${bound}`]);
  const { text, bits } = quantizer;
  if (shift === 3 && bound === 6)
    return {
      text,
      steps: [
        { kind: 'activation', activation: { fn: 'hardSilu' } },
        { kind: 'quantize', quantizer },
      ],
    };
  const swish = (x: number) => Math.fround(x * Math.min(Math.max(Math.fround(x + shift), 0), bound)) / bound;
  const apply = (values: Float32Array, shape: Shape) => quantizer.apply(values.map(swish), shape);
  return rounding({ text, bits, apply });
}
