// How much a plan may really lose, when all we have is a sample. Without labels the accuracy is itself an estimate from
// few samples, and a search that compares many plans on one sample picks those that the sample flatters. The divergence
// from the float network measures the same damage with far less noise, so it bounds the drop from below.

import type { Metrics } from '../result.ts';
import { dropOf, isHopeless } from './metrics.ts';

export interface Acceptance {
  readonly floatAccuracy: number | null;
  /** Accuracy lost per nat of KL divergence, as the sensitivity sweep saw it; 0 with labels, or while unknown. */
  readonly dropPerNat: number;
}

/** The drop, or what its divergence usually costs if that is more, plus one standard error. */
export function dropBoundOf(metrics: Metrics, { floatAccuracy, dropPerNat }: Acceptance): number {
  const expected = dropPerNat * (metrics.kl ?? 0);
  return Math.max(dropOf(metrics, floatAccuracy), expected) + (metrics.accuracyError ?? 0);
}

/** Least squares of drop on KL through the origin, over all measurements in which the network still works. */
export function dropPerNat(rows: readonly Metrics[], floatAccuracy: number | null): number {
  let products = 0;
  let squares = 0;
  for (const row of rows) {
    if (row.kl === null || isHopeless(row, floatAccuracy)) continue;
    products += row.kl * dropOf(row, floatAccuracy);
    squares += row.kl * row.kl;
  }
  return squares === 0 ? 0 : Math.max(products / squares, 0);
}
