// quantized_relu: ReLU on unsigned codes; with a negative slope one bit goes to the codes below 0.
// Reference: qkeras/quantizers.py (quantized_relu).

import { MAX_BITS } from '../format.ts';
import { fakeQuantize, roundHalfEven, type Grid } from '../grid.ts';
import type { Quantizer } from '../quantizer.ts';
import { bitsArgument, integerArgument, type Arguments, type Parameters } from './parameters.ts';
import { call } from './python.ts';
import { elementwise, rounded, rounding, withNoise, type QkerasFunction } from './qkerasFunction.ts';
import { evaluate, HARD_SIGMOID, relu } from './realFunctions.ts';

export const RELU_PARAMETERS: Parameters = {
  bits: 8,
  integer: 0,
  use_sigmoid: 0,
  negative_slope: 0,
  use_stochastic_rounding: false,
  relu_upper_bound: null,
  is_quantized_clip: true,
  qnoise_factor: 1,
  var_name: null,
  use_ste: true,
  use_variables: false,
};

interface Relu {
  readonly text: string;
  readonly bits: number;
  /** Smallest step. */
  readonly step: number;
  /** Codes that are not negative. */
  readonly codes: number;
  readonly slope: number;
  /** Where the result ends before the highest code does. */
  readonly bound: number | undefined;
}

export function quantizedRelu(given: Arguments): QkerasFunction {
  const bits = bitsArgument(given);
  const slope = given.number('negative_slope');
  const codes = 2 ** (bits - Number(slope !== 0));
  const relation: Relu = {
    text: textOf(given),
    bits,
    slope,
    codes,
    step: 2 ** integerArgument(given) / codes,
    bound: given.flag('is_quantized_clip') ? undefined : given.optional('relu_upper_bound'),
  };
  const noise = given.number('qnoise_factor');
  const top = given.flag('is_quantized_clip') ? (codes - 1) * relation.step : (relation.bound ?? Infinity);
  if (given.flag('use_sigmoid')) return throughSigmoid(relation, noise, top);
  return onRelu(relation, noise, top);
}

function textOf(given: Arguments): string {
  const stochastic = given.flag('use_stochastic_rounding');
  const sigmoid = given.flag('use_sigmoid');
  const slope = given.number('negative_slope');
  return call(given.name, [
    given.number('bits'),
    given.number('integer'),
    ...(sigmoid || stochastic ? [Number(sigmoid)] : []),
    ...(slope === 0 ? [] : [slope]),
    ...(stochastic ? [1] : []),
  ]);
}

/** ReLU, clipped where it has a bound, and one grid. A bound between two codes is a value of its own. */
function onRelu({ text, bits, step, codes, slope, bound }: Relu, noise: number, top: number): QkerasFunction {
  const whole = bound === undefined || Number.isInteger(bound / step);
  const high = bound === undefined || !whole ? codes - 1 : Math.min(codes - 1, bound / step);
  const grid: Grid = {
    scale: Float32Array.of(step),
    low: Float32Array.of(-slope * codes),
    high: Float32Array.of(high),
    zero: Int32Array.of(0),
    bipolar: false,
    inner: 1,
  };
  const plain = slope === 0 && high === 2 ** bits - 1 && bits <= MAX_BITS;
  const integer = Math.log2(step * codes);
  const quantizer: Quantizer = whole
    ? {
        text,
        bits,
        format: plain ? { kind: 'fixed', width: bits, integer, signed: false } : undefined,
        grid,
        apply: (values) => fakeQuantize(values, grid),
      }
    : { text, bits, apply: (values) => fakeQuantize(values, grid).map((q) => Math.min(q, bound)) };
  const clipped = withNoise(quantizer, noise, (y) => Math.min(y, top));
  return rounded(relu(slope, whole ? bound : undefined), clipped);
}

/** use_sigmoid: the codes are those of a hard sigmoid, 2σ(x) − 1. */
function throughSigmoid(relation: Relu, noise: number, top: number): QkerasFunction {
  const { text, bits, step, codes, slope } = relation;
  const unit = step * codes;
  const bound = relation.bound ?? Infinity;
  const quantizer = elementwise({ text, bits }, (x) => {
    const p = Math.fround(evaluate(HARD_SIGMOID, x / unit) * codes);
    const above = Math.min(Math.max((2 * roundHalfEven(p)) / codes - 1, 0), 1 - 1 / codes);
    if (slope === 0) return Math.min(unit * above, bound);
    const below = Math.min(Math.max((2 * roundHalfEven(p * slope)) / (slope * codes) - 1, -1), 0);
    return Math.min(unit * above + unit * slope * below, bound);
  });
  if (slope === 0)
    return rounded(
      relu(),
      withNoise(quantizer, noise, (y) => Math.min(y, top)),
    );
  const leaky = relu(slope);
  return rounding(withNoise(quantizer, noise, (x) => (x <= top ? evaluate(leaky, x) : top)));
}
