// quantized_bits with alpha "auto" and "auto_po2": symmetric codes with a scale per channel from the values.
//   v = min(⌊|x / s| + ½⌋, 2^(bits−1) − 1), q = sign(x) · v · s
// Reference: qkeras/quantizers.py (quantized_bits.__call__).

import { BitLensError } from '../../errors.ts';
import type { Shape } from '../../ir/graph.ts';
import type { Quantizer } from '../quantizer.ts';
import {
  each,
  fixedSharing,
  largest,
  leastSquares,
  nearestPowerOfTwo,
  perChannel,
  SHARED,
  type Sharing,
} from './scales.ts';

export interface AutoScale {
  readonly alpha: 'auto' | 'auto_po2';
  /** Axis with a scale per entry; the last where absent. */
  readonly axis: number | undefined;
  readonly elementsPerScale: number | undefined;
  /** Bounds of the exponent of a power-of-two scale. */
  readonly lowest: number | undefined;
  readonly highest: number | undefined;
  /** Scales of a trained model that are not to be set again, in units of the largest value. */
  readonly frozen: readonly number[] | undefined;
}

/** Rounds of least squares for a power-of-two scale. */
const REFINEMENTS = 5;

/** @throws `unsupported` for several scales per channel, and for one bit, whose only symmetric code is 0 */
export function autoScaled(
  text: string,
  bits: number,
  integer: number,
  signed: boolean,
  scale: AutoScale,
): Quantizer {
  if (scale.elementsPerScale !== undefined)
    throw new BitLensError('unsupported', ['{0} with elements_per_scale', text]);
  if (bits < 2) throw new BitLensError('unsupported', ['{0} has no codes', text]);
  const top = 2 ** (bits - 1) - 1;
  const apply = (values: Float32Array, shape: Shape) => {
    const x = values.map((value) => value / 2 ** integer);
    const { factors, sharing } = factorsOf(x, shape, bits - Number(signed), top, scale);
    const codes = codesOf(x, factors, sharing, top);
    return codes.map((code, element) => Math.fround(factors[sharing.of(element)]! * code) * 2 ** integer);
  };
  return { text, bits, apply };
}

interface Factors {
  readonly factors: Float32Array;
  readonly sharing: Sharing;
}

function factorsOf(
  x: Float32Array,
  shape: Shape,
  magnitudeBits: number,
  top: number,
  how: AutoScale,
): Factors {
  const { frozen, alpha, lowest, highest } = how;
  if (frozen) {
    const factors = Float32Array.from(frozen, (factor) => factor / 2 ** magnitudeBits);
    return { factors, sharing: fixedSharing(frozen) };
  }
  const channels = shape.length > 1 ? perChannel(shape, how.axis) : SHARED;
  const widest = largest(x, channels, Math.abs).map((max) => Math.fround(max * 2) / (2 * top));
  if (alpha === 'auto') return { factors: widest, sharing: channels };
  // A vector starts with one scale for all and goes on with one per element.
  const refined = shape.length > 1 ? channels : each(x.length);
  let found: Factors = { factors: widest.map((factor) => nearestPowerOfTwo(factor)), sharing: channels };
  for (let round = 0; round < REFINEMENTS; round++) {
    const codes = codesOf(x, found.factors, found.sharing, top);
    const factors = leastSquares(x, codes, refined).map((s) => nearestPowerOfTwo(s, lowest, highest));
    found = { factors, sharing: refined };
  }
  return found;
}

/** A scale of 0, which a channel of zeros has, gives codes of 0. */
function codesOf(x: Float32Array, factors: Float32Array, sharing: Sharing, top: number): Float32Array {
  return x.map((value, element) => {
    const ratio = Math.fround(Math.abs(value) / factors[sharing.of(element)]!);
    const magnitude = Math.floor(Math.fround(ratio + 0.5));
    return Math.sign(value) * (magnitude < top ? magnitude : top);
  });
}
