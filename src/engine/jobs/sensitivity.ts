// The sensitivity list alone, without a search.

import { BitLensError } from '../../core/errors.ts';
import { summarizeGroups } from '../../core/ir/summarize.ts';
import type { SweepState } from '../../core/sensitivity/sweep.ts';
import type { RunParams, RunProgress, SensitivityResult } from '../../protocol/engine.ts';
import type { CallContext } from '../../protocol/rpc.ts';
import { openRun, widthsOf } from '../run/openRun.ts';
import { createReporter } from '../run/progress.ts';
import { sensitivityOf } from '../run/sensitivityOf.ts';

export async function sensitivity(
  params: RunParams,
  { signal, report }: CallContext<RunProgress>,
  backend: string,
): Promise<SensitivityResult> {
  const reporter = createReporter({ report, partial: () => null });
  const run = await openRun(params, reporter, signal);
  const state: SweepState = { groups: [], slots: [] };
  const answer = (status: SensitivityResult['status']): SensitivityResult => ({
    ranking: run.ranking,
    groups: summarizeGroups(run.prepared.groups, state.groups),
    rows: state.groups,
    slots: state.slots,
    calibration: run.calibrationData,
    status,
    backend,
  });
  try {
    reporter.stage('sensitivity', 1, 0);
    for await (const { step, of, subject } of sensitivityOf(run, widthsOf(run.settings), state, signal))
      reporter.step(step, subject, of);
    return answer('complete');
  } catch (error) {
    if (BitLensError.is(BitLensError.from(error), 'cancelled')) return answer('cancelled');
    throw error;
  } finally {
    run.dispose();
  }
}
