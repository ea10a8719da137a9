// binary, stochastic_binary and bernoulli. Random draws belong to training; at inference the first two are the sign,
// 0 counting as positive. bernoulli draws at inference too: its likelier value stands for it, which is also what QKeras
// sets its scale from.
// Reference: qkeras/quantizers.py (binary, stochastic_binary, bernoulli).

import type { Shape } from '../../ir/graph.ts';
import { BitLensError } from '../../errors.ts';
import type { Grid } from '../grid.ts';
import type { Quantizer } from '../quantizer.ts';
import type { Alpha, Arguments, Parameters } from './parameters.ts';
import { alphaFlag, call, flagUnless } from './python.ts';
import { rounding, type QkerasFunction } from './qkerasFunction.ts';
import {
  each,
  fixedSharing,
  leastSquares,
  nearestPowerOfTwo,
  perChannel,
  scaled,
  signOf,
  type Sharing,
} from './scales.ts';

export const BINARY_PARAMETERS: Parameters = {
  use_01: false,
  alpha: null,
  use_stochastic_rounding: false,
  scale_axis: null,
  elements_per_scale: null,
  min_po2_exponent: null,
  max_po2_exponent: null,
};

export function binary(given: Arguments): QkerasFunction {
  const [from01, alpha] = [given.flag('use_01'), given.alpha()];
  if (given.list('elements_per_scale'))
    throw new BitLensError('unsupported', ['{0} with elements_per_scale', given.name]);
  const text = call(given.name, [
    ...flagUnless('use_01', from01, 0),
    ...alphaFlag(alpha),
    ...(given.flag('use_stochastic_rounding') ? ['use_stochastic_rounding=True'] : []),
  ]);
  const axis = given.optional('scale_axis');
  const bounds = [given.optional('min_po2_exponent'), given.optional('max_po2_exponent')] as const;
  return rounding(twoLevels(text, from01, alpha, axis, bounds));
}

export const STOCHASTIC_BINARY_PARAMETERS: Parameters = {
  alpha: null,
  temperature: 6,
  use_real_sigmoid: true,
};

export function stochasticBinary(given: Arguments): QkerasFunction {
  return rounding(twoLevels(textOf(given), given.name === 'bernoulli', given.alpha()));
}

function textOf(given: Arguments): string {
  return call(given.name, [
    ...alphaFlag(given.alpha()),
    ...flagUnless('temperature', given.number('temperature'), 6),
    ...flagUnless('use_real_sigmoid', given.flag('use_real_sigmoid'), 1),
  ]);
}

/** ±s, or 0 and s. */
function twoLevels(
  text: string,
  from01: boolean,
  alpha: Alpha,
  axis?: number,
  [lowest, highest]: readonly [lowest?: number | undefined, highest?: number | undefined] = [],
): Quantizer {
  const level = from01 ? (x: number) => (x < 0 ? 0 : 1) : signOf;
  if (typeof alpha === 'string') {
    const apply = (values: Float32Array, shape: Shape) => {
      const q = values.map(level);
      const sharing = channelsOrElements(values, shape, axis);
      const factors = leastSquares(values, q, sharing);
      const po2 = (factor: number) => nearestPowerOfTwo(factor, lowest, highest);
      return scaled(q, alpha === 'auto' ? factors : factors.map(po2), sharing);
    };
    return { text, bits: 1, apply };
  }
  const factors = alpha ?? [1];
  const apply = (values: Float32Array) => scaled(values.map(level), factors, fixedSharing(factors));
  return { text, bits: 1, ...(from01 || factors.length > 1 ? {} : signGrid(factors[0]!)), apply };
}

/** A vector has a scale per element. */
export const channelsOrElements = (values: Float32Array, shape: Shape, axis?: number): Sharing =>
  shape.length > 1 ? perChannel(shape, axis) : each(values.length);

function signGrid(scale: number): Pick<Quantizer, 'grid' | 'format'> {
  const one = Float32Array.of(1);
  const grid: Grid = {
    scale: Float32Array.of(scale),
    low: Float32Array.of(-1),
    high: one,
    zero: Int32Array.of(0),
    bipolar: true,
    inner: 1,
  };
  const exponent = Math.log2(scale);
  if (!Number.isInteger(exponent)) return { grid };
  return { grid, format: { kind: 'fixed', width: 1, integer: exponent + 1, signed: true } };
}
