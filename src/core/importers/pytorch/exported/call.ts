// One operation of the program with its operands resolved: what the rows of the op tables read.
// Arguments come by the names of the operator's schema; those that are left out have its default.

import type { Shape } from '../../../ir/graph.ts';
import { STORED_TYPES } from '../../elementTypes.ts';
import { scalar } from '../../tensors/constants.ts';
import { notSupported } from '../../tensors/errors.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import type { Constant, ElementType, Tensor, Unknown } from '../../tensors/tensor.ts';
import { isObject } from '../../../jsonObject.ts';
import { SCALAR_TYPES } from '../weights/dtypes.ts';
import { nameOf, type Argument, type ProgramNode, type ValueMeta } from './schema.ts';

/** What a name in the program stands for; numbers are the extents that programs compute with. */
export type Value = Tensor | number | Unknown;

/** What an op gives: one value, or one per output. */
export type Result = Value | readonly Value[];

export interface Call {
  readonly g: TensorGraph;
  readonly node: ProgramNode;
  readonly values: ReadonlyMap<string, Value>;
  /** What the file says about the values. */
  readonly metas: ReadonlyMap<string, ValueMeta>;
  /** Extent of the batch axis that the file fixes and that is read as 1. */
  readonly batch: number | undefined;
}

export type OpFunction = (call: Call) => Result;

const argument = ({ node }: Call, name: string): Argument | undefined => {
  const found = node.inputs.get(name);
  return found?.tag === 'as_none' ? undefined : found;
};

/** The value is there unless the file contradicts itself. */
function named(call: Call, reference: unknown): Value | undefined {
  if (typeof reference === 'number') return reference;
  if (!isObject(reference)) return undefined;
  if (typeof reference['as_int'] === 'number') return reference['as_int'];
  const inner = isObject(reference['as_tensor']) ? reference['as_tensor'] : reference;
  const name = inner['name'] ?? inner['as_name'];
  return typeof name === 'string' ? call.values.get(name) : undefined;
}

const missing = (call: Call, name: string): Error => notSupported(call.g, ['without a usable {0}.', name]);

const asTensor = (value: Value | undefined): Tensor | undefined =>
  typeof value === 'number' ? scalar(value, 'int') : value?.kind === 'unknown' ? undefined : value;

export const has = (call: Call, name: string): boolean => argument(call, name) !== undefined;

export function optionalTensor(call: Call, name: string): Tensor | undefined {
  const found = argument(call, name);
  if (!found) return undefined;
  if (found.tag === 'as_float') return scalar(numberOf(found.value)!);
  if (found.tag === 'as_int') return scalar(numberOf(found.value)!, 'int');
  if (found.tag === 'as_bool') return scalar(found.value === true ? 1 : 0, 'bool');
  return asTensor(named(call, found.value));
}

/** A tensor, or a number as one without axes. */
export function tensor(call: Call, name: string): Tensor {
  const found = optionalTensor(call, name);
  if (!found) throw missing(call, name);
  return found;
}

/** The operand that most ops call `self`, some `input`. */
export const subject = (call: Call): Tensor => tensor(call, has(call, 'self') ? 'self' : 'input');

export function optionalConstant(call: Call, name: string): Constant | undefined {
  const found = optionalTensor(call, name);
  if (found?.kind === 'computed')
    throw notSupported(call.g, ['with a {0} that is computed from the input of the network.', name]);
  return found;
}

export function constantOperand(call: Call, name: string): Constant {
  const found = optionalConstant(call, name);
  if (!found) throw missing(call, name);
  return found;
}

export function tensors(call: Call, name: string): readonly Tensor[] {
  const list = argument(call, name)?.value;
  if (!Array.isArray(list)) throw missing(call, name);
  return list.map((reference: unknown) => {
    const found = asTensor(named(call, reference));
    if (!found) throw missing(call, name);
    return found;
  });
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number'
    ? value
    : typeof value === 'boolean'
      ? Number(value)
      : value === 'Infinity' || value === '-Infinity' || value === 'NaN'
        ? Number(value)
        : undefined;

/** A number, an extent, or a constant of one value. */
export function optionalNumber(call: Call, name: string): number | undefined {
  const found = argument(call, name);
  if (!found) return undefined;
  const plain = numberOf(found.value);
  if (plain !== undefined) return plain;
  const value = named(call, found.value);
  if (typeof value === 'number') return value;
  if (value?.kind === 'constant' && value.numbers().length === 1) return value.numbers()[0]!;
  throw missing(call, name);
}

export function number(call: Call, name: string, otherwise?: number): number {
  const found = optionalNumber(call, name) ?? otherwise;
  if (found === undefined) throw missing(call, name);
  return found;
}

export const flag = (call: Call, name: string, otherwise = false): boolean =>
  (optionalNumber(call, name) ?? Number(otherwise)) !== 0;

export const text = (call: Call, name: string): string | undefined => {
  const value = argument(call, name)?.value;
  return typeof value === 'string' ? value : undefined;
};

export function optionalNumbers(call: Call, name: string): readonly number[] | undefined {
  const value = argument(call, name)?.value;
  if (value === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((entry) => {
    const found = numberOf(entry) ?? named(call, entry);
    if (typeof found !== 'number') throw missing(call, name);
    return found;
  });
}

export function numbers(call: Call, name: string, otherwise?: readonly number[]): readonly number[] {
  const found = optionalNumbers(call, name) ?? otherwise;
  if (!found) throw missing(call, name);
  return found;
}

/** One entry per axis from what may be one for all; an empty list is the default too. */
export function perAxis(
  call: Call,
  name: string,
  count: number,
  otherwise: readonly number[],
): readonly number[] {
  const found = optionalNumbers(call, name) ?? [];
  if (found.length === 0) return otherwise;
  return found.length === 1 ? new Array<number>(count).fill(found[0]!) : found;
}

/** An axis counted from the front. */
export function axisOf(call: Call, rank: number, axis: number): number {
  const found = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(found) && found >= 0 && found < Math.max(rank, 1)) return found;
  throw notSupported(call.g, ['over axis {0} of {1}.', axis, rank]);
}

export const axis = (call: Call, name: string, rank: number, otherwise?: number): number =>
  axisOf(call, rank, number(call, name, otherwise));

/** Axes counted from the front; all of them when none are given. */
export function axes(call: Call, name: string, rank: number): readonly number[] {
  const found = optionalNumbers(call, name) ?? [];
  if (found.length === 0) return Array.from({ length: rank }, (_, at) => at);
  return found.map((entry) => axisOf(call, rank, entry)).sort((a, b) => a - b);
}

/** The type that the call asks for. */
export function elementType(call: Call, name = 'dtype'): ElementType | undefined {
  const value = argument(call, name)?.value;
  const stored = typeof value === 'number' ? SCALAR_TYPES.get(value) : undefined;
  return stored && STORED_TYPES[stored].type;
}

/** Axis of the first operand that is the batch the file fixes; undefined when there is none, as in a parameter. */
export function batchAxis(call: Call, x: Tensor): number | undefined {
  const { batch, metas, node } = call;
  const sizes = metas.get(nameOf(node.inputs.get('self') ?? node.inputs.get('input')))?.sizes;
  if (batch === undefined || !sizes || sizes.length !== x.shape.length) return undefined;
  const found = sizes.findIndex((extent, at) => extent === x.shape[at]! * batch);
  return found < 0 ? undefined : found;
}

/** Extents that the file writes out, its fixed batch as 1. */
export function shapeArgument(call: Call, name: string): Shape {
  const shape = numbers(call, name);
  return call.batch !== undefined && shape[0] === call.batch ? [1, ...shape.slice(1)] : shape;
}
