// The sensitivity sweep of a run, at the widths that are asked for.

import { sweep, type SweepState, type SweepStep } from '../../core/sensitivity/sweep.ts';
import type { Widths } from '../../core/search/bits.ts';
import type { Run } from './openRun.ts';

/** Fills `state` row by row and yields before each measurement. */
export function sensitivityOf(
  run: Run,
  widths: Widths,
  state: SweepState,
  signal: AbortSignal,
): AsyncGenerator<SweepStep> {
  const problem = {
    groups: run.prepared.groups,
    formats: run.table,
    weightBits: widths.weight,
    activationBits: widths.activation,
    floatAccuracy: run.calibrationAccuracy,
    signal,
    measure: run.measureCalibration.bind(run),
  };
  return sweep(problem, state);
}
