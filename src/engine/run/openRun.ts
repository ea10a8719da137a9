// What a sensitivity analysis or a search works with: model, data, float reference, formats and costs.

import { findPart } from '../../core/cost/parts.ts';
import type { Prepared } from '../../core/ir/prepare.ts';
import type { FormatTable } from '../../core/quantizers/formatTable.ts';
import type { Widths } from '../../core/search/bits.ts';
import type { DataDescription, Metrics, QuantizeSettings, RankingMetric } from '../../core/result.ts';
import { accuracyOf } from '../../core/sensitivity/metrics.ts';
import { formatsKey, groupFormats, remembering, type Formats } from '../../core/sensitivity/sweep.ts';
import type { RunParams } from '../../protocol/engine.ts';
import type { Assigner } from '../assignment.ts';
import type { Assignment } from '../backend/schedule.ts';
import { createEvaluator, executorFor, type Evaluator } from '../evaluator.ts';
import { calibrationPart, loadData, type LoadedData } from '../loadData.ts';
import { loadModel } from '../loadModel.ts';
import { calibrate } from './calibrate.ts';
import { createCosting, type Costing } from './costing.ts';
import type { ProgressReporter } from './progress.ts';

export interface Run {
  readonly prepared: Prepared;
  readonly modelHash: string;
  readonly settings: QuantizeSettings;
  /** Metric the sensitivity list is sorted by. */
  readonly ranking: RankingMetric;
  readonly table: FormatTable;
  readonly assigner: Assigner;
  readonly costing: Costing;
  /** Where ranges and sensitivity come from. */
  readonly calibration: Evaluator;
  /** Of the float network; null for regression. */
  readonly calibrationAccuracy: number | null;
  readonly calibrationData: DataDescription;
  /** Where candidates are measured: the calibration data unless others were given. */
  readonly evaluation: Evaluator;
  readonly evaluationData: DataDescription;
  /** Needed before formats of widths beyond the settings are used. */
  tryRanges(widths: Widths): Promise<void>;
  measureCalibration(formats: Formats): Promise<Metrics>;
  measureEvaluation(formats: Formats): Promise<Metrics>;
  dispose(): void;
}

export async function openRun(
  params: RunParams,
  reporter: ProgressReporter,
  signal: AbortSignal,
): Promise<Run> {
  const { settings } = params;
  const part = findPart(settings.part);
  reporter.stage('open', 1);
  const model = await loadModel(params.model, params.calibration);
  const { prepared } = model;
  const modelHash = await model.hash();
  const calibrationData = await loadData(
    withSeed(calibrationPart(params.calibration), settings.seed),
    prepared.graph,
  );
  const evaluationData = await openEvaluationData(params, prepared, calibrationData);

  const networks = await openNetworks(prepared, calibrationData, evaluationData, settings, reporter, signal);
  const { calibration, evaluation } = networks;
  const { table, assigner, ranking } = calibration;
  const assignments = new Map<string, Assignment>();
  const assign = (formats: Formats): Assignment => {
    const key = formatsKey(formats);
    const known = assignments.get(key) ?? assigner.assign(formats);
    assignments.set(key, known);
    return known;
  };
  const measureOn = (evaluator: Evaluator) =>
    remembering((formats) => evaluator.measure(assign(formats), signal));
  const measureCalibration = measureOn(calibration.evaluator);

  return {
    prepared,
    modelHash,
    settings,
    ranking,
    table,
    assigner,
    costing: createCosting(prepared, assigner, { part, reuse: settings.reuse, clockNs: settings.clockNs }),
    calibration: calibration.evaluator,
    calibrationAccuracy: accuracyOf(calibration.evaluator.float, calibration.evaluator.dataset.labels),
    tryRanges: (widths) => calibration.tryRanges(widths),
    calibrationData: calibrationData.description,
    evaluation,
    evaluationData: evaluationData.description,
    measureCalibration,
    measureEvaluation: evaluation === calibration.evaluator ? measureCalibration : measureOn(evaluation),
    dispose: networks.dispose,
  };
}

/** The float network on both sets, calibrated; what was opened is disposed when something fails on the way. */
async function openNetworks(
  prepared: Prepared,
  calibrationData: LoadedData,
  evaluationData: LoadedData,
  settings: QuantizeSettings,
  reporter: ProgressReporter,
  signal: AbortSignal,
) {
  const executor = executorFor(prepared);
  const opened: { dispose(): void }[] = [executor];
  const dispose = (): void => opened.forEach((one) => one.dispose());
  try {
    const { dataset } = calibrationData;
    const calibration = await calibrate(executor, prepared, dataset, settings, reporter, signal);
    opened.push(calibration.evaluator);
    await calibration.tryRanges(widthsOf(settings));
    if (evaluationData === calibrationData)
      return { calibration, evaluation: calibration.evaluator, dispose };
    const onBatch = (done: number, of: number): void =>
      reporter.step(done, evaluationData.description.description, of);
    const evaluation = await createEvaluator(executor, prepared, evaluationData.dataset, { signal, onBatch });
    opened.push(evaluation);
    return { calibration, evaluation, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function withSeed(ref: RunParams['calibration'], seed: number): RunParams['calibration'] {
  return { seed, ...ref };
}

/** Labelled calibration data also serve to measure candidates, all of them. */
async function openEvaluationData(
  params: RunParams,
  prepared: Prepared,
  calibration: LoadedData,
): Promise<LoadedData> {
  if (params.evaluation) return await loadData(params.evaluation, prepared.graph);
  if (!calibration.description.labelled) return calibration;
  const all = await loadData(params.calibration, prepared.graph);
  return all.dataset.count === calibration.dataset.count ? calibration : all;
}

export function widthsOf({ weightBits, activationBits }: QuantizeSettings): Widths {
  return { weight: weightBits, activation: activationBits };
}

/** A plan with every slot: each group at its bits, and all biases. */
export function completeFormats(
  { prepared, table }: Pick<Run, 'prepared' | 'table'>,
  bitsOf: (group: number) => { readonly weight: number | null; readonly activation: number },
): Formats {
  const formats = new Map<string, ReturnType<FormatTable['bias']>>();
  for (const [g, group] of prepared.groups.entries()) {
    for (const [slot, format] of groupFormats(group, bitsOf(g), table)) formats.set(slot, format);
  }
  for (const slot of prepared.slots.list) if (slot.kind === 'bias') formats.set(slot.id, table.bias(slot));
  return formats;
}
