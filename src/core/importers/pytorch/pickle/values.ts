// What a pickle describes, as plain data. A pickle is a program that calls whatever it names; here a name stays a name
// and a call stays a record of it, so that nothing a file says is ever executed.

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleName
  | PickleCall
  | PickleReference;

export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

export interface PickleTuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}

export interface PickleDict {
  readonly kind: 'dict';
  /** In the order of the file; of equal keys the last one counts. */
  readonly entries: [key: PickleValue, value: PickleValue][];
}

/** A class or function: `collections.OrderedDict`. */
export interface PickleName {
  readonly kind: 'name';
  readonly name: string;
}

/** What a pickle would make by calling something, and what it would then put into it. */
export interface PickleCall {
  readonly kind: 'call';
  readonly callee: PickleValue;
  readonly args: PickleValue;
  readonly items: PickleValue[];
  readonly entries: [key: PickleValue, value: PickleValue][];
  /** Attributes it would set. */
  state: PickleValue | undefined;
}

/** Something outside the pickle, by an id: the storages of PyTorch. */
export interface PickleReference {
  readonly kind: 'reference';
  readonly id: PickleValue;
}

type PickleKind = 'list' | 'tuple' | 'dict' | 'name' | 'call' | 'reference';

/** Is it a value of this kind? */
export function isPickle<K extends PickleKind>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { kind: K }> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && value.kind === kind;
}

/** Name of the class or function that a call would call. */
export const calleeOf = (call: PickleCall): string => (isPickle(call.callee, 'name') ? call.callee.name : '');
