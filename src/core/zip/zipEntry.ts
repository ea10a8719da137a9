// The contents of one entry of a zip archive: inflated piece by piece, never beyond what was asked for.

import { Inflate } from 'fflate';
import type { ByteSource } from '../importers/importer.ts';
import { crc32 } from './crc32.ts';
import { damagedZip, viewOf, type ZipEntry } from './zipDirectory.ts';

/** Compressed bytes inflated at a time: 16 MiB of output at most. */
const PIECE = 16 * 1024;

/**
 * The first `length` bytes of an entry. The whole entry is also checked against its checksum; a part cannot be.
 * @param length at most `entry.size`; what is allocated
 * @throws `bad-file` when the entry is damaged or does not hold what it declares
 */
export async function readZipEntry(source: ByteSource, entry: ZipEntry, length: number): Promise<Uint8Array> {
  const header = await source.read(entry.offset, 30);
  const view = viewOf(header);
  if (view.getUint32(0, true) !== 0x04034b50)
    throw damagedZip(source.name, `the header of ${entry.name}`, entry.offset);
  const start = entry.offset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.compressedSize > source.size)
    throw damagedZip(source.name, `${entry.name} lies outside the file`, entry.offset);
  const bytes =
    entry.method === 0 ? await source.read(start, length) : await inflatePart(source, entry, start, length);
  if (length === entry.size && crc32(bytes) !== entry.crc)
    throw damagedZip(source.name, `${entry.name} does not match its checksum`, entry.offset);
  return bytes;
}

async function inflatePart(source: ByteSource, entry: ZipEntry, start: number, length: number) {
  const out = new Uint8Array(length);
  let filled = 0;
  let produced = 0;
  const inflate = new Inflate((chunk) => {
    const part = chunk.subarray(0, length - filled);
    out.set(part, filled);
    filled += part.length;
    produced += chunk.length;
  });
  for (let at = 0; at < entry.compressedSize && produced <= entry.size; at += PIECE) {
    if (filled === length && length < entry.size) return out;
    const piece = await source.read(start + at, Math.min(PIECE, entry.compressedSize - at));
    try {
      inflate.push(piece, at + PIECE >= entry.compressedSize);
    } catch {
      throw damagedZip(source.name, `${entry.name} cannot be inflated`, start + at);
    }
  }
  if (filled < length || produced > entry.size)
    throw damagedZip(source.name, `${entry.name} does not hold the ${entry.size} bytes it declares`, start);
  return out;
}
