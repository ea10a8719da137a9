// Quantizers of functions that saturate: quantized_tanh, quantized_sigmoid, quantized_ulaw.
// Without use_real_… they approximate by clip(0.5 · x + 0.5, 0, 1), QKeras' own hard sigmoid.
// Reference: qkeras/quantizers.py (quantized_tanh, quantized_sigmoid, quantized_ulaw).

import { MAX_BITS, type Format } from '../format.ts';
import { fakeQuantize, roundHalfEven, type Grid } from '../grid.ts';
import type { Quantizer } from '../quantizer.ts';
import { bitsArgument, integerArgument, type Arguments, type Parameters } from './parameters.ts';
import { call } from './python.ts';
import { elementwise, rounded, rounding, type QkerasFunction } from './qkerasFunction.ts';
import { evaluate, HARD_SIGMOID } from './realFunctions.ts';

export const TANH_PARAMETERS: Parameters = {
  bits: 8,
  use_stochastic_rounding: false,
  symmetric: false,
  use_real_tanh: false,
};

export function quantizedTanh(given: Arguments): QkerasFunction {
  const flags = ['use_stochastic_rounding', 'symmetric', 'use_real_tanh'];
  const bits = bitsArgument(given);
  const codes = 2 ** (bits - 1);
  const symmetric = given.flag('symmetric');
  const grid = onUnit(codes, -codes + Number(symmetric));
  const format: Format | undefined =
    symmetric || bits === 1 || bits > MAX_BITS
      ? undefined
      : { kind: 'fixed', width: bits, integer: 1, signed: true };
  return rounded(
    { fn: given.flag('use_real_tanh') ? 'tanh' : 'hardTanh' },
    gridded(given, flags, grid, format),
  );
}

export const SIGMOID_PARAMETERS: Parameters = {
  bits: 8,
  symmetric: false,
  use_real_sigmoid: false,
  use_stochastic_rounding: false,
};

export function quantizedSigmoid(given: Arguments): QkerasFunction {
  const flags = ['symmetric', 'use_real_sigmoid', 'use_stochastic_rounding'];
  const bits = bitsArgument(given);
  const symmetric = given.flag('symmetric');
  const grid = onUnit(2 ** bits, Number(symmetric));
  const format: Format | undefined =
    symmetric || bits > MAX_BITS ? undefined : { kind: 'fixed', width: bits, integer: 0, signed: false };
  const activation = given.flag('use_real_sigmoid') ? ({ fn: 'sigmoid' } as const) : HARD_SIGMOID;
  return rounded(activation, gridded(given, flags, grid, format));
}

/** Codes from low to codes − 1, a step being 1 / codes. */
const onUnit = (codes: number, low: number): Grid => ({
  scale: Float32Array.of(1 / codes),
  low: Float32Array.of(low),
  high: Float32Array.of(codes - 1),
  zero: Int32Array.of(0),
  bipolar: false,
  inner: 1,
});

/** QKeras prints the flags that are set as ones, without their names. */
function gridded(
  given: Arguments,
  flags: readonly string[],
  grid: Grid,
  format: Format | undefined,
): Quantizer {
  const bits = given.number('bits');
  const text = call(given.name, [bits, ...flags.filter((flag) => given.flag(flag)).map(() => 1)]);
  return { text, bits, format, grid, apply: (values) => fakeQuantize(values, grid) };
}

export const ULAW_PARAMETERS: Parameters = { bits: 8, integer: 0, symmetric: 0, u: 255 };

/** μ-law: sign(p) · ln(1 + u·|p|) / ln(1 + u) of a p on 2^(bits−1) steps. */
export function quantizedUlaw(given: Arguments): QkerasFunction {
  const [bits, integer] = [bitsArgument(given), integerArgument(given)];
  const [symmetric, u] = [given.flag('symmetric'), given.number('u')];
  const text = call(given.name, [
    bits,
    integer,
    ...(symmetric || u !== 255 ? [Number(symmetric)] : []),
    ...(u === 255 ? [] : [u]),
  ]);
  const codes = 2 ** (bits - 1);
  const low = -1 + Number(symmetric) / codes;
  const quantizer = elementwise({ text, bits }, (x) => {
    const p = roundHalfEven(Math.fround(evaluate(HARD_SIGMOID, x / 2 ** integer) * codes));
    const level = (2 * p) / codes - 1;
    const bent = (Math.sign(level) * Math.log(1 + u * Math.abs(level))) / Math.log(1 + u);
    return 2 ** integer * Math.min(Math.max(bent, low), 1 - 1 / codes);
  });
  return rounding(quantizer);
}
