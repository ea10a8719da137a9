// Costs of a plan on a target, without a search.

import { findPart } from '../../core/cost/parts.ts';
import { utilization } from '../../core/cost/utilization.ts';
import type { EstimateParams, EstimateResult } from '../../protocol/engine.ts';
import { executorFor } from '../evaluator.ts';
import { calibrationPart, loadData } from '../loadData.ts';
import { loadModel } from '../loadModel.ts';
import { calibrate, type Calibration } from '../run/calibrate.ts';
import { createCosting } from '../run/costing.ts';
import { calibrateOptions, chosenFormats } from '../run/planChoice.ts';
import { createReporter } from '../run/progress.ts';

const SILENT = { report: () => undefined, partial: () => null };

export async function estimate(params: EstimateParams): Promise<EstimateResult> {
  const part = findPart(params.part);
  const { prepared } = await loadModel(params.model, params.calibration);
  const { dataset } = await loadData(calibrationPart(params.calibration ?? {}), prepared.graph);
  const executor = executorFor(prepared);
  let calibration: Calibration | undefined;
  try {
    const options = calibrateOptions(params.plan);
    const reporter = createReporter(SILENT);
    calibration = await calibrate(executor, prepared, dataset, options, reporter, undefined);
    const formats = await chosenFormats(prepared, params.plan, calibration);
    const { reuse, clockNs } = params;
    const costing = createCosting(prepared, calibration.assigner, { part, reuse, clockNs });
    const { total, layers, basis } = costing.plan(formats);
    const classes = new Map(prepared.graph.layers.map((layer) => [layer.id, layer.className]));
    return {
      layers: layers.map((layer) => ({ ...layer, className: classes.get(layer.layer)! })),
      total,
      basis,
      utilization: utilization(total, part),
      part: part.id,
      notes: dataset.notes,
    };
  } finally {
    calibration?.evaluator.dispose();
    executor.dispose();
  }
}
