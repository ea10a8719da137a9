// Plans in words: what one loses as a whole, what it costs, and why one of them is recommended (core/search/choose.ts).

import type { Candidate, QuantizeSettings, Result } from '../../core/result.ts';
import { costList, costText, costTitle } from './costText.ts';
import { changeWithError, decibels, limit, share } from './numbers.ts';
import type { Translate } from './translate.ts';
import { candidateAt } from './widths.ts';

/** What the plan as a whole loses: `−0.6 ± 0.4 %`, for a network without classes `38 dB`. */
export function planLoss(result: Result, { drop, metrics }: Candidate): string {
  return result.float.accuracy === null
    ? decibels(metrics.sqnr)
    : changeWithError(drop, metrics.accuracyError);
}

/** What the plan takes of what the settings ask to make small: `2.38M BOPs`; undefined when it is not known. */
export function planCost({ settings }: Result, { costs }: Candidate, t: Translate): string | undefined {
  const value = costs[settings.objective];
  return value === undefined ? undefined : costText(settings.objective, value, t);
}

/** `2.38M BOPs (18 % of W8A8)`; only the cost when there is no uniform plan to compare with. */
export function planCostCompared(result: Result, candidate: Candidate, t: Translate): string | undefined {
  const cost = planCost(result, candidate, t);
  const { objective } = result.settings;
  const value = candidate.costs[objective];
  const reference = referencePlan(result);
  const whole = reference?.costs[objective];
  if (cost === undefined || value === undefined || !reference || !whole || reference === candidate)
    return cost;
  return t('{0} ({1} of {2})', cost, share(value / whole), reference.label);
}

/** `repair 2.1: −0.6 ± 0.4 %, 2.38M BOPs`. */
export function planHeadline(result: Result, candidate: Candidate, t: Translate): string {
  const cost = planCost(result, candidate, t);
  const loss = planLoss(result, candidate);
  return cost === undefined
    ? t('{0}: {1}', candidate.label, loss)
    : t('{0}: {1}, {2}', candidate.label, loss, cost);
}

/** Subtitle of a view. */
export function planSubtitle(result: Result, active: number | null, t: Translate): string {
  const candidate = candidateAt(result, active);
  return candidate ? t('Active plan {0}', planHeadline(result, candidate, t)) : t('No plan is active');
}

/** Why the suggested plan is the one, or that none respects the settings. */
export function whyChosen(result: Result, t: Translate): string {
  const { settings, candidates } = result;
  const chosen = candidateAt(result, result.chosen);
  if (candidates.length === 0) return t('No plan was measured.');
  if (!chosen) {
    return t('None of {0} measured plans respects the settings: {1}.', candidates.length, wanted(result, t));
  }
  const loss = planLoss(result, chosen);
  const cost = planCostCompared(result, chosen, t) ?? '–';
  if (hasBudget(settings)) {
    return t(
      'Of {0} measured plans, {1} loses least within the settings ({2}). As a whole: {3}, {4}.',
      candidates.length,
      chosen.label,
      wanted(result, t),
      loss,
      cost,
    );
  }
  return t(
    'Of {0} measured plans, {1} is the cheapest in {2} within the settings ({3}). As a whole: {4}, {5}.',
    candidates.length,
    chosen.label,
    costTitle(settings.objective, t),
    wanted(result, t),
    loss,
    cost,
  );
}

/** What the settings accept: `at most 1 % lost, standard error included; at most 50k LUT`. */
export function wanted(result: Result, t: Translate): string {
  const { settings } = result;
  const parts = [lossLimit(result, t)];
  if (hasBudget(settings)) parts.push(t('at most {0}', costList(settings.budget, t)));
  return parts.filter((part) => part !== undefined).join('; ') || t('any loss');
}

function lossLimit({ settings, float }: Result, t: Translate): string | undefined {
  const { maxDrop } = settings;
  if (maxDrop === null) return undefined;
  if (float.accuracy === null) return t('SQNR of {0} or more', decibels(sqnrLimit(maxDrop)));
  return t('at most {0} lost, standard error included', limit(maxDrop));
}

/** The accepted noise-to-signal power ratio of a regression as the SQNR it stands for, in dB. */
export function sqnrLimit(maxDrop: number): number {
  return -10 * Math.log10(maxDrop);
}

function hasBudget({ budget }: QuantizeSettings): boolean {
  return Object.keys(budget).length > 0;
}

/** The plan everyone knows: W8A8, else the first uniform one. */
function referencePlan({ candidates }: Result): Candidate | undefined {
  const uniform = candidates.filter(({ origin }) => origin === 'uniform');
  return uniform.find(({ label }) => label === 'W8A8') ?? uniform[0];
}
