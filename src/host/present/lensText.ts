// The text of a code lens: `w 4b · a 6b · −0.1 % · 312 LUT`, at most 40 characters. Widths of the active plan, the most
// that one of its tensors loses alone, and what the layer costs. A call in a loop constructs several layers: their range.

import type { CostName } from '../../core/cost/costs.ts';
import type { Candidate, LayerSummary, Result } from '../../core/result.ts';
import { costText } from './costText.ts';
import { calibrationAccuracy, slotRow, worstLoss } from './losses.ts';
import { span } from './numbers.ts';
import type { Translate } from './translate.ts';
import { candidateAt, ownSlots, slotBits } from './widths.ts';

/** The first that exists and is not 0 is shown. */
const SHOWN_COSTS: readonly CostName[] = ['lut', 'dsp', 'bits', 'bops'];
const HARDWARE: ReadonlySet<CostName> = new Set<CostName>(['lut', 'dsp']);

/**
 * @param active index in Result.candidates
 * @param layers layer ids of one call site
 * @returns null when there is nothing to say: no weights, no quantized output, no cost, or folded into the layer before
 */
export function lensText(
  result: Result,
  active: number,
  layers: readonly string[],
  t: Translate,
): string | null {
  const candidate = candidateAt(result, active);
  if (!candidate) return null;
  const { folded } = result.model;
  const shown = result.model.layers.filter(({ id }) => layers.includes(id) && !folded.includes(id));
  const parts = [
    widths(unique(shown.flatMap(({ weights }) => weights)), candidate, t, (bits) => t('w {0}', bits)),
    widths(unique(shown.flatMap(({ writes }) => writes ?? [])), candidate, t, (bits) => t('a {0}', bits)),
    loss(result, candidate, shown),
    cost(candidate, shown, t),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? null : parts.join(' · ');
}

function widths(
  slots: readonly string[],
  { plan }: Candidate,
  t: Translate,
  named: (bits: string) => string,
): string | undefined {
  if (slots.length === 0) return undefined;
  const bits = slots.map((slot) => slotBits(plan, slot));
  const text = bits.every((width) => width === null)
    ? t('float')
    : t('{0}b', span(bits.map((width) => width ?? 32)));
  return named(text);
}

/** Of all quantized tensors, or of none: a width that was not measured may be the one that hurts. */
function loss(result: Result, { plan }: Candidate, layers: readonly LayerSummary[]): string | undefined {
  const slots = unique(layers.flatMap(ownSlots)).filter((slot) => slotBits(plan, slot) !== null);
  const rows = slots.flatMap((slot) => slotRow(result, slot, plan[slot]) ?? []);
  return rows.length === slots.length ? worstLoss(rows, calibrationAccuracy(result)) : undefined;
}

function cost(candidate: Candidate, layers: readonly LayerSummary[], t: Translate): string | undefined {
  const priced = candidate.layers.filter(({ layer }) => layers.some(({ id }) => id === layer));
  for (const name of SHOWN_COSTS) {
    const known = priced.flatMap(({ costs }) => costs[name] ?? []);
    // Hardware has no figure for a float layer; a total without it would look like a saving.
    if (HARDWARE.has(name) && known.length < priced.length) continue;
    const total = known.reduce((sum, value) => sum + value, 0);
    if (total > 0) return costText(name, total, t);
  }
  return undefined;
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)];
}
