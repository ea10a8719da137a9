// The table of contents of a zip archive (.keras, .npz), read at random so that a large archive is never held whole.
// Reference: PKWARE APPNOTE 6.3.10, sections 4.3.12 (central directory) and 4.3.16 (its end record).

import { strFromU8 } from 'fflate';
import { BitLensError } from '../errors.ts';
import type { ByteSource } from '../importers/importer.ts';

export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  /** Declared size once inflated. */
  readonly size: number;
  /** Offset of the local header. */
  readonly offset: number;
}

const END_RECORD = 22;
const MAX_COMMENT = 65535;
const MAX_DIRECTORY = 16 * 1024 ** 2;
/** Deflate cannot do better: 258 bytes from two bits. */
const MAX_RATIO = 1032;

export const damagedZip = (file: string, detail: string, offset: number) =>
  new BitLensError(
    'bad-file',
    ['{0} is not a readable zip archive: {1} (offset {2}).', file, detail, offset],
    ['Copy or download it again, or write it again.'],
  );

export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 &&
  head[1] === 0x4b &&
  ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** @throws `bad-file` when damaged or when a size cannot be true, `unsupported` for zip64 and encryption */
export async function listZip(source: ByteSource): Promise<readonly ZipEntry[]> {
  const tailStart = Math.max(0, source.size - END_RECORD - MAX_COMMENT);
  const tail = await source.read(tailStart, source.size - tailStart);
  const end = findEnd(tail);
  if (end < 0) throw damagedZip(source.name, 'its end is missing, it may be cut short', source.size);
  const view = viewOf(tail);
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) throw zip64(source.name);
  if (size > MAX_DIRECTORY || start + size > tailStart + end)
    throw damagedZip(source.name, 'its directory does not fit', tailStart + end);
  return readEntries(source, await source.read(start, size), count, start);
}

function findEnd(tail: Uint8Array): number {
  for (let at = tail.length - END_RECORD; at >= 0; at--)
    if (tail[at] === 0x50 && tail[at + 1] === 0x4b && tail[at + 2] === 5 && tail[at + 3] === 6) return at;
  return -1;
}

function readEntries(source: ByteSource, directory: Uint8Array, count: number, start: number): ZipEntry[] {
  const view = viewOf(directory);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== 0x02014b50)
      throw damagedZip(source.name, `entry ${entries.length} of its directory`, start + at);
    const flags = view.getUint16(at + 8, true);
    const nameLength = view.getUint16(at + 28, true);
    const name = strFromU8(directory.subarray(at + 46, at + 46 + nameLength), !(flags & 0x800));
    const entry: ZipEntry = {
      name,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    };
    checkEntry(entry, flags, source, start + at);
    entries.push(entry);
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function checkEntry(entry: ZipEntry, flags: number, source: ByteSource, at: number): void {
  const { name, method, compressedSize, size, offset } = entry;
  if (size === 0xffffffff || compressedSize === 0xffffffff || offset === 0xffffffff) throw zip64(source.name);
  if (flags & 1)
    throw new BitLensError(
      'unsupported',
      ['{0}: {1} is encrypted.', source.name, name],
      ['Save it without a password.'],
    );
  if (method !== 0 && method !== 8)
    throw new BitLensError(
      'unsupported',
      [
        '{0}: {1} is compressed with method {2}; stored and deflated entries are read.',
        source.name,
        name,
        method,
      ],
      ['Write it again, deflated or without compression.'],
    );
  if (offset + 30 + compressedSize > source.size)
    throw damagedZip(source.name, `${name} lies outside the file`, at);
  if (method === 0 ? size !== compressedSize : size > compressedSize * MAX_RATIO)
    throw damagedZip(source.name, `${name} declares ${size} bytes, which ${compressedSize} cannot hold`, at);
}

const zip64 = (file: string) =>
  new BitLensError(
    'unsupported',
    ['{0} is a zip64 archive (more than 4 GiB or 65,535 entries).', file],
    ['Save less in one file.'],
  );
