// What each opcode of pickle protocols 0 to 5 does, one row each. Opcodes that would reach outside the file (the
// extension registry, out-of-band buffers) have no row and are refused.
// Reference: Lib/pickletools.py of CPython.

import { strFromU8 } from 'fflate';
import {
  append,
  callOf,
  fault,
  pop,
  popMark,
  push,
  recall,
  refer,
  remember,
  setItems,
  setState,
  top,
  type Machine,
} from './machine.ts';
import {
  decimalFloat,
  decimalIndex,
  decimalInteger,
  float64,
  length64,
  longInteger,
  signed32,
  unsigned,
} from './numbers.ts';
import { isPickle, type PickleValue } from './values.ts';

export type Opcode = (m: Machine) => void;

const HIGHEST_PROTOCOL = 5;

const text = (m: Machine, length: number): string => strFromU8(m.cursor.bytes(length));
const latin1 = (m: Machine, length: number): string => strFromU8(m.cursor.bytes(length), true);
const line = (m: Machine): string => strFromU8(m.cursor.line());

const pushing =
  (make: (m: Machine) => PickleValue): Opcode =>
  (m) =>
    push(m, make(m));

/** The last `count` values as a tuple. */
const tuple = (count: number): Opcode =>
  pushing((m) => {
    const items = Array.from({ length: count }, () => pop(m)).reverse();
    return { kind: 'tuple', items };
  });

/** What follows a mark, as the arguments of a call. */
const argsAfterMark = (m: Machine): PickleValue => ({ kind: 'tuple', items: popMark(m) });

function pairs(m: Machine, flat: readonly PickleValue[]): [PickleValue, PickleValue][] {
  if (flat.length % 2 !== 0) throw fault(m, 'a key without a value');
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at]!, flat[2 * at + 1]!]);
}

function nameOnStack(m: Machine): PickleValue {
  const member = pop(m);
  const module = pop(m);
  if (typeof member !== 'string' || typeof module !== 'string') throw fault(m, 'a name that is none');
  return { kind: 'name', name: `${module}.${member}` };
}

function newObject(m: Machine, withKeywords: boolean): PickleValue {
  if (withKeywords) pop(m);
  const args = pop(m);
  return callOf(pop(m), args);
}

/** The class is the first value after the mark. */
function objectAfterMark(m: Machine): PickleValue {
  const [callee, ...items] = popMark(m);
  if (callee === undefined) throw fault(m, 'an object without a class');
  return callOf(callee, { kind: 'tuple', items });
}

function addToSet(m: Machine): void {
  const items = popMark(m);
  const target = top(m);
  if (!isPickle(target, 'list')) throw fault(m, 'it adds to something that is no set');
  for (const item of items) target.items.push(item);
}

/** Takes the last value, or the last mark. */
function discard(m: Machine): void {
  if (m.stack.length === m.marks.at(-1)) m.marks.pop();
  else pop(m);
}

function protocol(m: Machine): void {
  const version = m.cursor.byte();
  if (version > HIGHEST_PROTOCOL) throw fault(m, `protocol ${version}`);
}

function quoted(m: Machine): string {
  const [, , content] = /^(['"])(.*)\1$/s.exec(line(m).trim()) ?? [];
  if (content === undefined) throw fault(m, 'a text without quotes');
  return content;
}

const code = (char: string): number => char.charCodeAt(0);

/** `.` (stop) is the reader's. */
export const OPCODES: ReadonlyMap<number, Opcode> = new Map<number, Opcode>([
  [0x80, protocol],
  [0x95, (m) => void length64(m)], // FRAME: only says how much to read ahead
  [code('('), (m) => void m.marks.push(m.stack.length)],
  [code('0'), discard],
  [code('1'), (m) => void popMark(m)],
  [code('2'), pushing(top)],
  [code('N'), pushing(() => null)],
  [0x88, pushing(() => true)],
  [0x89, pushing(() => false)],
  [code('I'), pushing(decimalInteger)],
  [code('L'), pushing(decimalInteger)],
  [code('J'), pushing(signed32)],
  [code('K'), pushing((m) => m.cursor.byte())],
  [code('M'), pushing((m) => unsigned(m, 2))],
  [0x8a, pushing((m) => longInteger(m, m.cursor.byte()))],
  [0x8b, pushing((m) => longInteger(m, signed32(m)))],
  [code('F'), pushing(decimalFloat)],
  [code('G'), pushing(float64)],
  [code('S'), pushing(quoted)],
  [code('V'), pushing(line)],
  [code('T'), pushing((m) => latin1(m, unsigned(m, 4)))],
  [code('U'), pushing((m) => latin1(m, m.cursor.byte()))],
  [code('X'), pushing((m) => text(m, unsigned(m, 4)))],
  [0x8c, pushing((m) => text(m, m.cursor.byte()))],
  [0x8d, pushing((m) => text(m, length64(m)))],
  [code('B'), pushing((m) => m.cursor.bytes(unsigned(m, 4)))],
  [code('C'), pushing((m) => m.cursor.bytes(m.cursor.byte()))],
  [0x8e, pushing((m) => m.cursor.bytes(length64(m)))],
  [0x96, pushing((m) => m.cursor.bytes(length64(m)))], // BYTEARRAY8
  [code(']'), pushing(() => ({ kind: 'list', items: [] }))],
  [code('l'), pushing((m) => ({ kind: 'list', items: popMark(m) }))],
  [0x8f, pushing(() => ({ kind: 'list', items: [] }))], // EMPTY_SET
  [0x91, pushing((m) => ({ kind: 'list', items: popMark(m) }))], // FROZENSET
  [code('a'), (m) => append(m, [pop(m)])],
  [code('e'), (m) => append(m, popMark(m))],
  [0x90, addToSet],
  [code(')'), tuple(0)],
  [0x85, tuple(1)],
  [0x86, tuple(2)],
  [0x87, tuple(3)],
  [code('t'), pushing(argsAfterMark)],
  [code('}'), pushing(() => ({ kind: 'dict', entries: [] }))],
  [code('d'), pushing((m) => ({ kind: 'dict', entries: pairs(m, popMark(m)) }))],
  [code('s'), (m) => setItems(m, [pop(m), pop(m)].reverse())],
  [code('u'), (m) => setItems(m, popMark(m))],
  [code('p'), (m) => remember(m, decimalIndex(m))],
  [code('q'), (m) => remember(m, m.cursor.byte())],
  [code('r'), (m) => remember(m, unsigned(m, 4))],
  [0x94, (m) => remember(m, m.memo.size)],
  [code('g'), (m) => recall(m, decimalIndex(m))],
  [code('h'), (m) => recall(m, m.cursor.byte())],
  [code('j'), (m) => recall(m, unsigned(m, 4))],
  [code('c'), pushing((m) => ({ kind: 'name', name: `${line(m)}.${line(m)}` }))],
  [0x93, pushing(nameOnStack)],
  [code('R'), pushing((m) => newObject(m, false))],
  [0x81, pushing((m) => newObject(m, false))],
  [0x92, pushing((m) => newObject(m, true))],
  [code('o'), pushing(objectAfterMark)],
  [code('i'), pushing((m) => callOf({ kind: 'name', name: `${line(m)}.${line(m)}` }, argsAfterMark(m)))],
  [code('b'), (m) => setState(m, pop(m))],
  [code('P'), (m) => refer(m, line(m))],
  [code('Q'), (m) => refer(m, pop(m))],
]);
