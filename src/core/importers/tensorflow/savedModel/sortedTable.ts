// The sorted table in which TensorFlow keeps the index of a checkpoint: LevelDB's format. Blocks of entries whose keys
// leave out what they share with the one before, an index of the blocks, a footer.
// Reference: tensorflow/tsl/lib/io/{format,block,table}.cc, LevelDB's doc/table_format.md.

import { strFromU8 } from 'fflate';
import { BitLensError } from '../../../errors.ts';
import { maskedCrc32c } from './crc32c.ts';

const FOOTER_BYTES = 48;
const MAGIC = 0xdb4775248b80fb57n;
/** Type and checksum behind each block. */
const TRAILER_BYTES = 5;
const UNCOMPRESSED = 0;

interface Span {
  readonly offset: number;
  readonly size: number;
}

interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** @throws `bad-file` for a table that is damaged, `unsupported` for one that is compressed */
export function readSortedTable(file: string, bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const index = footer(file, bytes);
  const table = new Map<string, Uint8Array>();
  for (const { value } of entriesOf(file, blockAt(file, bytes, index)))
    for (const entry of entriesOf(file, blockAt(file, bytes, spanOf(file, value, 0).span)))
      table.set(strFromU8(entry.key), entry.value);
  return table;
}

const damaged = (file: string, what: string): BitLensError =>
  new BitLensError('bad-file', ['{0} is damaged: {1}.', file, what], ['Save or copy the model again.']);

function footer(file: string, bytes: Uint8Array): Span {
  const start = bytes.length - FOOTER_BYTES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (start < 0 || view.getBigUint64(bytes.length - 8, true) !== MAGIC)
    throw damaged(file, 'it does not end as an index of variables does');
  const meta = spanOf(file, bytes, start);
  return spanOf(file, bytes, meta.end).span;
}

function spanOf(file: string, bytes: Uint8Array, at: number): { readonly span: Span; readonly end: number } {
  const offset = varint(file, bytes, at);
  const size = varint(file, bytes, offset.end);
  return { span: { offset: offset.value, size: size.value }, end: size.end };
}

function varint(
  file: string,
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: start + i + 1 };
  }
  throw damaged(file, 'a length in it does not end');
}

function blockAt(file: string, bytes: Uint8Array, { offset, size }: Span): Uint8Array {
  const end = offset + size;
  if (end + TRAILER_BYTES > bytes.length) throw damaged(file, 'a block lies beyond its end');
  if (bytes[end] !== UNCOMPRESSED)
    throw new BitLensError(
      'unsupported',
      ['{0} is compressed, which TensorFlow does not do by itself.', file],
      ['Load the model and save it again.'],
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(end + 1, true) !== maskedCrc32c(bytes.subarray(offset, end + 1)))
    throw damaged(file, 'a checksum is wrong');
  return bytes.subarray(offset, end);
}

function entriesOf(file: string, block: Uint8Array): readonly Entry[] {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const restarts = block.length >= 4 ? view.getUint32(block.length - 4, true) : Infinity;
  const end = block.length - 4 - 4 * restarts;
  if (!(end >= 0)) throw damaged(file, 'a block has no entries');
  const entries: Entry[] = [];
  let last: Uint8Array = new Uint8Array(0);
  for (let at = 0; at < end;) {
    const shared = varint(file, block, at);
    const own = varint(file, block, shared.end);
    const length = varint(file, block, own.end);
    const valueAt = length.end + own.value;
    at = valueAt + length.value;
    if (shared.value > last.length || at > end) throw damaged(file, 'an entry reaches beyond its block');
    const key = new Uint8Array(shared.value + own.value);
    key.set(last.subarray(0, shared.value));
    key.set(block.subarray(length.end, valueAt), shared.value);
    entries.push({ key, value: block.subarray(valueAt, at) });
    last = key;
  }
  return entries;
}
