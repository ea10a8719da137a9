// How model files store numbers (little-endian), and their values. ONNX, TFLite, safetensors and PyTorch archives name
// these types each in their own words; their readers translate the names and take the decoder from this table.
// References: IEEE 754 binary16; FP8 formats, arXiv 2209.05433, and with other zeros and infinities arXiv 2206.02915;
// packing of 4 and 2 bits: onnx.proto (low bits first).

import { BitLensError } from '../errors.ts';
import type { ElementType } from './tensors/tensor.ts';

export type StoredType =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'float8e4m3fn'
  | 'float8e4m3fnuz'
  | 'float8e5m2'
  | 'float8e5m2fnuz'
  | 'int64'
  | 'uint64'
  | 'int32'
  | 'uint32'
  | 'int16'
  | 'uint16'
  | 'int8'
  | 'uint8'
  | 'int4'
  | 'uint4'
  | 'int2'
  | 'uint2'
  | 'bool';

/** Float64Array where float32 would lose digits: doubles, and integers of 32 bits and more (beyond 2^53 they are rounded). */
export type DecodedValues = Float32Array | Float64Array;

export interface StoredElement {
  /** Bits of storage of one value; types below 8 are packed, the first value in the low bits. */
  readonly bits: number;
  readonly type: ElementType;
  /** As many values as the bytes hold: packed types may end with values of padding. */
  decode(bytes: Uint8Array): DecodedValues;
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The bytes at an address that every typed array accepts. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy.buffer;
}

const whole = (bytes: Uint8Array, size: number): Uint8Array =>
  bytes.subarray(0, bytes.length - (bytes.length % size));

/** Both 16-bit formats have few enough values to compute each once. */
function decoder16(valueOf: (bits: number) => number): (bytes: Uint8Array) => Float32Array {
  let table: Float32Array | undefined;
  return (bytes) => {
    table ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => valueOf(bits));
    const values = new Float32Array(bytes.length >> 1);
    for (let i = 0; i < values.length; i++) values[i] = table[bytes[2 * i]! | (bytes[2 * i + 1]! << 8)]!;
    return values;
  };
}

interface Minifloat {
  readonly exponentBits: number;
  readonly fractionBits: number;
  readonly bias: number;
  /**
   * What the highest exponent means: infinity and NaN as in IEEE 754; NaN with all fraction bits set and numbers otherwise;
   * only numbers, and NaN in the place of the negative zero.
   */
  readonly top: 'ieee' | 'finite' | 'unsignedZero';
}

/** Value of a bit pattern: (−1)^s · 2^(e − bias) · 1.f, without the leading 1 and with e = 1 when e is 0. */
function minifloatValue(format: Minifloat, bits: number): number {
  const { exponentBits, fractionBits, bias, top } = format;
  const fractions = 2 ** fractionBits;
  const fraction = bits % fractions;
  const exponent = Math.floor(bits / fractions) % 2 ** exponentBits;
  const negative = bits >= fractions * 2 ** exponentBits;
  if (top === 'unsignedZero' && negative && exponent === 0 && fraction === 0) return NaN;
  if (exponent === 2 ** exponentBits - 1) {
    if (top === 'ieee') return fraction > 0 ? NaN : negative ? -Infinity : Infinity;
    if (top === 'finite' && fraction === fractions - 1) return NaN;
  }
  const significand = (exponent > 0 ? 1 : 0) + fraction / fractions;
  return (negative ? -1 : 1) * significand * 2 ** (Math.max(exponent, 1) - bias);
}

const HALF: Minifloat = { exponentBits: 5, fractionBits: 10, bias: 15, top: 'ieee' };
const BFLOAT: Minifloat = { exponentBits: 8, fractionBits: 7, bias: 127, top: 'ieee' };

/** IEEE 754 binary16; two bytes a value. */
export const decodeFloat16 = decoder16((bits) => minifloatValue(HALF, bits));
/** The upper half of a binary32; two bytes a value. */
export const decodeBfloat16 = decoder16((bits) => minifloatValue(BFLOAT, bits));

function float8(format: Minifloat): StoredElement {
  const table = Float32Array.from({ length: 256 }, (_, bits) => minifloatValue(format, bits));
  return { bits: 8, type: 'float', decode: (bytes) => Float32Array.from(bytes, (bits) => table[bits]!) };
}

/** Two, or four, values in a byte. */
function packed(bits: number, signed: boolean): StoredElement {
  const perByte = 8 / bits;
  const range = 2 ** bits;
  const decode = (bytes: Uint8Array): Float32Array => {
    const values = new Float32Array(bytes.length * perByte);
    for (let i = 0; i < values.length; i++) {
      const code = (bytes[Math.floor(i / perByte)]! >> (bits * (i % perByte))) & (range - 1);
      values[i] = signed && code >= range / 2 ? code - range : code;
    }
    return values;
  };
  return { bits, type: 'int', decode };
}

function wide(read: (view: DataView, at: number) => bigint): StoredElement {
  const decode = (bytes: Uint8Array): Float64Array => {
    const view = viewOf(bytes);
    return Float64Array.from({ length: bytes.length >> 3 }, (_, i) => Number(read(view, 8 * i)));
  };
  return { bits: 64, type: 'int', decode };
}

/** Every type that model files store numbers in. */
export const STORED_TYPES: Readonly<Record<StoredType, StoredElement>> = {
  float64: { bits: 64, type: 'float', decode: (bytes) => new Float64Array(aligned(whole(bytes, 8))) },
  float32: { bits: 32, type: 'float', decode: (bytes) => new Float32Array(aligned(whole(bytes, 4))) },
  float16: { bits: 16, type: 'float', decode: decodeFloat16 },
  bfloat16: { bits: 16, type: 'float', decode: decodeBfloat16 },
  float8e4m3fn: float8({ exponentBits: 4, fractionBits: 3, bias: 7, top: 'finite' }),
  float8e4m3fnuz: float8({ exponentBits: 4, fractionBits: 3, bias: 8, top: 'unsignedZero' }),
  float8e5m2: float8({ exponentBits: 5, fractionBits: 2, bias: 15, top: 'ieee' }),
  float8e5m2fnuz: float8({ exponentBits: 5, fractionBits: 2, bias: 16, top: 'unsignedZero' }),
  int64: wide((view, at) => view.getBigInt64(at, true)),
  uint64: wide((view, at) => view.getBigUint64(at, true)),
  int32: {
    bits: 32,
    type: 'int',
    decode: (bytes) => Float64Array.from(new Int32Array(aligned(whole(bytes, 4)))),
  },
  uint32: {
    bits: 32,
    type: 'int',
    decode: (bytes) => Float64Array.from(new Uint32Array(aligned(whole(bytes, 4)))),
  },
  int16: {
    bits: 16,
    type: 'int',
    decode: (bytes) => Float32Array.from(new Int16Array(aligned(whole(bytes, 2)))),
  },
  uint16: {
    bits: 16,
    type: 'int',
    decode: (bytes) => Float32Array.from(new Uint16Array(aligned(whole(bytes, 2)))),
  },
  int8: { bits: 8, type: 'int', decode: (bytes) => Float32Array.from(new Int8Array(aligned(bytes))) },
  uint8: { bits: 8, type: 'int', decode: (bytes) => Float32Array.from(bytes) },
  int4: packed(4, true),
  uint4: packed(4, false),
  int2: packed(2, true),
  uint2: packed(2, false),
  bool: {
    bits: 8,
    type: 'bool',
    decode: (bytes) => Float32Array.from(bytes, (byte) => (byte === 0 ? 0 : 1)),
  },
};

/** Bytes that `count` values take. */
export const storedBytes = (type: StoredType, count: number): number =>
  Math.ceil((count * STORED_TYPES[type].bits) / 8);

/**
 * Exactly `count` values.
 * @param name of the tensor, for the message
 * @throws `bad-file` when the bytes are not as many as the values take
 */
export function decodeStored(
  type: StoredType,
  bytes: Uint8Array,
  count: number,
  name: string,
): DecodedValues {
  const expected = storedBytes(type, count);
  if (bytes.length !== expected)
    throw new BitLensError(
      'bad-file',
      [
        'Tensor {0} has {1} bytes; its {2} values of {3} take {4}.',
        name,
        bytes.length,
        count,
        type,
        expected,
      ],
      ['The file is damaged: export or download it again.'],
    );
  return STORED_TYPES[type].decode(bytes).subarray(0, count);
}
