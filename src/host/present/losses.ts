// What single tensors lose alone, from the sensitivity rows of a result. They are measured on the calibration data,
// candidates on the evaluation data: the two have accuracies of their own.

import type { Metrics, Result, SlotRow } from '../../core/result.ts';
import { change, changeWithError, decibels, small } from './numbers.ts';
import type { Translate } from './translate.ts';

/**
 * Accuracy of the float network on the calibration data, 0 … 1; null for regression, for synthetic samples, whose classes
 * mean nothing.
 */
export function calibrationAccuracy({ calibration, float }: Result): number | null {
  return calibration.synthetic ? null : float.calibrationAccuracy;
}

/** Accuracy that a row of the sensitivity list loses against float; null where accuracy is not known. */
export function lossOf(row: Metrics, floatAccuracy: number | null): number | null {
  return floatAccuracy === null || row.accuracy === null ? null : floatAccuracy - row.accuracy;
}

/** The measurement of a slot at exactly this format, all else float. */
export function slotRow(result: Result, slot: string, format: string | undefined): SlotRow | undefined {
  return result.sensitivity.slots.find((row) => row.slot === slot && row.format === format);
}

/** The worst of some rows: the largest accuracy lost (`−0.1 %`), else the lowest SQNR (`38 dB`); undefined without rows. */
export function worstLoss(rows: readonly SlotRow[], floatAccuracy: number | null): string | undefined {
  if (rows.length === 0) return undefined;
  const losses = rows.map((row) => lossOf(row, floatAccuracy));
  const known = losses.filter((loss) => loss !== null);
  if (known.length === losses.length) return change(Math.max(...known));
  return decibels(Math.min(...rows.map(({ sqnr }) => sqnr)));
}

/** `−1.4 ± 1.4 % · KL 0.046`: accuracy lost, else SQNR, and the metric the list is sorted by. */
export function rowText(result: Result, row: SlotRow, floatAccuracy: number | null, t: Translate): string {
  const loss = lossOf(row, floatAccuracy);
  const metric = rankedMetric(result, row, t);
  const first = loss === null ? decibels(row.sqnr) : changeWithError(loss, row.accuracyError);
  return first === metric ? first : `${first} · ${metric}`;
}

function rankedMetric({ ranking }: Result, row: SlotRow, t: Translate): string {
  if (ranking === 'mse') return t('MSE {0}', small(row.mse));
  return ranking === 'sqnr' || row.kl === null ? decibels(row.sqnr) : t('KL {0}', small(row.kl));
}
