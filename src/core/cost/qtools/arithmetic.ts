// Which circuit multiplies two operands, what type its result has and what one multiply-accumulate costs, as in
// QTools at qkeras HEAD (qtools/quantized_operators: multiplier_factory, multiplier_impl, accumulator_impl, adder_impl).
// HEAD keeps one sign bit in a product (4 × 4 signed bits give 7); version 0.9.0 and the paper let the widths add.

import type { MergeOp } from '../../ir/ops.ts';
import type { GrowthRules } from '../dataTypes.ts';
import { growth, unionType, type DataType, type FixedType } from '../fixedPoint.ts';
import { addEnergy, multiplyEnergy } from './horowitz.ts';

export interface Multiplier {
  readonly output: DataType;
  /** pJ per multiplication. */
  readonly energy: number;
}

/** Operand families that differ in hardware. Power-of-two, ternary and binary operands become further rows. */
type Operand = DataType['kind'];

const MULTIPLIERS: Record<Operand, Record<Operand, (weight: DataType, input: DataType) => Multiplier>> = {
  fixed: { fixed: fixedMultiplier, float: floatMultiplier },
  float: { fixed: floatMultiplier, float: floatMultiplier },
};

export function multiplier(weight: DataType, input: DataType): Multiplier {
  return MULTIPLIERS[weight.kind][input.kind](weight, input);
}

function fixedMultiplier(weight: DataType, input: DataType): Multiplier {
  const output = fixedProduct(weight as FixedType, input as FixedType);
  return { output, energy: multiplyEnergy({ kind: 'fixed', bits: Math.sqrt(weight.bits * input.bits) }) };
}

function floatMultiplier(weight: DataType, input: DataType): Multiplier {
  const output = unionType(weight, input);
  return { output, energy: multiplyEnergy(output) };
}

/** Integer and fraction bits add, without the signs; one sign bit is put back. */
function fixedProduct(a: FixedType, b: FixedType): FixedType {
  const signed = a.signed || b.signed;
  const sign = Number(signed);
  const integer =
    a.integer === undefined || b.integer === undefined
      ? undefined
      : a.integer - Number(a.signed) + b.integer - Number(b.signed) + sign;
  const bits = a.bits - Number(a.signed) + b.bits - Number(b.signed) + sign;
  return { kind: 'fixed', bits, integer, signed };
}

/** Sum of `terms` products, then one adder for the bias. */
export function accumulator(product: DataType, terms: number, bias: DataType | undefined): DataType {
  if (product.kind === 'float') return bias ? unionType(product, bias) : product;
  const extra = growth(terms);
  const integer = product.integer === undefined ? undefined : product.integer + extra;
  const sum: FixedType = { ...product, bits: product.bits + extra, integer };
  return bias ? adderOutput(sum, bias) : sum;
}

/**
 * max + 1 integer bits, max fraction bits, a sign bit when either has one. Unlike {@link unionType}, QTools compares
 * integer bits without the sign, so an unsigned operand costs no extra bit.
 */
export function adderOutput(a: DataType, b: DataType): DataType {
  if (a.kind === 'float' || b.kind === 'float') return unionType(a, b);
  const signed = a.signed || b.signed;
  const sign = Number(signed);
  if (a.integer === undefined || b.integer === undefined) {
    const magnitude = Math.max(a.bits - Number(a.signed), b.bits - Number(b.signed));
    return { kind: 'fixed', bits: magnitude + 1 + sign, integer: undefined, signed };
  }
  const integer = Math.max(a.integer - Number(a.signed), b.integer - Number(b.signed)) + 1;
  const fraction = Math.max(a.bits - a.integer, b.bits - b.integer);
  return { kind: 'fixed', bits: integer + fraction + sign, integer: integer + sign, signed };
}

/** Output of a merge: additions give the widest operand one more bit, products chain, the rest takes the widest. */
export function mergeOutput(fn: MergeOp['fn'], operands: readonly DataType[]): DataType {
  if (fn === 'multiply') return operands.reduce((a, b) => multiplier(a, b).output);
  const widest = operands.reduce(unsignedUnion);
  if (widest.kind === 'float' || (fn !== 'add' && fn !== 'subtract')) return widest;
  const integer = widest.integer === undefined ? undefined : widest.integer + 1;
  return { ...widest, bits: widest.bits + 1, integer };
}

/** Widths and integer bits compared one by one, whatever the signs. */
function unsignedUnion(a: DataType, b: DataType): DataType {
  if (a.kind === 'float' || b.kind === 'float') return unionType(a, b);
  const integer =
    a.integer === undefined || b.integer === undefined ? undefined : Math.max(a.integer, b.integer);
  return { kind: 'fixed', bits: Math.max(a.bits, b.bits), integer, signed: a.signed || b.signed };
}

/** Types of what no quantizer narrows. */
export const QTOOLS_RULES: GrowthRules = {
  accumulator: (weight, input, terms, bias) => accumulator(multiplier(weight, input).output, terms, bias),
  affine: (parameter, input) => adderOutput(multiplier(parameter, input).output, parameter),
  merge: mergeOutput,
};

/** pJ of one multiplication and the addition of its product. */
export function macEnergy(circuit: Multiplier, sum: DataType): number {
  return circuit.energy + addEnergy(sum);
}
