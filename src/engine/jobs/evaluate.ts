// Accuracy of a model on data: as it is, or with the quantizers of a plan in place.

import { isTrainedQuantized, TRAINED_NOTE } from '../../core/ir/trainedPlan.ts';
import { compareOutputs, type HeadValues } from '../../core/sensitivity/metrics.ts';
import { crossEntropy, meanAuc } from '../../core/sensitivity/scores.ts';
import type { EvaluateParams, EvaluateResult, PlanChoice, RunProgress } from '../../protocol/engine.ts';
import type { CallContext } from '../../protocol/rpc.ts';
import { createEvaluator, executorFor } from '../evaluator.ts';
import { calibrationPart, loadData } from '../loadData.ts';
import { loadModel } from '../loadModel.ts';
import { calibrate, type Calibration } from '../run/calibrate.ts';
import { calibrateOptions, chosenFormats } from '../run/planChoice.ts';
import { createReporter } from '../run/progress.ts';

export async function evaluate(
  params: EvaluateParams,
  { signal, report }: CallContext<RunProgress>,
  backend: string,
): Promise<EvaluateResult> {
  const reporter = createReporter({ report, partial: () => null });
  const { prepared } = await loadModel(params.model, params.data);
  const { dataset } = await loadData(params.data, prepared.graph);
  const executor = executorFor(prepared);
  const onBatch = (done: number, of: number): void => reporter.step(done, dataset.description, of);
  let calibration: Calibration | undefined;
  try {
    reporter.stage('evaluate', 1);
    const float = await createEvaluator(executor, prepared, dataset, { signal, cacheBytes: 0, onBatch });
    const notes = isTrainedQuantized(prepared.slots) ? [...dataset.notes, TRAINED_NOTE] : dataset.notes;
    const common = { samples: dataset.count, data: dataset.description, notes, backend };
    if (!params.plan)
      return { ...scores(float.float, dataset.labels), sqnr: null, kl: null, agreement: null, ...common };

    calibration = await calibrateFor(params.plan);
    const formats = await chosenFormats(prepared, params.plan, calibration);
    const outputs = await float.outputs(calibration.assigner.assign(formats), signal);
    const { sqnr, kl, agreement } = compareOutputs(float.float, outputs, dataset.labels);
    return { ...scores(outputs, dataset.labels), sqnr, kl, agreement, ...common };
  } finally {
    calibration?.evaluator.dispose();
    executor.dispose();
  }

  async function calibrateFor(plan: PlanChoice): Promise<Calibration> {
    const ref = calibrationPart(params.calibration ?? params.data);
    const { dataset: samples } = await loadData(ref, prepared.graph);
    return await calibrate(executor, prepared, samples, calibrateOptions(plan), reporter, signal);
  }
}

function scores(outputs: readonly HeadValues[], labels: Int32Array | undefined) {
  const head = outputs[0];
  if (!labels || !head || head.kind === 'linear') return { accuracy: null, auc: null, loss: null };
  const { accuracy } = compareOutputs(outputs, outputs, labels);
  return { accuracy, auc: meanAuc(head, labels), loss: crossEntropy(head, labels) };
}
