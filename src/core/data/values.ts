// Numbers in the type they are stored in, and their conversion to float32. Data sets stay in their stored type
// (a uint8 image takes a quarter of its float32 form) and are converted batch by batch.

export type DType =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64';

export type NumberArray =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** A one-dimensional run of values. float16 is kept as its bits. */
export type Values =
  | { readonly dtype: 'int64'; readonly data: BigInt64Array }
  | { readonly dtype: 'uint64'; readonly data: BigUint64Array }
  | { readonly dtype: 'float16'; readonly data: Uint16Array }
  | { readonly dtype: Exclude<DType, 'int64' | 'uint64' | 'float16'>; readonly data: NumberArray };

/** Bytes of one value. */
export const ITEM_BYTES: Readonly<Record<DType, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
};

/** Value of an IEEE 754 binary16 bit pattern. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Value `index` as a number; 64-bit integers beyond 2^53 are rounded. */
export function valueAt(values: Values, index: number): number {
  if (values.dtype === 'float16') return fromHalf(values.data[index]!);
  return Number(values.data[index]);
}

/**
 * out[to + i] = float32(value[from + i] · scale + offset) for `count` values, computed in float64 and rounded once.
 */
export function toFloat32(
  values: Values,
  from: number,
  count: number,
  out: Float32Array,
  to: number,
  { scale, offset }: { readonly scale: number; readonly offset: number },
): void {
  if (values.dtype === 'float16' || values.dtype === 'int64' || values.dtype === 'uint64') {
    for (let i = 0; i < count; i++) out[to + i] = valueAt(values, from + i) * scale + offset;
    return;
  }
  const { data } = values;
  for (let i = 0; i < count; i++) out[to + i] = data[from + i]! * scale + offset;
}
