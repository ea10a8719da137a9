// The one notification at the end of a run, and the status bar item while a plan is active.

import { findPart } from '../../core/cost/parts.ts';
import type { Candidate, PlanFormats, Result } from '../../core/result.ts';
import { dataText, statusNote, syntheticNote } from './dataNotes.ts';
import { change, decibels, share } from './numbers.ts';
import { planCostCompared, planHeadline, planLoss, whyChosen } from './planText.ts';
import type { Translate } from './translate.ts';
import { candidateAt, slotBits } from './widths.ts';

/** One or two sentences: `digits.keras: recommended plan repair 2.1, accuracy −0.6 ± 0.4 % against float, …` */
export function summary(result: Result, t: Translate): string {
  const chosen = candidateAt(result, result.chosen);
  const outcome = chosen ? planSentence(result, chosen, t) : whyChosen(result, t);
  return [
    t('{0}: {1}', result.model.file, outcome),
    statusNote(result, t),
    result.calibration.synthetic ? t('Calibrated on synthetic data.') : undefined,
  ]
    .filter((sentence) => sentence !== undefined)
    .join(' ');
}

function planSentence(result: Result, chosen: Candidate, t: Translate): string {
  const loss = planLoss(result, chosen);
  const cost = planCostCompared(result, chosen, t);
  const change = result.float.accuracy === null ? t('SQNR {0}', loss) : accuracyText(result, loss, t);
  return cost === undefined
    ? t('recommended plan {0}, {1}.', chosen.label, change)
    : t('recommended plan {0}, {1}, {2}.', chosen.label, change, cost);
}

/** What a model quantized already loses is counted from what its file gives. */
function accuracyText({ model }: Result, loss: string, t: Translate): string {
  return model.slots.some(({ trained }) => trained !== undefined)
    ? t('accuracy {0} against the model as trained', loss)
    : t('accuracy {0} against float', loss);
}

/**
 * `$(pulse) 4.1 b avg · −0.6 %`. The width is the mean over all weights. The tooltip is plain text of several lines.
 * @param active index in Result.candidates
 */
export function statusText(result: Result, active: number, t: Translate): { text: string; tooltip: string } {
  const candidate = candidateAt(result, active);
  if (!candidate) return { text: `$(pulse) ${result.model.file}`, tooltip: t('No plan is active') };
  const bits = meanWeightBits(result, candidate.plan);
  const parts = [plainLoss(result, candidate)];
  if (bits !== undefined) parts.unshift(t('{0} b avg', bits.toFixed(1)));
  return { text: `$(pulse) ${parts.join(' · ')}`, tooltip: tooltip(result, active, candidate, t) };
}

/** Without its standard error, which the tooltip has. */
function plainLoss(result: Result, { drop, metrics }: Candidate): string {
  return result.float.accuracy === null ? decibels(metrics.sqnr) : change(drop);
}

function tooltip(result: Result, active: number, candidate: Candidate, t: Translate): string {
  const { evaluation, calibration } = result;
  return [
    t('{0}: active plan {1}', result.model.file, planHeadline(result, candidate, t)),
    active === result.chosen ? t('This is the recommended plan.') : undefined,
    partShare(result, candidate, t),
    t('Measured on {0}.', dataText(evaluation, t)),
    statusNote(result, t),
    syntheticNote(calibration, t),
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/** `Virtex UltraScale+ VU9P: 26 % of the LUT, 0.1 % of the DSP`; undefined without an estimate. */
function partShare({ settings }: Result, { costs }: Candidate, t: Translate): string | undefined {
  if (costs.lut === undefined || costs.dsp === undefined) return undefined;
  const part = findPart(settings.part);
  return t(
    '{0}: {1} of the LUT, {2} of the DSP',
    part.title,
    share(costs.lut / part.lut),
    share(costs.dsp / part.dsp),
  );
}

/** Mean width of a weight, over all weights; undefined when the model has none. */
function meanWeightBits({ model }: Result, plan: PlanFormats): number | undefined {
  const weights = model.slots.filter(({ kind }) => kind === 'weight');
  const elements = weights.reduce((sum, slot) => sum + slot.elements, 0);
  const bits = weights.reduce((sum, slot) => sum + slot.elements * (slotBits(plan, slot.id) ?? 32), 0);
  return elements === 0 ? undefined : bits / elements;
}
