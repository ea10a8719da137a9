// The hover of one call that constructs several layers: a line for each in the active plan.

import type { Candidate, LayerSummary, Result } from '../../core/result.ts';
import { calibrationAccuracy, slotRow, worstLoss } from './losses.ts';
import { escaped, table } from './markdown.ts';
import { compact } from './numbers.ts';
import type { Translate } from './translate.ts';
import { ownSlots, slotBits } from './widths.ts';

/** Longer loops end in a line that says how many are left out. */
const MAX_ROWS = 12;

/** Title, table, and how many layers are left out. */
export function hoverLayers(
  result: Result,
  candidate: Candidate,
  layers: readonly LayerSummary[],
  t: Translate,
): string[] {
  const floatAccuracy = calibrationAccuracy(result);
  const rows = layers.slice(0, MAX_ROWS).map((layer) => {
    const measured = ownSlots(layer).flatMap((slot) => slotRow(result, slot, candidate.plan[slot]) ?? []);
    const costs = candidate.layers.find((entry) => entry.layer === layer.id)?.costs ?? {};
    const cost = (value: number | undefined): string => (value === undefined ? '–' : compact(value));
    return [
      escaped(layer.name),
      widths(candidate, layer.weights, t),
      widths(candidate, layer.writes === null ? [] : [layer.writes], t),
      worstLoss(measured, floatAccuracy) ?? '–',
      cost(costs.lut),
      cost(costs.dsp),
    ];
  });
  const classes = [...new Set(layers.map(({ className }) => className))].join(', ');
  const columns = [
    { title: t('Layer'), align: 'left' as const },
    ...[t('Weights'), t('Output'), t('Worst alone'), t('LUT'), t('DSP')].map((title) => ({
      title,
      align: 'right' as const,
    })),
  ];
  return [
    `**${escaped(t('{0} layers of this line', layers.length))}** · ${escaped(classes)}`,
    table(columns, rows),
    layers.length > MAX_ROWS ? escaped(t('{0} of {1} layers are shown.', MAX_ROWS, layers.length)) : '',
  ];
}

function widths({ plan }: Candidate, slots: readonly string[], t: Translate): string {
  if (slots.length === 0) return '–';
  return slots.map((slot) => slotBits(plan, slot) ?? t('float')).join(', ');
}
