// The wire format of protocol buffers, read from a file piece by piece with every length checked.
// Reference: https://protobuf.dev/programming-guides/encoding/

import { BitLensError } from '../../errors.ts';
import type { ByteSource } from '../importer.ts';

/** What is read at once: small enough that looking around a large file stays cheap. */
const WINDOW = 32 * 1024;
/** A varint of 64 bits. */
const MAX_VARINT = 10;

export const VARINT = 0;
const FIXED64 = 1;
export const BYTES = 2;
const FIXED32 = 5;

export interface WireField {
  readonly number: number;
  /** {@link VARINT}, {@link BYTES} or of fixed size. */
  readonly wire: number;
  /** Where tag, payload and the next field start; `payload` is after the length of a field that has one. */
  readonly start: number;
  readonly payload: number;
  readonly end: number;
}

export interface WireReader {
  /** The field at an offset of a message that ends at `limit`. @throws `bad-file` */
  field(at: number, limit: number): WireField;
  bytes(start: number, end: number): Uint8Array;
}

export const damagedAt = (file: string, offset: number): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0} is damaged at byte {1}: it is not a complete ONNX model.', file, offset],
    ['Export or download it again.'],
  );

export function wireReader(source: ByteSource): WireReader {
  let window: Uint8Array = new Uint8Array(0);
  let offset = 0;
  /** Where the last varint ended. */
  let next = 0;
  const load = (start: number, end: number): void => {
    if (start >= offset && end <= offset + window.length) return;
    window = source.readNow(start, Math.min(WINDOW, source.size - start));
    offset = start;
  };
  const varint = (at: number, limit: number): number => {
    const last = Math.min(at + MAX_VARINT, limit);
    load(at, last);
    let value = 0;
    let weight = 1;
    for (next = at; next < last; weight *= 128) {
      const byte = window[next++ - offset]!;
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
    }
    throw damagedAt(source.name, at);
  };
  const field = (start: number, limit: number): WireField => {
    const tag = varint(start, limit);
    const number = Math.floor(tag / 8);
    const wire = tag % 8;
    let payload = next;
    let end = next;
    if (wire === VARINT) {
      varint(payload, limit);
      end = next;
    } else if (wire === BYTES) {
      const length = varint(payload, limit);
      payload = next;
      end = payload + length;
    } else end += wire === FIXED64 ? 8 : wire === FIXED32 ? 4 : Infinity;
    if (number < 1 || number >= 2 ** 29 || end > limit) throw damagedAt(source.name, start);
    return { number, wire, start, payload, end };
  };
  const bytes = (start: number, end: number): Uint8Array => {
    if (end - start > WINDOW) return source.readNow(start, end - start);
    load(start, end);
    return window.subarray(start - offset, end - offset);
  };
  return { field, bytes };
}

/** Bytes of a varint below 2^53. */
export function codeVarint(value: number): number[] {
  const coded: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...coded, rest];
    coded.push((rest % 128) + 128);
  }
}

/**
 * Values of packed varints as 64-bit integers (rounded beyond 2^53).
 * @param signed two's complement
 */
export function decodeVarints(bytes: Uint8Array, signed: boolean): Float64Array {
  const values = new Float64Array(bytes.reduce((count, byte) => count + (byte < 0x80 ? 1 : 0), 0));
  let at = 0;
  let low = 0;
  let high = 0;
  let shift = 0;
  for (const byte of bytes) {
    if (shift < 28) low += (byte & 0x7f) * 2 ** shift;
    else high += (byte & 0x7f) * 2 ** (shift - 28);
    shift += 7;
    if (byte >= 0x80) continue;
    // The high part has 36 bits: above 2^35 the number is negative.
    values[at++] = low + (signed && high >= 2 ** 35 ? high - 2 ** 36 : high) * 2 ** 28;
    low = high = shift = 0;
  }
  return values;
}
