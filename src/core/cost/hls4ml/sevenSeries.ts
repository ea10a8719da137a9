// What differs on 7-series parts, whose slower fabric HLS pipelines deeper: 4 to 11 cycles and 14 to 34 FF per term
// in the four dense layers of one report (Vitis HLS 2024.2, xc7z020, 5 ns), against 0 or 1 cycle on UltraScale+.

import type { Part } from '../costs.ts';
import { isSevenSeries } from '../parts.ts';
import type { Calibration } from './calibration.ts';

const SEVEN_SERIES = { cycles: 7.5, ffPerTerm: 23 };
const CALIBRATED_CLOCK_NS = 5;

/** Cycles of one evaluation of an unrolled kernel; at least one. */
export function pipelineDepth(part: Part, clockNs: number): number {
  const cycles = isSevenSeries(part) ? SEVEN_SERIES.cycles : 1;
  return Math.max(1, Math.round((cycles * CALIBRATED_CLOCK_NS) / clockNs));
}

/** Pipeline registers of an unrolled kernel. */
export function unrolledFf(terms: number, dsp: number, part: Part, calibration: Calibration): number {
  if (isSevenSeries(part)) return SEVEN_SERIES.ffPerTerm * terms;
  return calibration.ffPerTerm * terms + calibration.ffPerDsp * dsp;
}
