// PNG to pixels: every colour type and depth, interlaced or not. Alpha and transparent colours are dropped; of 16 bits
// the upper 8 are kept, as libpng does when it is asked for 8.

import { badImage } from './imageError.ts';
import type { Pixels } from './pixels.ts';
import { readPng, type PngContent, type PngHeader } from './pngChunks.ts';
import { unfilter } from './pngFilter.ts';

/** Every dx-th pixel of every dy-th row, from (x, y) on. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

/** PNG (third edition), section 8.1. */
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];

/** @throws `bad-file` when the file is damaged, cut short or too large */
export function decodePng(bytes: Uint8Array, file: string): Pixels {
  const content = readPng(bytes, file, (header) =>
    passesOf(header).reduce((sum, pass) => sum + pass.size, 0),
  );
  const { header, palette, rows } = content;
  const { width, height, samples } = header;
  const channels = header.palette || samples > 2 ? 3 : 1;
  const data = new Uint8Array(width * height * channels);
  let start = 0;
  for (const pass of passesOf(header)) {
    const part = rows.subarray(start, start + pass.size);
    unfilter(part, pass.length, pass.height, Math.max(1, (samples * header.depth) >> 3), file);
    placePass(part, pass, content, data, channels);
    start += pass.size;
  }
  if (header.palette) return { width, height, channels: 3, data: applyPalette(data, palette, file) };
  return { width, height, channels, data };
}

interface SizedPass extends Pass {
  readonly width: number;
  readonly height: number;
  /** Bytes of a row without its filter byte. */
  readonly length: number;
  /** Bytes of all rows. */
  readonly size: number;
}

function passesOf({ width, height, depth, samples, interlaced }: PngHeader): readonly SizedPass[] {
  const passes = interlaced ? ADAM7 : [{ x: 0, y: 0, dx: 1, dy: 1 }];
  const sized = passes.map((pass) => {
    const columns = Math.ceil((width - pass.x) / pass.dx);
    const lines = Math.ceil((height - pass.y) / pass.dy);
    const length = Math.ceil((columns * samples * depth) / 8);
    return { ...pass, width: columns, height: lines, length, size: lines * (length + 1) };
  });
  return sized.filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Writes the samples of a pass, in 8 bits, to their places; a palette index goes to the first channel as it is. */
function placePass(
  rows: Uint8Array,
  pass: SizedPass,
  { header }: PngContent,
  data: Uint8Array,
  channels: number,
): void {
  const { samples, depth, palette } = header;
  const kept = palette ? 1 : channels;
  const scale = depth < 8 && !palette ? 255 / (2 ** depth - 1) : 1;
  for (let y = 0; y < pass.height; y++) {
    const from = y * (pass.length + 1) + 1;
    const to = (pass.y + y * pass.dy) * header.width + pass.x;
    for (let x = 0; x < pass.width; x++)
      for (let c = 0; c < kept; c++)
        data[(to + x * pass.dx) * channels + c] = sampleAt(rows, from, x * samples + c, depth) * scale;
  }
}

function sampleAt(rows: Uint8Array, from: number, index: number, depth: number): number {
  if (depth >= 8) return rows[from + index * (depth >> 3)]!;
  const bit = index * depth;
  return (rows[from + (bit >> 3)]! >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

/** Replaces the index in the first channel of each pixel by its colour. */
function applyPalette(data: Uint8Array, palette: Uint8Array, file: string): Uint8Array {
  for (let at = 0; at < data.length; at += 3) {
    const entry = 3 * data[at]!;
    if (entry + 2 >= palette.length) throw badImage(file, `colour ${data[at]!} is not in its palette`);
    data.set(palette.subarray(entry, entry + 3), at);
  }
  return data;
}
