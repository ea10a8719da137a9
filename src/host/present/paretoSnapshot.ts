// The Pareto view's data: every measured plan with what it loses and what it costs, the limits, and what each changed.

import { COSTS, type CostInfo } from '../../core/cost/costs.ts';
import type { Candidate, Result } from '../../core/result.ts';
import type { ParetoPoint, ParetoSnapshot } from '../../protocol/webview.ts';
import { basisText } from './basisText.ts';
import { planNotes } from './dataNotes.ts';
import { metricMeasures, metricValues, type MetricId } from './metricMeasures.ts';
import { limit } from './numbers.ts';
import { planHeadline, sqnrLimit, wanted } from './planText.ts';
import type { Translate } from './translate.ts';
import { viewStrings } from './viewStrings.ts';
import { candidateAt } from './widths.ts';

/** Longer lists of changes end in "and 3 more". */
const MAX_DETAIL = 100;

/** @param active index in Result.candidates, null: none */
export function paretoSnapshot(result: Result, active: number | null, t: Translate): ParetoSnapshot {
  const { model, candidates, settings } = result;
  const points = candidates.map((candidate, index) => paretoPoint(result, candidate, index, active, t));
  const metrics = metricMeasures(
    candidates.map((candidate) => candidateMetrics(result, candidate)),
    t,
  );
  const costs = COSTS.filter(({ id }) => candidates.some((candidate) => candidate.costs[id] !== undefined));
  return {
    view: 'pareto',
    title: model.file,
    subtitle: subtitle(result, active, t),
    notes: [...planNotes(result, t), ...acceptanceNotes(result, t)],
    metrics,
    costs: costs.map((info) => costMeasure(result, info, t)),
    // The front was found for the drop (its SQNR for a network without classes) against the objective.
    metric: result.float.accuracy === null ? 'sqnr' : 'drop',
    cost: (costs.find(({ id }) => id === settings.objective) ?? costs[0])?.id ?? settings.objective,
    float: floatMetrics(result),
    budget: settings.budget,
    limit: lossLimit(result),
    points,
    strings: viewStrings(t),
  };
}

function paretoPoint(
  result: Result,
  candidate: Candidate,
  index: number,
  active: number | null,
  t: Translate,
): ParetoPoint {
  const onFront = result.front.includes(index);
  return {
    index,
    label: candidate.label,
    kind: onFront ? 'front' : REFERENCES.has(candidate.origin) ? 'uniform' : 'dominated',
    values: { ...candidateMetrics(result, candidate), ...candidate.costs },
    active: index === active,
    chosen: index === result.chosen,
    detail: flipsText(candidate.flips, t),
  };
}

/** Plans to compare with, drawn alike: one width everywhere, and the formats of the model file. */
const REFERENCES: ReadonlySet<Candidate['origin']> = new Set<Candidate['origin']>(['uniform', 'trained']);

/** `conv2: W8A8 → W4A8, dense: W8A8 → W6A8 and 3 more`. */
function flipsText(flips: Candidate['flips'], t: Translate): string {
  const texts = flips.map(({ group, from, to }) => `${group}: ${from} → ${to}`);
  const shown: string[] = [];
  for (const text of texts) {
    if (shown.length > 0 && shown.join(', ').length + text.length > MAX_DETAIL) break;
    shown.push(text);
  }
  const list = shown.join(', ');
  return shown.length === texts.length ? list : t('{0} and {1} more', list, texts.length - shown.length);
}

function candidateMetrics({ float }: Result, { metrics, drop }: Candidate): Record<MetricId, number | null> {
  return metricValues(metrics, float.accuracy === null ? null : drop);
}

function costMeasure({ costBasis }: Result, { id, title, unit }: CostInfo, t: Translate) {
  const basis = costBasis[id];
  return {
    id,
    title: t(title),
    unit: unit === '' ? '' : t(unit),
    better: 'lower' as const,
    basis: basis ? basisText(basis, t) : '',
  };
}

/** The float network against itself. Its SQNR is infinite, which no line can show. */
function floatMetrics({ float }: Result): Record<MetricId, number | null> {
  const classes = float.accuracy !== null;
  return {
    drop: classes ? 0 : null,
    kl: classes ? 0 : null,
    sqnr: null,
    mse: 0,
    agreement: classes ? 1 : null,
  };
}

function lossLimit({ settings, float }: Result): Readonly<Record<string, number>> {
  if (settings.maxDrop === null) return {};
  return float.accuracy === null ? { sqnr: sqnrLimit(settings.maxDrop) } : { drop: settings.maxDrop };
}

/** What the search accepts, which the bare loss on the axis does not show. */
function acceptanceNotes(result: Result, t: Translate): string[] {
  const { dropPerNat } = result.float;
  const notes = [t('Accepted: {0}.', wanted(result, t))];
  if (dropPerNat > 0) {
    notes.push(
      t(
        'Without labels a plan counts as losing at least {0} per 0.01 nats of KL divergence.',
        limit(dropPerNat / 100),
      ),
    );
  }
  return notes;
}

function subtitle(result: Result, active: number | null, t: Translate): string {
  const found = t('{0} plans measured, {1} on the front', result.candidates.length, result.front.length);
  const candidate = candidateAt(result, active);
  return candidate ? t('{0} · active plan {1}', found, planHeadline(result, candidate, t)) : found;
}
