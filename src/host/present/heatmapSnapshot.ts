// The heat map's data: what every tensor loses at every width it was measured at, in the order the network runs.

import type { Result, SlotRow, SlotSummary } from '../../core/result.ts';
import type { HeatmapCell, HeatmapRow, HeatmapSnapshot } from '../../protocol/webview.ts';
import { sensitivityNotes } from './dataNotes.ts';
import { calibrationAccuracy, lossOf } from './losses.ts';
import { metricMeasures, metricValues, rankingMeasure } from './metricMeasures.ts';
import { planSubtitle } from './planText.ts';
import type { Translate } from './translate.ts';
import { viewStrings } from './viewStrings.ts';
import { candidateAt, slotBits } from './widths.ts';

/**
 * @param active index in Result.candidates, null: none
 * @param linked layer ids that have a source line
 */
export function heatmapSnapshot(
  result: Result,
  active: number | null,
  linked: ReadonlySet<string>,
  t: Translate,
): HeatmapSnapshot {
  const { model, sensitivity, ranking } = result;
  const floatAccuracy = calibrationAccuracy(result);
  const cells = cellsBySlot(result, floatAccuracy);
  const values = sensitivity.slots.map((row) => metricValues(row, lossOf(row, floatAccuracy)));
  const measures = metricMeasures(values, t);
  const plan = candidateAt(result, active)?.plan;
  return {
    view: 'heatmap',
    title: model.file,
    subtitle: planSubtitle(result, active, t),
    notes: sensitivityNotes(result, t),
    measures,
    measure: rankingMeasure(ranking, measures),
    bits: [...new Set(sensitivity.slots.map(({ bits }) => bits))].sort((a, b) => b - a),
    rows: shownSlots(result).map(([slot, part]): HeatmapRow => {
      const layer = model.layers.find(({ id }) => id === slot.layer);
      return {
        layer: slot.layer,
        name: layer?.name ?? slot.layer,
        className: layer?.className ?? '',
        part,
        slot: slot.id,
        cells: cells.get(slot.id) ?? [],
        activeBits: plan ? slotBits(plan, slot.id) : null,
        linked: linked.has(slot.layer),
      };
    }),
    strings: viewStrings(t),
  };
}

/** Slots a width is chosen for, those of a layer together, layers as the network runs. */
function shownSlots({ model }: Result): [SlotSummary, HeatmapRow['part']][] {
  const order = new Map(model.layers.map(({ id }, index) => [id, index]));
  const position = ({ layer }: SlotSummary): number => order.get(layer) ?? model.layers.length;
  return model.slots
    .flatMap((slot): [SlotSummary, HeatmapRow['part']][] => (slot.kind === 'bias' ? [] : [[slot, slot.kind]]))
    .sort(([a], [b]) => position(a) - position(b));
}

function cellsBySlot(
  result: Result,
  floatAccuracy: number | null,
): ReadonlyMap<string, readonly HeatmapCell[]> {
  const cellOf = (row: SlotRow): HeatmapCell => ({
    bits: row.bits,
    format: row.format,
    values: metricValues(row, lossOf(row, floatAccuracy)),
  });
  const bySlot = new Map<string, HeatmapCell[]>();
  for (const row of result.sensitivity.slots) {
    const cells = bySlot.get(row.slot);
    if (cells) cells.push(cellOf(row));
    else bySlot.set(row.slot, [cellOf(row)]);
  }
  return bySlot;
}
