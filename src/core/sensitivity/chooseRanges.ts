// Chooses the range of each slot at each width by what it does to the network's outputs: a tensor's own squared error
// clips values that matter, its full range wastes steps. Tried one slot at a time, all else float.

import { throwIfAborted } from '../errors.ts';
import type { Slot } from '../ir/slots.ts';
import type { FormatTable } from '../quantizers/formatTable.ts';
import type { Metrics, RankingMetric } from '../result.ts';
import { additiveLoss } from './metrics.ts';
import type { Formats } from './sweep.ts';

export interface RangeProblem {
  readonly slots: readonly Slot[];
  readonly table: FormatTable;
  readonly ranking: RankingMetric;
  readonly signal: AbortSignal | undefined;
  widths(slot: Slot): readonly number[];
  measure(formats: Formats): Promise<Metrics>;
}

/** Sets the preferred format of every slot and width; yields before each slot. */
export async function* chooseRanges(
  problem: RangeProblem,
): AsyncGenerator<{ step: number; of: number; slot: Slot }> {
  const { slots, table, ranking, signal, widths, measure } = problem;
  for (const [step, slot] of slots.entries()) {
    yield { step, of: slots.length, slot };
    for (const bits of widths(slot)) {
      const formats = table.alternatives(slot, bits);
      if (formats.length < 2) continue;
      let least = Infinity;
      for (const format of formats) {
        throwIfAborted(signal);
        const loss = additiveLoss(await measure(new Map([[slot.id, format]])), ranking);
        if (loss < least) table.prefer(slot, bits, format);
        least = Math.min(least, loss);
      }
    }
  }
}
