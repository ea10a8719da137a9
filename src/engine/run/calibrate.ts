// From a calibration set to formats: float statistics, the format of every slot at every width asked for, and the
// quantizers that go with them.

import type { Dataset } from '../../core/data/dataset.ts';
import type { Prepared } from '../../core/ir/prepare.ts';
import type { Slot } from '../../core/ir/slots.ts';
import {
  createFormatTable,
  type FormatTable,
  type FormatTableOptions,
} from '../../core/quantizers/formatTable.ts';
import { weightRange } from '../../core/quantizers/range.ts';
import type { RankingMetric } from '../../core/result.ts';
import { chooseRanges } from '../../core/sensitivity/chooseRanges.ts';
import { defaultRanking } from '../../core/sensitivity/metrics.ts';
import type { Formats } from '../../core/sensitivity/sweep.ts';
import { RANGE_SAMPLES } from '../../core/settings.ts';
import { createAssigner, type Assigner } from '../assignment.ts';
import type { Executor } from '../backend/executor.ts';
import { createEvaluator, type Evaluator } from '../evaluator.ts';
import type { Widths } from '../../core/search/bits.ts';
import type { ProgressReporter } from './progress.ts';

export interface Calibration {
  readonly evaluator: Evaluator;
  readonly table: FormatTable;
  readonly assigner: Assigner;
  readonly ranking: RankingMetric;
  /** Tries the ranges of widths that have not been tried; needed before formats of these widths are used. */
  tryRanges(widths: Widths): Promise<void>;
}

export interface CalibrateOptions extends FormatTableOptions {
  readonly metric: RankingMetric | 'auto';
}

export async function calibrate(
  executor: Executor,
  prepared: Prepared,
  dataset: Dataset,
  options: CalibrateOptions,
  reporter: ProgressReporter,
  signal: AbortSignal | undefined,
): Promise<Calibration> {
  reporter.stage('calibrate', 1);
  const onBatch = (done: number, of: number): void => reporter.step(done, dataset.description, of);
  const evaluator = await createEvaluator(executor, prepared, dataset, { signal, statistics: true, onBatch });
  const statistics = evaluator.statistics.bind(evaluator);
  const table = createFormatTable(prepared.graph, options, statistics);
  const assigner = createAssigner(prepared, weightRange(options.range), statistics);
  const ranking = options.metric === 'auto' ? defaultRanking(evaluator.float) : options.metric;
  const tried = new Set<string>();

  async function tryRanges(widths: Widths): Promise<void> {
    if (options.range !== 'output') return;
    const untried = (slot: Slot): readonly number[] =>
      (slot.kind === 'weight' ? widths.weight : widths.activation).filter(
        (bits) => !tried.has(`${slot.id} ${bits}`),
      );
    const slots = prepared.slots.list.filter((slot) => slot.kind !== 'bias' && untried(slot).length > 0);
    if (slots.length === 0) return;
    const few = await createEvaluator(executor, prepared, firstSamples(dataset), { signal });
    try {
      reporter.stage('calibrate', slots.length);
      const measure = (formats: Formats) => few.measure(assigner.assign(formats), signal);
      for await (const { step, of, slot } of chooseRanges({
        slots,
        table,
        ranking,
        signal,
        widths: untried,
        measure,
      })) {
        reporter.step(step, slot.id, of);
      }
    } finally {
      few.dispose();
    }
    for (const slot of slots) for (const bits of untried(slot)) tried.add(`${slot.id} ${bits}`);
  }

  return { evaluator, table, assigner, ranking, tryRanges };
}

function firstSamples(dataset: Dataset): Dataset {
  const count = Math.min(dataset.count, RANGE_SAMPLES);
  return { ...dataset, count, labels: dataset.labels?.slice(0, count) };
}
