// A copy of an ONNX file without the contents of its large tensors: what the decoder gets, so that opening a file of
// gigabytes costs what its graph costs. Each content that is left out is replaced by its place in the file.

import { BitLensError } from '../../errors.ts';
import type { ByteSource } from '../importer.ts';
import { BYTES, codeVarint, damagedAt, wireReader, type WireReader } from './wire.ts';

/** Contents up to this size stay. */
const SMALL = 1024;
/** The graph of a network of a hundred thousand nodes takes about 30 MB and two million fields. */
const MAX_SLIM_BYTES = 64 * 1024 ** 2;
const MAX_FIELDS = 4_000_000;
/** Graphs inside nodes inside graphs; an If in an If in an If takes fifteen. */
const MAX_DEPTH = 60;
/** LeftOut in onnx.proto. */
const LEFT_OUT = 1000;

type Part = MessageName | 'copy' | 'content';

/** What happens to each field; those not named here are left out (doc strings, training information). */
const MESSAGES = {
  model: { 1: 'copy', 2: 'copy', 3: 'copy', 7: 'graph', 8: 'copy', 14: 'copy', 25: 'function' },
  graph: {
    1: 'node',
    2: 'copy',
    5: 'tensor',
    11: 'copy',
    12: 'copy',
    14: 'copy',
    15: 'sparse',
  },
  function: {
    1: 'copy',
    4: 'copy',
    5: 'copy',
    6: 'copy',
    7: 'node',
    9: 'copy',
    10: 'copy',
    11: 'attribute',
    13: 'copy',
  },
  node: { 1: 'copy', 2: 'copy', 3: 'copy', 4: 'copy', 5: 'attribute', 7: 'copy', 9: 'copy' },
  attribute: {
    1: 'copy',
    2: 'copy',
    3: 'copy',
    4: 'copy',
    5: 'tensor',
    6: 'graph',
    7: 'copy',
    8: 'copy',
    9: 'copy',
    10: 'tensor',
    11: 'graph',
    20: 'copy',
    21: 'copy',
    22: 'sparse',
  },
  sparse: { 1: 'tensor', 2: 'tensor', 3: 'copy' },
  tensor: {
    1: 'copy',
    2: 'copy',
    4: 'content',
    5: 'content',
    7: 'content',
    8: 'copy',
    9: 'content',
    10: 'content',
    11: 'content',
    13: 'copy',
    14: 'copy',
  },
} as const satisfies Record<string, Readonly<Record<number, string>>>;

type MessageName = keyof typeof MESSAGES;

interface Slimming {
  readonly file: string;
  readonly wire: WireReader;
  fields: number;
  /** Bytes kept so far. */
  kept: number;
}

/** @throws `bad-file` where the file is no protocol buffer, `unsupported` when its graph is absurdly large */
export function slimCopy(source: ByteSource): Uint8Array {
  const slimming = { file: source.name, wire: wireReader(source), fields: 0, kept: 0 };
  return slimMessage(slimming, 'model', 0, source.size, 0);
}

function slimMessage(s: Slimming, name: MessageName, start: number, end: number, depth: number): Uint8Array {
  if (depth > MAX_DEPTH) throw damagedAt(s.file, start);
  const parts: Readonly<Record<number, Part>> = MESSAGES[name];
  const pieces: Uint8Array[] = [];
  for (let at = start; at < end;) {
    const field = s.wire.field(at, end);
    at = field.end;
    s.fields++;
    const part = parts[field.number];
    if (!part) continue;
    if (part === 'copy' || (part === 'content' && field.end - field.payload <= SMALL)) {
      count(s, field.end - field.start);
      pieces.push(s.wire.bytes(field.start, field.end).slice());
    } else if (field.wire === BYTES) {
      const inner =
        part === 'content'
          ? leftOut(field.number, field.payload, field.end)
          : slimMessage(s, part, field.payload, field.end, depth + 1);
      const number = part === 'content' ? LEFT_OUT : field.number;
      count(s, 0);
      pieces.push(Uint8Array.from([...codeVarint(number * 8 + BYTES), ...codeVarint(inner.length)]), inner);
    }
  }
  return joined(pieces);
}

function count(s: Slimming, bytes: number): void {
  s.kept += bytes;
  if (s.kept <= MAX_SLIM_BYTES && s.fields <= MAX_FIELDS) return;
  throw new BitLensError(
    'unsupported',
    [
      'The graph of {0} is too large: it takes more than {1} bytes without its weights.',
      s.file,
      MAX_SLIM_BYTES,
    ],
    ['Export a smaller part of the network.'],
  );
}

function leftOut(field: number, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  bytes[0] = 1 * 8;
  bytes[1] = field;
  bytes[2] = 2 * 8 + 1;
  view.setFloat64(3, start, true);
  bytes[11] = 3 * 8 + 1;
  view.setFloat64(12, end - start, true);
  return bytes;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
