// quantized_po2 and quantized_relu_po2: sign and a power of two, so that products are shifts. There is no zero: what
// is closest to it becomes the smallest power.
// Reference: qkeras/quantizers.py (_clip_power_of_two, quantized_po2, quantized_relu_po2).

import { BitLensError } from '../../errors.ts';
import { roundHalfEven } from '../grid.ts';
import { bitsArgument, type Arguments, type Parameters } from './parameters.ts';
import { call, flagUnless } from './python.ts';
import { elementwise, rounded, rounding, withNoise, type QkerasFunction } from './qkerasFunction.ts';
import { relu } from './realFunctions.ts';
import { EPSILON, log2, signOf } from './scales.ts';

export const PO2_PARAMETERS: Parameters = {
  bits: 8,
  max_value: null,
  use_stochastic_rounding: false,
  quadratic_approximation: false,
  log2_rounding: 'rnd',
  qnoise_factor: 1,
  var_name: null,
  use_ste: true,
  use_variables: false,
};

export const RELU_PO2_PARAMETERS: Parameters = {
  bits: 8,
  max_value: null,
  negative_slope: 0,
  use_stochastic_rounding: false,
  quadratic_approximation: false,
  log2_rounding: 'rnd',
  qnoise_factor: 1,
  var_name: null,
  use_ste: true,
  use_variables: false,
};

export function quantizedPo2(given: Arguments): QkerasFunction {
  const power = powerOf(given, bitsArgument(given) - 1);
  const quantizer = elementwise(
    { text: textOf(given, 0), bits: given.number('bits') },
    (x) => signOf(x) * power(Math.abs(x)),
  );
  return rounding(withNoise(quantizer, given.number('qnoise_factor')));
}

export function quantizedReluPo2(given: Arguments): QkerasFunction {
  const slope = given.number('negative_slope');
  const max = given.optional('max_value');
  const power = powerOf(given, bitsArgument(given));
  // Behind the leaky ReLU: values below 0 are already multiplied by the slope.
  const quantizer = elementwise({ text: textOf(given, slope), bits: given.number('bits') }, (y) =>
    y < 0 ? -power(-y) : power(y),
  );
  return rounded(relu(slope, max), withNoise(quantizer, given.number('qnoise_factor')));
}

function textOf(given: Arguments, slope: number): string {
  const max = given.optional('max_value');
  const stochastic = given.flag('use_stochastic_rounding');
  return call(given.name, [
    given.number('bits'),
    ...(max === undefined ? [] : [Math.trunc(max)]),
    ...(slope === 0 ? [] : [slope]),
    ...(stochastic ? [1] : []),
    ...flagUnless('quadratic_approximation', given.flag('quadratic_approximation'), 0),
  ]);
}

/**
 * The power of two for a magnitude. The exponent has a sign unless no value exceeds 1.
 * @param bits of the exponent with its sign
 */
function powerOf(given: Arguments, bits: number): (magnitude: number) => number {
  const max = given.optional('max_value') ?? Infinity;
  if (max < 0) throw new BitLensError('unsupported', ['{0} with max_value = {1}', given.name, max]);
  const rounding = given.word('log2_rounding');
  if (rounding !== 'rnd' && rounding !== 'floor')
    throw new BitLensError('unsupported', ['{0} with log2_rounding = {1}', given.name, rounding]);
  const quadratic = given.flag('quadratic_approximation');
  const range = 2 ** (bits - Number(max > 1));
  const [lowest, highest] = [-range, quadratic ? 2 * Math.floor((range - 1) / 2) : range - 1];
  const toInteger = rounding === 'rnd' ? roundHalfEven : Math.floor;
  return (magnitude) => {
    if (magnitude < EPSILON) return 2 ** lowest;
    const inside = Math.min(magnitude, max);
    const exponent = toInteger(log2(quadratic ? Math.fround(Math.sqrt(inside)) : inside));
    return 2 ** ((quadratic ? 2 : 1) * Math.min(Math.max(exponent, lowest), highest));
  };
}
