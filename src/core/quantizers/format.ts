// What a tensor is stored as, and the one grammar that prints and parses it:
//   float32 | fixed<6,1> | fixed<6,-3:1> | ufixed<6,0> | int8 | uint8 | int4 per-channel | int8 asymmetric scale=0.0123 zero=-4

import { BitLensError } from '../errors.ts';

export interface Float32Format {
  readonly kind: 'float32';
}

/**
 * Fixed point as in ap_fixed<W,I,AP_RND_CONV,AP_SAT>: `integer` counts the sign bit when signed.
 * Least significant bit 2^(integer − width); one signed bit is ±2^(integer − 1).
 * Weights may have their own binary point per output channel, printed fixed<W,lowest:integer>: unrolled hardware
 * holds them as constants of one wider type, and each is still a W-bit number times a power of two.
 */
export interface FixedFormat {
  readonly kind: 'fixed';
  readonly width: number;
  /** Of the tensor, or of the channel with the most. */
  readonly integer: number;
  readonly signed: boolean;
  /** Integer bits of the channel with the fewest; absent when all channels share one binary point. */
  readonly lowest?: number | undefined;
}

/**
 * Integer codes with a real scale: value = scale · (code − zero).
 * Without `scale` the encoding is set from the tensor itself (weights) or from the calibration set (activations).
 */
export interface IntFormat {
  readonly kind: 'int';
  readonly bits: number;
  readonly signed: boolean;
  /** Symmetric formats have zero = 0; signed symmetric ones leave the most negative code unused. */
  readonly symmetric: boolean;
  readonly perChannel: boolean;
  readonly scale?: number | undefined;
  readonly zero?: number | undefined;
}

export type Format = Float32Format | FixedFormat | IntFormat;

export const FLOAT32: Float32Format = { kind: 'float32' };

export const MIN_BITS = 1;
/** Widest format a slot may have; biases are kept at this width by default. */
export const MAX_BITS = 16;

/** Bits of storage per element. */
export function bitsOf(format: Format): number {
  switch (format.kind) {
    case 'float32':
      return 32;
    case 'fixed':
      return format.width;
    case 'int':
      return format.bits;
  }
}

export function printFormat(format: Format): string {
  switch (format.kind) {
    case 'float32':
      return 'float32';
    case 'fixed': {
      const integer = format.lowest === undefined ? format.integer : `${format.lowest}:${format.integer}`;
      return `${format.signed ? '' : 'u'}fixed<${format.width},${integer}>`;
    }
    case 'int': {
      const parts = [`${format.signed ? '' : 'u'}int${format.bits}`];
      if (!format.symmetric) parts.push('asymmetric');
      if (format.perChannel) parts.push('per-channel');
      if (format.scale !== undefined) parts.push(`scale=${format.scale}`);
      if (format.zero !== undefined) parts.push(`zero=${format.zero}`);
      return parts.join(' ');
    }
  }
}

const FIXED = /^(u?)fixed<\s*(\d+)\s*,\s*(?:(-?\d+)\s*:\s*)?(-?\d+)\s*>$/;
const INT = /^(u?)int(\d+)((?:\s+\S+)*)$/;

/** Throws `bad-plan` when the text is no format. */
export function parseFormat(text: string): Format {
  const trimmed = text.trim();
  if (trimmed === 'float32') return FLOAT32;
  const fixed = FIXED.exec(trimmed);
  if (fixed) {
    const integer = Number(fixed[4]);
    const lowest = fixed[3] === undefined ? undefined : Number(fixed[3]);
    if (lowest !== undefined && lowest >= integer) throw bad(text);
    return {
      kind: 'fixed',
      width: checkedBits(Number(fixed[2]), text),
      integer,
      signed: fixed[1] === '',
      lowest,
    };
  }
  const int = INT.exec(trimmed);
  if (int) {
    const words = (int[3] ?? '').split(/\s+/).filter((word) => word !== '');
    return {
      kind: 'int',
      bits: checkedBits(Number(int[2]), text),
      signed: int[1] === '',
      ...encoding(words, text),
    };
  }
  throw bad(text);
}

function encoding(words: readonly string[], text: string): Omit<IntFormat, 'kind' | 'bits' | 'signed'> {
  let symmetric = true;
  let perChannel = false;
  let scale: number | undefined;
  let zero: number | undefined;
  for (const word of words) {
    const [key, value] = word.split('=', 2);
    const number = value === undefined || value === '' ? Number.NaN : Number(value);
    if (word === 'asymmetric') symmetric = false;
    else if (word === 'per-channel') perChannel = true;
    else if (key === 'scale' && number > 0 && Number.isFinite(number)) scale = number;
    else if (key === 'zero' && Number.isInteger(number)) zero = number;
    else throw bad(text);
  }
  return { symmetric, perChannel, scale, zero };
}

function checkedBits(bits: number, text: string): number {
  if (bits >= MIN_BITS && bits <= MAX_BITS) return bits;
  throw new BitLensError(
    'bad-plan',
    ['The format “{0}” has {1} bits.', text, bits],
    ['Formats have {0} to {1} bits.', MIN_BITS, MAX_BITS],
  );
}

function bad(text: string): BitLensError {
  return new BitLensError(
    'bad-plan',
    ['“{0}” is not a format.', text],
    ['Write float32, fixed<6,1>, ufixed<6,0>, int8, int4 per-channel or int8 asymmetric.'],
  );
}
