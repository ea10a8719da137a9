// The chunks of a PNG file: its size, its palette and its inflated rows. Read here and not with pngjs, whose synchronous
// reader needs Node's byte arrays, inflates interlaced files without bound, and gives uninitialised memory for short ones.
// Reference: PNG (third edition), sections 5.3, 10 and 11.2.

import { Unzlib } from 'fflate';
import { crc32 } from '../zip/crc32.ts';
import { badImage, checkExtent } from './imageError.ts';

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample or palette index. */
  readonly depth: number;
  /** Samples per pixel as stored: 1 grey or palette index, 2 grey and alpha, 3 RGB, 4 RGB and alpha. */
  readonly samples: number;
  readonly palette: boolean;
  readonly interlaced: boolean;
}

export interface PngContent {
  readonly header: PngHeader;
  /** Three bytes per entry. */
  readonly palette: Uint8Array;
  /** Filtered rows, a filter byte before each; of one pass after the other when interlaced. */
  readonly rows: Uint8Array;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Samples and allowed depths of each colour type. */
const COLOUR_TYPES: Readonly<
  Record<number, { readonly samples: number; readonly depths: readonly number[] }>
> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};
/** Compressed bytes inflated at a time: 16 MiB of output at most. */
const PIECE = 16 * 1024;
/** Deflate cannot do better: 258 bytes from two bits. */
const MAX_RATIO = 1032;

export const isPng = (head: Uint8Array): boolean => SIGNATURE.every((byte, at) => head[at] === byte);

/** @throws `bad-file` when the file does not begin with a valid IHDR chunk */
export function parsePngHeader(bytes: Uint8Array, file: string): PngHeader {
  if (!isPng(bytes) || bytes.length < 33 || chunkName(bytes, 8) !== 'IHDR' || uint32(bytes, 8) !== 13)
    throw badImage(file, 'its PNG header is damaged');
  const [width, height] = [uint32(bytes, 16), uint32(bytes, 20)];
  const [depth, type] = [bytes[24]!, bytes[25]!];
  checkExtent(file, width, height);
  const colours = COLOUR_TYPES[type];
  if (!colours?.depths.includes(depth) || bytes[26] !== 0 || bytes[27] !== 0 || bytes[28]! > 1)
    throw badImage(file, `colour type ${type} with ${depth} bits does not exist, or its coding`);
  return { width, height, depth, samples: colours.samples, palette: type === 3, interlaced: bytes[28] === 1 };
}

/**
 * Checks and inflates the image data; bytes after the end and chunks that do not change the colours are ignored.
 * @param expected size of the inflated rows, see pngPixels.ts
 * @throws `bad-file`
 */
export function readPng(
  bytes: Uint8Array,
  file: string,
  expected: (header: PngHeader) => number,
): PngContent {
  const header = parsePngHeader(bytes, file);
  const coded: Uint8Array[] = [];
  let palette = new Uint8Array();
  for (let at = 8, name = ''; name !== 'IEND';) {
    const end = at + 12 + uint32(bytes, at);
    if (at + 12 > bytes.length || end > bytes.length) throw badImage(file, `it is cut short at offset ${at}`);
    name = chunkName(bytes, at);
    if (crc32(bytes.subarray(at + 4, end - 4)) !== uint32(bytes, end - 4))
      throw badImage(file, `its chunk at offset ${at} does not match its checksum`);
    if (name === 'IDAT') coded.push(bytes.subarray(at + 8, end - 4));
    if (name === 'PLTE') palette = bytes.slice(at + 8, end - 4);
    at = end;
  }
  return { header, palette, rows: inflateRows(coded, expected(header), file) };
}

function inflateRows(coded: readonly Uint8Array[], size: number, file: string): Uint8Array {
  const held = coded.reduce((sum, chunk) => sum + chunk.length, 0);
  if (size > held * MAX_RATIO) throw badImage(file, `${held} bytes of image data cannot hold its pixels`);
  const rows = new Uint8Array(size);
  let filled = 0;
  const inflate = new Unzlib((chunk) => {
    const part = chunk.subarray(0, size - filled);
    rows.set(part, filled);
    filled += part.length;
  });
  try {
    for (const chunk of coded)
      for (let at = 0; at < chunk.length && filled < size; at += PIECE)
        inflate.push(chunk.subarray(at, at + PIECE));
  } catch {
    throw badImage(file, 'its pixels cannot be inflated');
  }
  if (filled < size) throw badImage(file, `its image data end after ${filled} of ${size} bytes`);
  return rows;
}

const uint32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

const chunkName = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(...bytes.subarray(at + 4, at + 8));
