// From the bytes that the HDF5 library hands out to numbers and strings.

import { strFromU8 } from 'fflate';
import { fromHalf } from '../data/values.ts';

/** The part of h5wasm's metadata that decoding needs. */
export interface StoredType {
  /** Class of the HDF5 type: 0 integer, 1 float, 3 string, 5 opaque. */
  readonly type: number;
  /** Bytes of one value. */
  readonly size: number;
  readonly total_size: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
  readonly vlen: boolean;
}

/**
 * @param tag Keras 3's `dtype` attribute: HDF5 knows no bfloat16, so it is stored as two opaque bytes with a tag
 * @returns undefined for a type that is not a number of 1, 2, 4 or 8 bytes
 */
export function decodeNumbers(bytes: Uint8Array, type: StoredType, tag?: string): Float32Array | undefined {
  const read = readerOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), type, tag);
  if (!read) return undefined;
  const values = new Float32Array(bytes.length / type.size);
  for (let i = 0; i < values.length; i++) values[i] = read(i * type.size);
  return values;
}

function readerOf(view: DataView, { type, size, signed, littleEndian: little }: StoredType, tag?: string) {
  if (tag === 'bfloat16' && size === 2) return (at: number) => fromBrain(view.getUint16(at, true));
  if (type === 1 && size === 8) return (at: number) => view.getFloat64(at, little);
  if (type === 1 && size === 4) return (at: number) => view.getFloat32(at, little);
  if (type === 1 && size === 2) return (at: number) => fromHalf(view.getUint16(at, little));
  if (type !== 0) return undefined;
  switch (size) {
    case 1:
      return (at: number) => (signed ? view.getInt8(at) : view.getUint8(at));
    case 2:
      return (at: number) => (signed ? view.getInt16(at, little) : view.getUint16(at, little));
    case 4:
      return (at: number) => (signed ? view.getInt32(at, little) : view.getUint32(at, little));
    case 8:
      return (at: number) => Number(signed ? view.getBigInt64(at, little) : view.getBigUint64(at, little));
    default:
      return undefined;
  }
}

const word = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function fromBrain(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}

/** Text of fixed length (padded with zeros) or of variable length (an array of pointers into the heap). */
export function decodeStrings(
  module: { readonly HEAPU8: Uint8Array; UTF8ToString(pointer: number): string },
  { vlen, size, total_size: count, type }: StoredType,
  pointer: number,
): readonly string[] {
  if (type !== 3) return [];
  const heap = module.HEAPU8;
  if (vlen) {
    const pointers = new DataView(heap.buffer, heap.byteOffset + pointer, 4 * count);
    return Array.from({ length: count }, (_, i) => module.UTF8ToString(pointers.getUint32(4 * i, true)));
  }
  return Array.from({ length: count }, (_, i) => {
    const bytes = heap.subarray(pointer + i * size, pointer + (i + 1) * size);
    const end = bytes.indexOf(0);
    return strFromU8(end < 0 ? bytes : bytes.subarray(0, end));
  });
}
