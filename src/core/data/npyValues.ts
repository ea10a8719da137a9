// The values of a .npy array: bytes to typed numbers in row-major order.

import { elements } from '../ir/graph.ts';
import type { NpyHeader } from './npyHeader.ts';
import { ITEM_BYTES, type DType, type Values } from './values.ts';

/** Bytes that hold the first `rows` samples: in column-major order these are spread over the whole array. */
export function bytesFor(header: NpyHeader, rows: number): number {
  const counted = header.fortran ? header.shape : [rows, ...header.shape.slice(1)];
  return elements(counted) * ITEM_BYTES[header.dtype];
}

/** The first `rows` samples out of the bytes that {@link bytesFor} asks for. */
export function decodeValues(header: NpyHeader, bytes: Uint8Array, rows: number): Values {
  const size = ITEM_BYTES[header.dtype];
  let native = bytes;
  if (header.bigEndian) native = swapped(bytes, size);
  else if (bytes.byteOffset % size !== 0) native = bytes.slice();
  const values = view(header.dtype, native);
  return header.fortran && header.shape.length > 1
    ? rowMajor(values, header.shape, rows)
    : firstValues(values, header, rows);
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += size)
    for (let i = 0; i < size; i++) out[start + i] = bytes[start + size - 1 - i]!;
  return out;
}

function view(dtype: DType, { buffer, byteOffset, byteLength }: Uint8Array): Values {
  const length = byteLength / ITEM_BYTES[dtype];
  switch (dtype) {
    case 'bool':
    case 'uint8':
      return { dtype, data: new Uint8Array(buffer, byteOffset, length) };
    case 'int8':
      return { dtype, data: new Int8Array(buffer, byteOffset, length) };
    case 'int16':
      return { dtype, data: new Int16Array(buffer, byteOffset, length) };
    case 'uint16':
    case 'float16':
      return { dtype, data: new Uint16Array(buffer, byteOffset, length) };
    case 'int32':
      return { dtype, data: new Int32Array(buffer, byteOffset, length) };
    case 'uint32':
      return { dtype, data: new Uint32Array(buffer, byteOffset, length) };
    case 'int64':
      return { dtype, data: new BigInt64Array(buffer, byteOffset, length) };
    case 'uint64':
      return { dtype, data: new BigUint64Array(buffer, byteOffset, length) };
    case 'float32':
      return { dtype, data: new Float32Array(buffer, byteOffset, length) };
    case 'float64':
      return { dtype, data: new Float64Array(buffer, byteOffset, length) };
  }
}

function firstValues(values: Values, header: NpyHeader, rows: number): Values {
  const count = elements([rows, ...header.shape.slice(1)]);
  return { ...values, data: values.data.subarray(0, count) } as Values;
}

/** Column-major values of `shape` to the first `rows` rows in row-major order. */
function rowMajor(values: Values, shape: readonly number[], rows: number): Values {
  const extents = [rows, ...shape.slice(1)];
  const strides = shape.map((_, axis) => elements(shape.slice(0, axis)));
  const index = extents.map(() => 0);
  const source = values.data;
  const out = source.slice(0, elements(extents));
  for (let to = 0, from = 0; to < out.length; to++) {
    out[to] = source[from]!;
    for (let axis = extents.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < extents[axis]!) break;
      from -= strides[axis]! * extents[axis]!;
      index[axis] = 0;
    }
  }
  return { ...values, data: out } as Values;
}
