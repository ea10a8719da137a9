// The formats a request asks for: those of a plan file, or the same widths everywhere.

import type { Prepared } from '../../core/ir/prepare.ts';
import { bindPlan } from '../../core/plan.ts';
import { parseUniform } from '../../core/search/bits.ts';
import type { Formats } from '../../core/sensitivity/sweep.ts';
import { DEFAULT_SETTINGS } from '../../core/settings.ts';
import type { PlanChoice } from '../../protocol/engine.ts';
import type { Calibration, CalibrateOptions } from './calibrate.ts';
import { completeFormats } from './openRun.ts';

/** How activations are calibrated for a choice. */
export function calibrateOptions(choice: PlanChoice): CalibrateOptions {
  return choice.kind === 'uniform'
    ? { ...DEFAULT_SETTINGS, family: choice.family }
    : { ...DEFAULT_SETTINGS, range: choice.range ?? 'mse' };
}

export async function chosenFormats(
  prepared: Prepared,
  choice: PlanChoice,
  calibration: Calibration,
): Promise<Formats> {
  if (choice.kind === 'formats') return bindPlan(choice.formats, prepared.slots);
  const { weight, activation } = parseUniform(choice.uniform);
  await calibration.tryRanges({ weight: [weight], activation: [activation] });
  return completeFormats({ prepared, table: calibration.table }, (g) => {
    return { weight: prepared.groups[g]!.weights.length > 0 ? weight : null, activation };
  });
}
