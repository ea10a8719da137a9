// Energy of one operation or memory access in picojoules, 45 nm. The constants are those QTools fits to
// Horowitz, "Computing's energy problem", ISSCC 2014 (google/qkeras, qtools/config_public.py, "horowitz").

import type { DataType } from '../fixedPoint.ts';

const ADD_PER_BIT = 0.003125;
const MULTIPLY = { squared: 0.002994791667, linear: 0.001041666667 };
const FLOAT = { 16: { add: 0.4, multiply: 1.1 }, 32: { add: 0.9, multiply: 3.7 } };
const SRAM = { cubed: 9.02427321e-4, squared: -2.68847858e-2, linear: 0.208900804 };
const DRAM_PER_BIT = 20.3125;
const WORD_BITS = 64;

/** One addition; gates, multiplexers and shifters are priced as an adder of their width. */
export function addEnergy(type: Pick<DataType, 'kind' | 'bits'>): number {
  return type.kind === 'float' ? FLOAT[type.bits === 16 ? 16 : 32].add : ADD_PER_BIT * type.bits;
}

/** One multiplication; a fixed-point one has the geometric mean of its operands' widths. */
export function multiplyEnergy(type: Pick<DataType, 'kind' | 'bits'>): number {
  const { kind, bits } = type;
  if (kind === 'float') return FLOAT[bits === 16 ? 16 : 32].multiply;
  return MULTIPLY.squared * bits * bits + MULTIPLY.linear * bits;
}

/** Reading or writing a tensor of `bits` in an on-chip memory of at least `smallest` bits. */
export function sramEnergy(bits: number, smallest: number): number {
  const size = Math.log2(Math.max(bits, smallest));
  const word = SRAM.cubed * size ** 3 + SRAM.squared * size ** 2 + SRAM.linear * size;
  return Math.ceil(bits / WORD_BITS) * Math.max(0, word);
}

/** Reading or writing a tensor of `bits` in external memory. */
export function dramEnergy(bits: number): number {
  return DRAM_PER_BIT * bits;
}
