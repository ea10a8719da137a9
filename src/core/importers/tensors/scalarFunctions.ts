// The element-wise functions on single numbers: what constant folding computes. The executor has the same in tensors.

import type { Activation, MapFunction, MergeFunction } from '../../ir/ops.ts';

const MAPS: Readonly<Record<MapFunction, (x: number) => number>> = {
  abs: Math.abs,
  negate: (x) => -x,
  sign: Math.sign,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  floor: Math.floor,
  ceil: Math.ceil,
  round: halfEven,
  truncate: Math.trunc,
  erf,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  not: (x) => Number(x === 0),
  isNaN: (x) => Number(Number.isNaN(x)),
  isInfinite: (x) => Number(Math.abs(x) === Infinity),
};

export const mapOf = (fn: MapFunction, x: number): number => MAPS[fn](x);

const floorMod = (a: number, b: number): number => a - b * Math.floor(a / b);

const MERGES: Readonly<Record<MergeFunction, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  average: (a, b) => a + b, // divided by their number in mergeOf
  maximum: Math.max,
  minimum: Math.min,
  power: Math.pow,
  modulo: floorMod,
  remainder: (a, b) => a % b,
  equal: (a, b) => Number(a === b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  and: (a, b) => Number(a !== 0 && b !== 0),
  or: (a, b) => Number(a !== 0 || b !== 0),
  xor: (a, b) => Number((a !== 0) !== (b !== 0)),
};

export function mergeOf(fn: MergeFunction, values: readonly number[]): number {
  const merged = values.reduce((a, b) => MERGES[fn](a, b)); // reduce itself would pass more than two to Math.max
  return fn === 'average' ? merged / values.length : merged;
}

export function activationOf(activation: Activation, x: number): number {
  switch (activation.fn) {
    case 'relu': {
      const { slope, max = Infinity, threshold } = activation;
      return x > threshold ? Math.min(x, max) : slope * (x - threshold);
    }
    case 'elu':
      return x > 0 ? x : activation.alpha * Math.expm1(x);
    case 'celu':
      return x > 0 ? x : activation.alpha * Math.expm1(x / activation.alpha);
    case 'selu':
      return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x));
    case 'hardSigmoid':
      return clip(activation.slope * x + activation.offset, 0, 1);
    case 'gelu':
      return activation.approximate
        ? 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
        : 0.5 * x * (1 + erf(x * Math.SQRT1_2));
    case 'clip':
      return clip(x, activation.low, activation.high);
    case 'sigmoid':
      return sigmoid(x);
    case 'tanh':
      return Math.tanh(x);
    case 'softplus':
      return softplus(x);
    case 'softsign':
      return x / (1 + Math.abs(x));
    case 'silu':
      return x * sigmoid(x);
    case 'hardSilu':
      return (x * clip(x + 3, 0, 6)) / 6;
    case 'mish':
      return x * Math.tanh(softplus(x));
    case 'exponential':
      return Math.exp(x);
    case 'hardTanh':
      return clip(x, -1, 1);
    case 'logSigmoid':
      return -softplus(-x);
  }
}

const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

function halfEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** Taylor series near 0, continued fraction of erfc beyond (Abramowitz and Stegun 7.1.5 and 7.1.14): full precision. */
function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 6) return Math.sign(x);
  if (Math.abs(x) > 3) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (Math.abs(x) + fraction);
    return Math.sign(x) * (1 - Math.exp(-x * x) / ((Math.abs(x) + fraction) * Math.sqrt(Math.PI)));
  }
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
