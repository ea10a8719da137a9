// Strings of variable length live in global heaps, and the HDF5 library (2.0.0) walks a heap without looking whether
// it gets anywhere: one object of size zero and it never returns. So heaps are walked here first.
// Reference: HDF5 File Format Specification 3.0, III.E "Global Heap"; H5HGcache.c.

import { BitLensError } from '../errors.ts';

const OBJECT_HEADER = 16;
const COLLECTION_HEADER = 16;

/** @throws `bad-file` with the offset of a heap whose objects do not fill it, or when sizes are not the usual 8 bytes */
export function checkHeaps(name: string, bytes: Uint8Array): void {
  // Superblock: sizes of offsets and lengths. Everything that writes models uses eight bytes for both.
  const sizesAt = bytes[8]! < 2 ? 13 : 9;
  if (bytes[sizesAt] !== 8 || bytes[sizesAt + 1] !== 8) throw damaged(name, sizesAt);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.indexOf(0x47); at >= 0; at = bytes.indexOf(0x47, at + 1))
    if (isHeap(bytes, at) && !isWalkable(view, at)) throw damaged(name, at);
}

const damaged = (name: string, offset: number) =>
  new BitLensError(
    'bad-file',
    ['{0} is not a readable HDF5 file: its structure is damaged at offset {1}.', name, offset],
    ['Copy, download or save it again.'],
  );

/** `GCOL`, version 1. */
const isHeap = (bytes: Uint8Array, at: number): boolean =>
  bytes[at + 1] === 0x43 && bytes[at + 2] === 0x4f && bytes[at + 3] === 0x4c && bytes[at + 4] === 1;

function isWalkable(view: DataView, start: number): boolean {
  if (start + COLLECTION_HEADER > view.byteLength) return false;
  const end = start + Number(view.getBigUint64(start + 8, true));
  if (end > view.byteLength) return false;
  let at = start + COLLECTION_HEADER;
  while (at + OBJECT_HEADER <= end) {
    const index = view.getUint16(at, true);
    const size = Number(view.getBigUint64(at + 8, true));
    // Object 0 is the free space: its size counts the header, that of the others does not.
    const step = index === 0 ? size : OBJECT_HEADER + Math.ceil(size / 8) * 8;
    if (step < OBJECT_HEADER || at + step > end) return false;
    at += step;
  }
  return true;
}
