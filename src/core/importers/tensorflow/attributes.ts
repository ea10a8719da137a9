// Attributes of a node with the types that a row expects; those that are left out have the op's standard value.

import { strFromU8 } from 'fflate';
import { BitLensError } from '../../errors.ts';
import type { Shape } from '../../ir/graph.ts';
import type { AttrValue, NodeDef, TensorProto } from './graphDef.ts';
import { extentsOf } from './tensorProto.ts';

export interface Attributes {
  has(name: string): boolean;
  int(name: string, standard: number): number;
  float(name: string, standard: number): number;
  flag(name: string, standard: boolean): boolean;
  text(name: string, standard: string): string;
  ints(name: string): readonly number[];
  texts(name: string): readonly string[];
  /** Code of a data type (dataTypes.ts); 0 when left out. */
  type(name: string): number;
  /** −1 where open; undefined when left out or of unknown rank. */
  shape(name: string): Shape | undefined;
  tensor(name: string): TensorProto | undefined;
  /** Name of a function. */
  func(name: string): string | undefined;
}

/** @throws `bad-file` from each of its methods when the attribute is there in another type */
export function attributesOf(
  file: string,
  { name: node, op, attrs }: Pick<NodeDef, 'name' | 'op' | 'attrs'>,
): Attributes {
  const get = <T>(name: string, pick: (attr: AttrValue) => T | null | undefined): T | undefined => {
    const attr = attrs.get(name);
    // In a function the caller may give it; what a caller gives are types, which the values carry themselves.
    if (!attr || typeof attr.placeholder === 'string') return undefined;
    const value = pick(attr);
    if (value !== undefined && value !== null) return value;
    throw new BitLensError(
      'bad-file',
      ['{0}: node {1} ({2}): its attribute {3} has the wrong type.', file, node, op, name],
      ['The file is damaged or was edited; save the model again.'],
    );
  };
  return {
    has: (name) => attrs.has(name),
    int: (name, standard) => Number(get(name, (attr) => attr.i) ?? standard),
    float: (name, standard) => get(name, (attr) => attr.f) ?? standard,
    flag: (name, standard) => get(name, (attr) => attr.b) ?? standard,
    text: (name, standard) => {
      const bytes = get(name, (attr) => attr.s);
      return bytes ? strFromU8(bytes) : standard;
    },
    ints: (name) => (get(name, (attr) => attr.list)?.i ?? []).map(Number),
    texts: (name) => (get(name, (attr) => attr.list)?.s ?? []).map((bytes) => strFromU8(bytes)),
    type: (name) => get(name, (attr) => attr.type) ?? 0,
    shape: (name) => extentsOf(get(name, (attr) => attr.shape)),
    tensor: (name) => get(name, (attr) => attr.tensor),
    func: (name) => get(name, (attr) => attr.func)?.name ?? undefined,
  };
}
