// Layers with ReuseFactor 1: every weight is a constant in the circuit.
// Fed by the statistics of the codes and a calibration; feeds kernel.ts.
// The rules are those of the csynth reports listed in calibration.ts.

import type { Calibration } from './calibration.ts';
import type { CodeStatistics } from './codeStatistics.ts';
import { fabricLut, usesDsp } from './multiply.ts';

/** hls4ml's Latency strategy does not build layers with more multiplications than this (limit of the HLS unroll). */
export const UNROLL_LIMIT = 4096;

export interface Multipliers {
  readonly dsp: number;
  /** LUTs of the multiplications that are too narrow for a DSP. */
  readonly lut: number;
}

/** Where the constants that need a multiplier go for an input operand of this width. */
export function placeMultipliers(statistics: CodeStatistics, inputBits: number): Multipliers {
  let dsp = 0;
  let lut = 0;
  for (const [width, count] of statistics.multipliers.entries()) {
    if (usesDsp(inputBits, width)) dsp += count;
    else lut += count * fabricLut(inputBits, width);
  }
  return { dsp, lut };
}

/** LUTs that csynth reports; `accumulatorBits` is the width of the adders. */
export function unrolledLut(
  statistics: Pick<CodeStatistics, 'nonzero' | 'extraDigits'>,
  multipliers: Multipliers,
  inputBits: number,
  accumulatorBits: number,
  calibration: Calibration,
): number {
  return (
    calibration.adder * accumulatorBits * statistics.nonzero +
    calibration.shiftAdd * inputBits * statistics.extraDigits +
    calibration.dspLut * multipliers.dsp +
    multipliers.lut
  );
}
