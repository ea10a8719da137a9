// The formats of a plan as views show them: widths and short labels of slots.

import { bitsOf, parseFormat } from '../../core/quantizers/format.ts';
import { shortFormat } from '../../core/quantizers/shortFormat.ts';
import type { Candidate, LayerSummary, PlanFormats, Result } from '../../core/result.ts';
import type { Translate } from './translate.ts';

const FLOAT = 'float32';

/** The candidate at an index; undefined for null and for an index the result does not have. */
export function candidateAt(result: Result, index: number | null): Candidate | undefined {
  return index === null ? undefined : result.candidates[index];
}

/** Width of a slot under a plan; null: float. */
export function slotBits(plan: PlanFormats, slot: string): number | null {
  const format = plan[slot] ?? FLOAT;
  return format === FLOAT ? null : bitsOf(parseFormat(format));
}

/** Distinct formats of some slots: `fixed<4,0> fixed<6,1>`. */
export function slotFormats(plan: PlanFormats, slots: readonly string[]): string {
  return [...new Set(slots.map((slot) => shortFormat(plan[slot] ?? FLOAT)))].join(' ');
}

/** Slots a layer's lens speaks of: its weights and the one that quantizes its output. */
export function ownSlots({ weights, writes }: LayerSummary): readonly string[] {
  return writes === null ? weights : [...weights, writes];
}

/** `w fixed<4,0> · a ufixed<6,2>`; what the layer does not have is left out. */
export function layerFormats(layer: LayerSummary, plan: PlanFormats, t: Translate): string {
  const parts: string[] = [];
  if (layer.weights.length > 0) parts.push(t('w {0}', slotFormats(plan, layer.weights)));
  if (layer.writes !== null) parts.push(t('a {0}', slotFormats(plan, [layer.writes])));
  return parts.join(' · ');
}
