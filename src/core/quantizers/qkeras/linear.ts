// quantized_linear, the later form of quantized_bits: clips before it rounds, one signed bit is ±½ of a step.
// Reference: qkeras/quantizers.py (quantized_linear).

import type { Shape } from '../../ir/graph.ts';
import { MAX_BITS, type Format } from '../format.ts';
import { roundHalfEven, type Grid } from '../grid.ts';
import type { Quantizer } from '../quantizer.ts';
import { bitsArgument, integerArgument, type Arguments, type Parameters } from './parameters.ts';
import { alphaFlag, call, flagUnless } from './python.ts';
import { rounding, withNoise, type QkerasFunction } from './qkerasFunction.ts';
import {
  each,
  EPSILON,
  fixedSharing,
  largest,
  leastSquares,
  nearestPowerOfTwo,
  perChannel,
  type Sharing,
} from './scales.ts';

export const LINEAR_PARAMETERS: Parameters = {
  bits: 8,
  integer: 0,
  symmetric: 1,
  keep_negative: true,
  alpha: null,
  use_stochastic_rounding: false,
  scale_axis: null,
  qnoise_factor: 1,
  var_name: null,
  use_variables: false,
};

interface Codes {
  readonly low: number;
  readonly high: number;
  /** Codes are halves away from integers: one signed bit. */
  readonly shift: number;
}

export function quantizedLinear(given: Arguments): QkerasFunction {
  const [bits, integer, alpha] = [bitsArgument(given), integerArgument(given), given.alpha()];
  const [signed, symmetric] = [given.flag('keep_negative'), given.flag('symmetric')];
  const text = call(given.name, [
    bits,
    integer,
    Number(symmetric),
    ...(signed ? [] : ['keep_negative=False']),
    ...alphaFlag(alpha),
    ...flagUnless('use_stochastic_rounding', given.flag('use_stochastic_rounding'), 0),
  ]);
  const codes = codesOf(bits, signed, symmetric);
  const step = 2 ** (integer - bits + Number(signed));
  const axis = given.optional('scale_axis');
  const quantizer: Quantizer =
    typeof alpha === 'string'
      ? { text, bits, apply: (values, shape) => automatic(values, shape, codes, signed, axis, alpha) }
      : fixed(
          text,
          bits,
          codes,
          (alpha ?? [1]).map((factor) => factor * step),
          formatOf(),
        );
  return rounding(withNoise(quantizer, given.number('qnoise_factor')));

  function formatOf(): Format | undefined {
    if (bits > MAX_BITS || typeof alpha === 'string' || alpha?.some((factor) => factor !== 1))
      return undefined;
    if (codes.shift > 0) return { kind: 'fixed', width: 1, integer, signed };
    if (signed && symmetric) return undefined;
    return { kind: 'fixed', width: bits, integer: integer + Number(signed), signed };
  }
}

function codesOf(bits: number, signed: boolean, symmetric: boolean): Codes {
  if (signed && bits === 1) return { low: -0.5, high: 0.5, shift: 0.5 };
  const magnitude = 2 ** (bits - Number(signed));
  return { low: signed ? -magnitude + Number(symmetric) : 0, high: magnitude - 1, shift: 0 };
}

function fixed(
  text: string,
  bits: number,
  codes: Codes,
  steps: readonly number[],
  format: Format | undefined,
): Quantizer {
  const sharing = fixedSharing(steps);
  const apply = (values: Float32Array) => coded(values, Float32Array.from(steps), sharing, codes, true);
  if (steps.length > 1) return { text, bits, apply };
  const bipolar = codes.shift > 0;
  const grid: Grid = {
    scale: Float32Array.of(bipolar ? steps[0]! / 2 : steps[0]!),
    low: Float32Array.of(codes.low),
    high: Float32Array.of(codes.high),
    zero: Int32Array.of(0),
    bipolar,
    inner: 1,
  };
  return { text, bits, format, grid, apply };
}

/** Codes of the values, or the values on the grid. */
function coded(
  values: Float32Array,
  steps: Float32Array,
  sharing: Sharing,
  { low, high, shift }: Codes,
  multiplied: boolean,
): Float32Array {
  return values.map((x, element) => {
    const step = steps[sharing.of(element)]!;
    const inside = Math.min(Math.max(Math.fround(x / step), low), high);
    const code = roundHalfEven(Math.fround(inside - shift)) + shift;
    return multiplied ? code * step : code;
  });
}

/** One bit is refined once, more bits until the scales stay, at most five times. */
function automatic(
  x: Float32Array,
  shape: Shape,
  codes: Codes,
  signed: boolean,
  axis: number | undefined,
  alpha: 'auto' | 'auto_po2',
): Float32Array {
  const sharing = shape.length > 1 ? perChannel(shape, axis) : each(x.length);
  const range = codes.high - codes.low;
  let steps = largest(x, sharing, signed ? Math.abs : Number).map((max) =>
    Math.max(Math.fround(max * (signed ? 2 : 1)) / range, EPSILON),
  );
  if (alpha === 'auto_po2') {
    steps = steps.map((step) => nearestPowerOfTwo(step));
    for (let round = codes.shift > 0 ? 4 : 0; round < 5; round++) {
      const last = steps;
      steps = leastSquares(x, coded(x, last, sharing, codes, false), sharing).map((s) =>
        nearestPowerOfTwo(s),
      );
      if (steps.every((step, channel) => step === last[channel])) break;
    }
  }
  return coded(x, steps, sharing, codes, true);
}
