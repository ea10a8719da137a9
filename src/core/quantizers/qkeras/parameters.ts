// The arguments of one quantizer: bound to the parameters of its constructor as Python does, and read by type.

import { BitLensError } from '../../errors.ts';
import type { Argument, Spelling } from './spelling.ts';

/** Parameters with their defaults, in the order of the constructor. */
export type Parameters = Readonly<Record<string, Argument>>;

/** Factor on the quantized values: none, fixed, or set from the tensor itself. */
export type Alpha = undefined | readonly number[] | 'auto' | 'auto_po2';

export interface Arguments {
  readonly name: string;
  number(key: string): number;
  /** Undefined for None. */
  optional(key: string): number | undefined;
  list(key: string): readonly number[] | undefined;
  flag(key: string): boolean;
  word(key: string): string;
  alpha(): Alpha;
}

/** Arguments that change training only. */
const IGNORED = new Set(['var_name', 'use_ste', 'use_variables', 'name', 'trainable', 'dtype']);

/** @throws `unsupported` naming the argument that the quantizer does not have, or whose value it cannot take */
export function bindArguments({ name, positional, named }: Spelling, parameters: Parameters): Arguments {
  const keys = Object.keys(parameters);
  if (positional.length > keys.length)
    throw new BitLensError('unsupported', ['{0} has no argument {1}', name, positional.length]);
  const unknown = Object.keys(named).filter((key) => !keys.includes(key) && !IGNORED.has(key));
  if (unknown.length > 0)
    throw new BitLensError('unsupported', ['{0} has no argument {1}', name, unknown.join(', ')]);
  const given = Object.fromEntries(positional.map((argument, at) => [keys[at]!, argument]));
  const values: Parameters = { ...parameters, ...given, ...named };
  const wrong = (key: string) =>
    new BitLensError('unsupported', ['{0} with {1} = {2}', name, key, JSON.stringify(values[key])]);
  const numbers = (key: string): readonly number[] | undefined => {
    const value = values[key] ?? null;
    if (value === null) return undefined;
    const list = Array.isArray(value) ? (value as readonly number[]) : [Number(value)];
    if (typeof value === 'string' || !list.every(Number.isFinite)) throw wrong(key);
    return list;
  };
  const optional = (key: string): number | undefined => {
    const list = numbers(key);
    if (list && list.length !== 1) throw wrong(key);
    return list?.[0];
  };
  return {
    name,
    optional,
    list: numbers,
    number(key) {
      const value = optional(key);
      if (value === undefined) throw wrong(key);
      return value;
    },
    flag: (key) => (optional(key) ?? 0) !== 0,
    word(key) {
      const value = values[key];
      if (typeof value !== 'string') throw wrong(key);
      return value;
    },
    alpha() {
      const value = values['alpha'] ?? null;
      if (value === 'auto' || value === 'auto_po2') return value;
      return numbers('alpha');
    },
  };
}

/** A width that a code can have. @throws `unsupported` */
export function bitsArgument(given: Arguments): number {
  const bits = given.number('bits');
  if (Number.isInteger(bits) && bits >= 1 && bits <= 32) return bits;
  throw new BitLensError('unsupported', ['{0} with {1} bits', given.name, bits]);
}

/** Integer bits. @throws `unsupported` */
export function integerArgument(given: Arguments): number {
  const integer = given.number('integer');
  if (Number.isInteger(integer) && Math.abs(integer) <= 64) return integer;
  throw new BitLensError('unsupported', ['{0} with {1} integer bits', given.name, integer]);
}
