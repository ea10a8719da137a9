// Which of the measured candidates the settings ask for.

import type { Candidate, QuantizeSettings } from '../result.ts';
import { withinBudget } from './strategy.ts';

type Measured = Pick<Candidate, 'costs' | 'drop' | 'dropBound'>;

/**
 * Index of the candidate to recommend: with a budget the one that loses least within it, otherwise the cheapest within
 * the accepted drop; null when none respects the settings.
 */
export function choose(candidates: readonly Measured[], settings: QuantizeSettings): number | null {
  const { objective, budget, maxDrop } = settings;
  const cost = (candidate: Measured): number => candidate.costs[objective] ?? Infinity;
  const limited = Object.keys(budget).length > 0;
  const better = (a: Measured, b: Measured): boolean =>
    limited && a.drop !== b.drop
      ? a.drop < b.drop
      : cost(a) !== cost(b)
        ? cost(a) < cost(b)
        : a.drop < b.drop;
  let best: number | null = null;
  for (const [index, candidate] of candidates.entries()) {
    const accepted = candidate.dropBound <= (maxDrop ?? Infinity); // no number is not accepted
    if (!accepted || !withinBudget(candidate.costs, budget)) continue;
    if (best === null || better(candidate, candidates[best]!)) best = index;
  }
  return best;
}
