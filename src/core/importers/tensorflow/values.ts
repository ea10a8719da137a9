// What an edge of a GraphDef carries while the graph is interpreted: tensors, and what only TensorFlow's run time knows.

import type { Tensor, Unknown } from '../tensors/tensor.ts';

/** A variable by name, before it is read. */
export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
}

/** A tensor of the checkpoint, before it is assigned to a variable. */
export interface Stored {
  readonly kind: 'stored';
  readonly key: string;
}

export interface Texts {
  readonly kind: 'texts';
  readonly texts: readonly string[];
}

/** The branch that a constant condition does not take. */
export interface Dead {
  readonly kind: 'dead';
}

/** A list of tensors, as loops collect them. */
export interface TensorList {
  readonly kind: 'list';
  readonly items: readonly (Tensor | undefined)[];
}

export type Value = Tensor | Unknown | Variable | Stored | Texts | Dead | TensorList;

export const UNKNOWN: Unknown = { kind: 'unknown' };
export const DEAD: Dead = { kind: 'dead' };

export const isTensor = (value: Value): value is Tensor =>
  value.kind === 'constant' || value.kind === 'computed';
