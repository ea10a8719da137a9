// Data types of tensors on hardware, and how they grow through additions and multiplications.
// Fed by the formats of a plan (dataTypes.ts); read by the cost models.
// The growth rules are those of hls4ml's precision inference (fastmachinelearning/hls4ml,
// model/optimizer/passes/infer_precision.py), which lose no bit.

/** Fixed point (integers included) or floating point. */
export type DataType = FixedType | FloatType;

export interface FixedType {
  readonly kind: 'fixed';
  readonly bits: number;
  /** Integer bits with the sign bit when signed; undefined for integer codes whose scale is not known here. */
  readonly integer: number | undefined;
  readonly signed: boolean;
}

export interface FloatType {
  readonly kind: 'float';
  readonly bits: 16 | 32;
}

export const FLOAT32_TYPE: FloatType = { kind: 'float', bits: 32 };

/** Bits added by summing n terms: ⌈log2 n⌉. */
export function growth(terms: number): number {
  return Math.max(0, Math.ceil(Math.log2(terms)));
}

/** Exact product of two operands: widths and integer bits add. */
export function productType(a: DataType, b: DataType): DataType {
  if (a.kind === 'float' || b.kind === 'float') return widestFloat(a, b);
  const integer = a.integer === undefined || b.integer === undefined ? undefined : a.integer + b.integer;
  return { kind: 'fixed', bits: a.bits + b.bits, integer, signed: a.signed || b.signed };
}

/** Exact sum of two operands: one more integer bit than the wider one. */
export function sumType(a: DataType, b: DataType): DataType {
  const union = unionType(a, b);
  return union.kind === 'float' ? union : widened(union, 1);
}

/**
 * Accumulator of `terms` products, and of a bias when there is one.
 * width wx + ww + ⌈log2 n⌉, integer ix + iw + ⌈log2 n⌉; the bias adds one integer bit.
 */
export function accumulatorType(
  weight: DataType,
  input: DataType,
  terms: number,
  bias: DataType | undefined,
): DataType {
  const product = productType(weight, input);
  const sum = product.kind === 'float' ? product : widened(product, growth(terms));
  return bias ? sumType(sum, bias) : sum;
}

/**
 * Smallest type that holds both. An unsigned operand beside a signed one needs one more integer bit.
 * Where the binary points are not known the least significant bits are taken as aligned.
 */
export function unionType(a: DataType, b: DataType): DataType {
  if (a.kind === 'float' || b.kind === 'float') return widestFloat(a, b);
  const signed = a.signed || b.signed;
  const left = withSign(a, signed);
  const right = withSign(b, signed);
  if (left.integer === undefined || right.integer === undefined) {
    return { kind: 'fixed', bits: Math.max(left.bits, right.bits), integer: undefined, signed };
  }
  const integer = Math.max(left.integer, right.integer);
  const fraction = Math.max(left.bits - left.integer, right.bits - right.integer);
  return { kind: 'fixed', bits: integer + fraction, integer, signed };
}

/** The same type with more integer bits. */
function widened(type: FixedType, bits: number): FixedType {
  const integer = type.integer === undefined ? undefined : type.integer + bits;
  return { ...type, bits: type.bits + bits, integer };
}

function withSign(type: FixedType, signed: boolean): FixedType {
  return signed && !type.signed ? { ...widened(type, 1), signed } : type;
}

function widestFloat(a: DataType, b: DataType): FloatType {
  const bits = Math.max(a.kind === 'float' ? a.bits : 0, b.kind === 'float' ? b.bits : 0);
  return { kind: 'float', bits: bits === 16 ? 16 : 32 };
}

export function sameType(a: DataType, b: DataType): boolean {
  if (a.kind === 'float' || b.kind === 'float') return a.kind === b.kind && a.bits === b.bits;
  return a.bits === b.bits && a.integer === b.integer && a.signed === b.signed;
}
