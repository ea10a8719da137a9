// ternary and stochastic_ternary (which is ternary at inference): −s, 0, s with a dead band around 0.
// Reference: qkeras/quantizers.py (ternary, stochastic_ternary); Li et al., arXiv 1605.04711.

import type { Shape } from '../../ir/graph.ts';
import { roundHalfEven } from '../grid.ts';
import { channelsOrElements } from './binary.ts';
import type { Arguments, Parameters } from './parameters.ts';
import { alphaFlag, call, flagUnless } from './python.ts';
import { rounding, type QkerasFunction } from './qkerasFunction.ts';
import {
  fixedSharing,
  largest,
  leastSquares,
  nearestPowerOfTwo,
  scaled,
  SHARED,
  type Sharing,
} from './scales.ts';

export const TERNARY_PARAMETERS: Parameters = {
  alpha: null,
  threshold: null,
  use_stochastic_rounding: false,
  number_of_unrolls: 5,
};

export const STOCHASTIC_TERNARY_PARAMETERS: Parameters = {
  alpha: null,
  threshold: null,
  temperature: 8,
  use_real_sigmoid: true,
  number_of_unrolls: 5,
};

const DEFAULT_THRESHOLD = 0.33;

export const ternary = (given: Arguments): QkerasFunction =>
  threeLevels(given, flagUnless('use_stochastic_rounding', given.flag('use_stochastic_rounding'), 0));

export const stochasticTernary = (given: Arguments): QkerasFunction =>
  threeLevels(given, [
    ...flagUnless('temperature', given.number('temperature'), 8),
    ...flagUnless('use_real_sigmoid', given.flag('use_real_sigmoid'), 1),
  ]);

function threeLevels(given: Arguments, flags: readonly string[]): QkerasFunction {
  const [alpha, threshold, unrolls] = [
    given.alpha(),
    given.optional('threshold'),
    given.number('number_of_unrolls'),
  ];
  const text = call(given.name, [
    ...alphaFlag(alpha),
    ...(threshold === undefined ? [] : [`threshold=${threshold}`]),
    ...flags,
    ...flagUnless('number_of_unrolls', unrolls, 5),
  ]);
  if (typeof alpha === 'string') {
    const apply = (values: Float32Array, shape: Shape) => automatic(values, shape, alpha, unrolls);
    return rounding({ text, bits: 2, apply });
  }
  const edge = Math.fround(threshold ?? DEFAULT_THRESHOLD);
  const factors = alpha ?? [1];
  const level = (x: number) => (Math.abs(x) >= edge ? Math.sign(x) : 0);
  const apply = (values: Float32Array) => scaled(values.map(level), factors, fixedSharing(factors));
  return rounding({ text, bits: 2, apply });
}

/** Threshold s / 2 and scale s by turns, from s = 2/3 of the largest value. */
function automatic(x: Float32Array, shape: Shape, alpha: 'auto' | 'auto_po2', unrolls: number): Float32Array {
  const po2 = (factors: Float32Array) =>
    alpha === 'auto' ? factors : factors.map((factor) => nearestPowerOfTwo(factor));
  const refined = channelsOrElements(x, shape);
  // A vector starts with one scale for all.
  let sharing: Sharing = shape.length > 1 ? refined : SHARED;
  let factors = po2(largest(x, sharing, Math.abs).map((max) => Math.fround(2 * max) / 3));
  let q: Float32Array = new Float32Array(x.length);
  for (let round = 0; round < unrolls; round++) {
    // Half to even: a ratio of exactly ½ is inside the dead band. A scale that fell to 0 stays there (0 · ∞ is no number).
    q = x.map((value, element) => {
      const factor = factors[sharing.of(element)]!;
      const level = factor * roundHalfEven(Math.fround(value / factor));
      return Math.abs(level) >= factor / 2 ? Math.sign(value) : 0;
    });
    sharing = refined;
    factors = po2(leastSquares(x, q, sharing));
  }
  return scaled(q, factors, sharing);
}
