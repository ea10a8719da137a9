// Bytes of archive entries at the moment they are asked for: weights are read in the middle of a computation.
// PyTorch stores them as they are, so a part of an entry can be read; others may have packed the archive again.

import { inflateSync } from 'fflate';
import type { ByteSource } from '../../importer.ts';
import { crc32 } from '../../../zip/crc32.ts';
import { damagedZip, viewOf, type ZipEntry } from '../../../zip/zipDirectory.ts';

/**
 * @param offset in the entry's own bytes
 * @throws `bad-file` when the entry is damaged; a whole entry is checked against its checksum
 */
export function readEntryNow(
  source: ByteSource,
  entry: ZipEntry,
  offset: number,
  length: number,
): Uint8Array {
  if (entry.method === 0) {
    const bytes = source.readNow(startOf(source, entry) + offset, length);
    if (length === entry.size) checkSum(source, entry, bytes);
    return bytes;
  }
  return inflated(source, entry).subarray(offset, offset + length);
}

/** The entry as a file of its own. */
export function entrySource(source: ByteSource, entry: ZipEntry): ByteSource {
  const name = `${source.name}/${entry.name}`;
  if (entry.method !== 0) return bytesSource(name, inflated(source, entry), source);
  const start = startOf(source, entry);
  return {
    name,
    size: entry.size,
    read: (offset, length) => Promise.resolve(source.readNow(start + offset, clip(entry, offset, length))),
    readNow: (offset, length) => source.readNow(start + offset, clip(entry, offset, length)),
    sibling: (path) => source.sibling(path),
  };
}

/** Bytes at hand as a file. */
export function bytesSource(name: string, bytes: Uint8Array, beside: ByteSource): ByteSource {
  const readNow = (offset: number, length: number): Uint8Array => {
    if (offset < 0 || length < 0 || offset + length > bytes.length)
      throw damagedZip(name, 'it ends too early', bytes.length);
    return bytes.slice(offset, offset + length);
  };
  return {
    name,
    size: bytes.length,
    read: (offset, length) => Promise.resolve(readNow(offset, length)),
    readNow,
    sibling: (path) => beside.sibling(path),
  };
}

/** A length that stays inside the entry; asking for more fails where the source ends. */
function clip(entry: ZipEntry, offset: number, length: number): number {
  return offset >= 0 && offset + length <= entry.size ? length : Number.MAX_SAFE_INTEGER;
}

function startOf(source: ByteSource, entry: ZipEntry): number {
  const view = viewOf(source.readNow(entry.offset, 30));
  if (view.getUint32(0, true) !== 0x04034b50)
    throw damagedZip(source.name, `the header of ${entry.name}`, entry.offset);
  const start = entry.offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.compressedSize > source.size)
    throw damagedZip(source.name, `${entry.name} lies outside the file`, entry.offset);
  return start;
}

/** The directory has bounded the declared size by what deflate can do. */
function inflated(source: ByteSource, entry: ZipEntry): Uint8Array {
  const packed = source.readNow(startOf(source, entry), entry.compressedSize);
  let bytes: Uint8Array;
  try {
    bytes = inflateSync(packed, { out: new Uint8Array(entry.size) });
  } catch {
    throw damagedZip(source.name, `${entry.name} cannot be inflated`, entry.offset);
  }
  checkSum(source, entry, bytes);
  return bytes;
}

function checkSum(source: ByteSource, entry: ZipEntry, bytes: Uint8Array): void {
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc)
    throw damagedZip(source.name, `${entry.name} does not match its checksum`, entry.offset);
}
