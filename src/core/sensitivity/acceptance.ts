// How much a plan may really lose, when all we have is a sample. Without labels the accuracy is itself an estimate from
// few samples, and a search that compares many plans on one sample picks those that the sample flatters. The divergence
// from the float network measures the same damage with far less noise: what it usually costs, and how far that usually
// scatters, bounds the drop and its standard error from below.

import type { Metrics } from '../result.ts';
import { dropOf } from './metrics.ts';

export interface Acceptance {
  readonly floatAccuracy: number | null;
  readonly usual: UsualDamage;
}

/** What a divergence usually means for accuracy, as a sensitivity sweep saw it. Zeros with labels, or while unknown. */
export interface UsualDamage {
  /** Accuracy lost per nat of KL divergence. */
  readonly dropPerNat: number;
  /** Squared standard error of that loss per nat, on as many samples as the sweep had. */
  readonly variancePerNat: number;
}

export const UNKNOWN_DAMAGE: UsualDamage = { dropPerNat: 0, variancePerNat: 0 };

/** The drop, or what its divergence usually costs if that is more, plus one standard error, its own or the usual one. */
export function dropBoundOf(metrics: Metrics, { floatAccuracy, usual }: Acceptance): number {
  const kl = metrics.kl ?? 0;
  const expected = Math.max(dropOf(metrics, floatAccuracy), usual.dropPerNat * kl);
  return expected + Math.max(metrics.accuracyError ?? 0, Math.sqrt(usual.variancePerNat * kl));
}

/** Measurements that lose more than this say little of the small losses that one accepts: both grow less than linearly. */
const NEAR = 0.05;

/** Least squares on KL through the origin, over the measurements that lose little. */
export function usualDamage(rows: readonly Metrics[], floatAccuracy: number | null): UsualDamage {
  let squares = 0;
  let drops = 0;
  let variances = 0;
  for (const row of rows) {
    if (row.kl === null || row.accuracyError === null || dropOf(row, floatAccuracy) > NEAR) continue;
    squares += row.kl * row.kl;
    drops += row.kl * dropOf(row, floatAccuracy);
    variances += row.kl * row.accuracyError ** 2;
  }
  if (squares === 0) return UNKNOWN_DAMAGE;
  return { dropPerNat: Math.max(drops / squares, 0), variancePerNat: variances / squares };
}
