// FPGA parts whose csynth reports our estimates are calibrated on or carry over to (AMD, formerly Xilinx).
// One JSON file a part in parts/: counts of one device, BRAM in units of 18 kbit (two per BRAM36).
// To add a part: one file there, one line in the import list, one in PARTS.

import { BitLensError } from '../errors.ts';
import type { Part } from './costs.ts';
import xcvu9p from './parts/xcvu9p.json';
import xcku115 from './parts/xcku115.json';
import xcvu13p from './parts/xcvu13p.json';
import xcu250 from './parts/xcu250.json';
import xcu200 from './parts/xcu200.json';
import xcu50 from './parts/xcu50.json';
import xcu55c from './parts/xcu55c.json';
import xcu280 from './parts/xcu280.json';
import xczu9eg from './parts/xczu9eg.json';
import xczu7ev from './parts/xczu7ev.json';
import xczu3eg from './parts/xczu3eg.json';
import xczu28dr from './parts/xczu28dr.json';
import xck26 from './parts/xck26.json';
import xczu5ev from './parts/xczu5ev.json';
import xcku15p from './parts/xcku15p.json';
import xc7z020 from './parts/xc7z020.json';
import xc7z010 from './parts/xc7z010.json';
import xc7z007s from './parts/xc7z007s.json';
import xc7a35t from './parts/xc7a35t.json';
import xc7a100t from './parts/xc7a100t.json';
import xc7a200t from './parts/xc7a200t.json';
import xc7k325t from './parts/xc7k325t.json';
import xc7vx690t from './parts/xc7vx690t.json';
import xc7s50 from './parts/xc7s50.json';
import xcvc1902 from './parts/xcvc1902.json';

export const PARTS: readonly Part[] = [
  xcvu9p,
  xcku115,
  xcvu13p,
  xcu250,
  xcu200,
  xcu50,
  xcu55c,
  xcu280,
  xczu9eg,
  xczu7ev,
  xczu3eg,
  xczu28dr,
  xck26,
  xczu5ev,
  xcku15p,
  xc7z020,
  xc7z010,
  xc7z007s,
  xc7a35t,
  xc7a100t,
  xc7a200t,
  xc7k325t,
  xc7vx690t,
  xc7s50,
  xcvc1902,
];

/** Throws `bad-option` when no part has this id; full order codes (`xcvu9p-flga2104-2L-e`) are understood. */
export function findPart(id: string): Part {
  const wanted = id.trim().toLowerCase().split('-')[0];
  const part = PARTS.find((candidate) => candidate.id === wanted);
  if (part) return part;
  throw new BitLensError(
    'bad-option',
    ['There is no FPGA part “{0}”.', id],
    ['Known parts: {0}.', PARTS.map((candidate) => candidate.id).join(', ')],
  );
}

/** Artix-7, Kintex-7, Virtex-7, Spartan-7 and Zynq-7000: slower fabric, so HLS pipelines deeper. */
export function isSevenSeries(part: Part): boolean {
  return part.family.includes('-7');
}
