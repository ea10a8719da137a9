// Quantizers that a file gives by scale, zero point and the range of their codes: value = scale · (code − zero).

import { printFormat, MAX_BITS, type IntFormat } from './format.ts';
import { fakeQuantize, type Grid } from './grid.ts';
import type { Quantizer } from './quantizer.ts';

export interface AffineEncoding {
  /** One entry, or one per channel, as the zero points. */
  readonly scale: ArrayLike<number>;
  readonly zero: ArrayLike<number>;
  /** Least and greatest code. */
  readonly low: number;
  readonly high: number;
  /** Consecutive values that share a channel. */
  readonly inner: number;
}

/** The quantizer, with a grid for the backend when one serves the whole tensor. */
export function affineQuantizer(encoding: AffineEncoding): Quantizer {
  const { scale, zero, low, high, inner } = encoding;
  const perChannel = scale.length > 1;
  const bits = Math.ceil(Math.log2(high - low + 1));
  const signed = low < 0;
  const centred = signed && Array.from(zero).every((code) => code === 0);
  const symmetric = centred && (perChannel || low === -high);
  const format: IntFormat = {
    kind: 'int',
    bits,
    signed,
    symmetric,
    perChannel,
    ...(perChannel ? {} : { scale: scale[0]! }),
    ...(perChannel || symmetric ? {} : { zero: zero[0]! }),
  };
  const grid: Grid = {
    scale: Float32Array.from(scale),
    low: Float32Array.from(zero, (code) => low - code),
    high: Float32Array.from(zero, (code) => high - code),
    zero: Int32Array.from(zero),
    bipolar: false,
    inner: perChannel ? inner : 1,
  };
  return {
    text: printFormat(format),
    bits,
    ...(bits <= MAX_BITS ? { format } : {}),
    ...(perChannel ? {} : { grid }),
    apply: (values) => fakeQuantize(values, grid),
  };
}

/** What codes stand for. */
export function realValues(
  codes: ArrayLike<number>,
  { scale, zero, inner }: Pick<AffineEncoding, 'scale' | 'zero' | 'inner'>,
): Float32Array {
  const out = new Float32Array(codes.length);
  for (let i = 0; i < codes.length; i++) {
    const channel = scale.length > 1 ? Math.floor(i / inner) % scale.length : 0;
    out[i] = scale[channel]! * (codes[i]! - zero[channel]!);
  }
  return out;
}
