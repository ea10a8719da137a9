// Numbers and lengths as pickles write them.

import { strFromU8 } from 'fflate';
import { entryOf } from '../../entryOf.ts';
import { fault, type Machine } from './machine.ts';

/** Integers of neural networks have 8 bytes; those beyond a double stay exact up to here. */
const MAX_INTEGER_BYTES = 256;

export function unsigned(m: Machine, bytes: 1 | 2 | 4): number {
  const read = m.cursor.bytes(bytes);
  return read.reduce((sum, byte, at) => sum + byte * 256 ** at, 0);
}

export const signed32 = (m: Machine): number => unsigned(m, 4) | 0;

/** A length in 8 bytes; one beyond the file is found when it is read. */
export function length64(m: Machine): number {
  const low = unsigned(m, 4);
  return low + unsigned(m, 4) * 2 ** 32;
}

export function float64(m: Machine): number {
  const bytes = m.cursor.bytes(8);
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, false);
}

/** Two's complement, little-endian. */
export function longInteger(m: Machine, length: number): number | bigint {
  if (length < 0 || length > MAX_INTEGER_BYTES) throw fault(m, `an integer of ${length} bytes`);
  const bytes = m.cursor.bytes(length);
  let value = 0n;
  for (let at = length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at]!);
  if (length > 0 && bytes[length - 1]! >= 0x80) value -= 1n << BigInt(8 * length);
  return narrow(value);
}

/** Decimal text; `01` and `00` are the booleans of protocol 1, a final L marks a long. */
export function decimalInteger(m: Machine): number | bigint | boolean {
  const text = strFromU8(m.cursor.line()).trim();
  if (text === '01') return true;
  if (text === '00') return false;
  if (!/^[+-]?\d{1,600}L?$/.test(text)) throw fault(m, 'an integer that is none');
  return narrow(BigInt(text.replace('L', '').replace('+', '')));
}

export function decimalFloat(m: Machine): number {
  const text = strFromU8(m.cursor.line()).trim();
  const value = entryOf({ inf: Infinity, '-inf': -Infinity, nan: NaN }, text) ?? Number(text);
  if (Number.isNaN(value) && text !== 'nan') throw fault(m, 'a number that is none');
  return value;
}

export function decimalIndex(m: Machine): number {
  const index = decimalInteger(m);
  if (typeof index !== 'number' || index < 0) throw fault(m, 'an index that is none');
  return index;
}

const narrow = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;
