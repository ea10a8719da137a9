// TensorFlow's data types: how elements are stored (little-endian) and what they are to the IR.
// Reference: tensorflow/core/framework/types.proto.

import { fromHalf } from '../../data/values.ts';
import type { ElementType } from '../tensors/tensor.ts';

export interface DataType {
  readonly code: number;
  readonly bytes: number;
  readonly type: ElementType;
  read(view: DataView, at: number): number;
}

const row = (code: number, bytes: number, type: ElementType, read: DataType['read']): DataType => ({
  code,
  bytes,
  type,
  read,
});

const int8 = (view: DataView, at: number) => view.getInt8(at);
const uint8 = (view: DataView, at: number) => view.getUint8(at);
const int16 = (view: DataView, at: number) => view.getInt16(at, true);
const uint16 = (view: DataView, at: number) => view.getUint16(at, true);
const int32 = (view: DataView, at: number) => view.getInt32(at, true);

export const DATA_TYPES = {
  DT_FLOAT: row(1, 4, 'float', (view, at) => view.getFloat32(at, true)),
  DT_DOUBLE: row(2, 8, 'float', (view, at) => view.getFloat64(at, true)),
  DT_INT32: row(3, 4, 'int', int32),
  DT_UINT8: row(4, 1, 'int', uint8),
  DT_INT16: row(5, 2, 'int', int16),
  DT_INT8: row(6, 1, 'int', int8),
  DT_INT64: row(9, 8, 'int', (view, at) => Number(view.getBigInt64(at, true))),
  DT_BOOL: row(10, 1, 'bool', uint8),
  DT_QINT8: row(11, 1, 'int', int8),
  DT_QUINT8: row(12, 1, 'int', uint8),
  DT_QINT32: row(13, 4, 'int', int32),
  DT_BFLOAT16: row(14, 2, 'float', fromBfloat16),
  DT_QINT16: row(15, 2, 'int', int16),
  DT_QUINT16: row(16, 2, 'int', uint16),
  DT_UINT16: row(17, 2, 'int', uint16),
  DT_HALF: row(19, 2, 'float', (view, at) => fromHalf(view.getUint16(at, true))),
  DT_UINT32: row(22, 4, 'int', (view, at) => view.getUint32(at, true)),
  DT_UINT64: row(23, 8, 'int', (view, at) => Number(view.getBigUint64(at, true))),
  // Known by name only: they hold no numbers.
  DT_STRING: row(7, 0, 'int', () => 0),
  DT_RESOURCE: row(20, 0, 'int', () => 0),
  DT_VARIANT: row(21, 0, 'int', () => 0),
} as const satisfies Record<string, DataType>;

export type DataTypeName = keyof typeof DATA_TYPES;

export const STRING = DATA_TYPES.DT_STRING.code;

/** bfloat16 is the upper half of a float32. */
function fromBfloat16(view: DataView, at: number): number {
  const bits = new DataView(new ArrayBuffer(4));
  bits.setUint16(2, view.getUint16(at, true), true);
  return bits.getFloat32(0, true);
}

const BY_CODE: ReadonlyMap<number, DataType> = new Map(
  Object.values<DataType>(DATA_TYPES).map((type) => [type.code, type]),
);

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(DATA_TYPES).map(([name, { code }]) => [code, name.slice(3).toLowerCase()]),
);

/** Types of numbers; undefined for strings, resources, complex numbers and what is new. References count as values. */
export function dataTypeOf(code: number): DataType | undefined {
  const type = BY_CODE.get(code > 100 ? code - 100 : code);
  return type && type.bytes > 0 ? type : undefined;
}

export const nameOfType = (code: number): string =>
  NAMES.get(code > 100 ? code - 100 : code) ?? `type ${code}`;

/** All elements that fit in the bytes. */
export function decode({ bytes: size, read }: DataType, bytes: Uint8Array): Float32Array | number[] {
  const count = Math.floor(bytes.length / size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (read === DATA_TYPES.DT_FLOAT.read) {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = view.getFloat32(i * 4, true);
    return values;
  }
  return Array.from({ length: count }, (_, i) => read(view, i * size));
}
