// The stack machine that a pickle drives, with bounds: what it pops must be there, and what it makes is counted.

import { badPickle, type Cursor } from './cursor.ts';
import {
  isPickle,
  type PickleCall,
  type PickleDict,
  type PickleList,
  type PickleReference,
  type PickleValue,
} from './values.ts';

/** Values that one pickle may make: 50,000 tensors need about a million. */
const MAX_VALUES = 2_000_000;

export interface Machine {
  readonly cursor: Cursor;
  readonly stack: PickleValue[];
  /** Heights of the stack at the open marks. */
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
  readonly references: PickleReference[];
  made: number;
}

export const machineOn = (cursor: Cursor): Machine => ({
  cursor,
  stack: [],
  marks: [],
  memo: new Map(),
  references: [],
  made: 0,
});

export const fault = (m: Machine, detail: string): Error => badPickle(m.cursor.file, detail, m.cursor.at());

export function push(m: Machine, value: PickleValue): void {
  if (++m.made > MAX_VALUES) throw fault(m, `it makes more than ${MAX_VALUES} values`);
  m.stack.push(value);
}

export function pop(m: Machine): PickleValue {
  if (m.stack.length <= (m.marks.at(-1) ?? 0)) throw fault(m, 'it takes a value that is not there');
  return m.stack.pop()!;
}

export function top(m: Machine): PickleValue {
  if (m.stack.length <= (m.marks.at(-1) ?? 0)) throw fault(m, 'it reads a value that is not there');
  return m.stack.at(-1)!;
}

/** Takes everything above the last mark, and the mark. */
export function popMark(m: Machine): PickleValue[] {
  const height = m.marks.pop();
  if (height === undefined) throw fault(m, 'it returns to a mark that is not there');
  return m.stack.splice(height);
}

export function remember(m: Machine, index: number): void {
  if (++m.made > MAX_VALUES) throw fault(m, `it makes more than ${MAX_VALUES} values`);
  m.memo.set(index, top(m));
}

export function recall(m: Machine, index: number): void {
  const value = m.memo.get(index);
  if (value === undefined) throw fault(m, `it recalls entry ${index}, which it never stored`);
  push(m, value);
}

export function refer(m: Machine, id: PickleValue): void {
  const reference: PickleReference = { kind: 'reference', id };
  m.references.push(reference);
  push(m, reference);
}

/** A record of a call; nothing is called. */
export const callOf = (callee: PickleValue, args: PickleValue): PickleCall => ({
  kind: 'call',
  callee,
  args,
  items: [],
  entries: [],
  state: undefined,
});

function container(m: Machine, kind: 'list' | 'dict'): PickleList | PickleDict | PickleCall {
  const value = top(m);
  if (isPickle(value, kind) || isPickle(value, 'call')) return value;
  throw fault(m, `it adds to something that is no ${kind}`);
}

export function append(m: Machine, items: readonly PickleValue[]): void {
  const target = container(m, 'list');
  if ('items' in target) for (const item of items) target.items.push(item);
}

/** @param flat key, value, key, value … */
export function setItems(m: Machine, flat: readonly PickleValue[]): void {
  const target = container(m, 'dict');
  if (flat.length % 2 !== 0) throw fault(m, 'a key without a value');
  if ('entries' in target)
    for (let at = 0; at < flat.length; at += 2) target.entries.push([flat[at]!, flat[at + 1]!]);
}

export function setState(m: Machine, state: PickleValue): void {
  const target = top(m);
  if (!isPickle(target, 'call')) throw fault(m, 'it sets attributes of something that has none');
  target.state = state;
}
