// AMP phase 2 (arXiv 2302.05397; AIMET mixed_precision_algo.py): starting from the baseline, apply the entries of the
// sensitivity list one after the other, least harmful first, and find how far one can go within the accepted drop.

import { throwIfAborted } from '../errors.ts';
import {
  baselineOf,
  visit,
  withinBudget,
  type Choice,
  type Problem,
  type Strategy,
  type Visit,
} from './strategy.ts';

export const amp: Strategy = {
  id: 'amp',
  title: 'AMP: sensitivity list, greedy walk',
  async *search(problem) {
    const path = greedyPath(problem);
    const limited = Object.keys(problem.budget).length > 0;
    const steps = limited ? budgetWalk(problem, path) : dropWalk(problem, path);
    yield* steps;
  },
};

/**
 * Choices after 0, 1, 2 … entries of the sensitivity list. An entry is applied only when it makes its group cheaper by
 * the objective: noisy scores must never raise a group's bits again.
 */
export function greedyPath(problem: Problem): readonly Choice[] {
  const { groups, objective } = problem;
  const cost = (g: number, o: number): number => groups[g]!.options[o]!.costs[objective] ?? Infinity;
  const entries = groups.flatMap(({ options }, g) =>
    options
      .slice(1)
      .map((option, index) => ({ g, o: index + 1, option, saving: cost(g, 0) - cost(g, index + 1) })),
  );
  entries.sort(
    (a, b) =>
      a.option.loss - b.option.loss || b.option.bits - a.option.bits || b.saving - a.saving || a.g - b.g,
  );
  const path: Choice[] = [baselineOf(problem)];
  for (const { g, o } of entries) {
    const current = path[path.length - 1]!;
    if (cost(g, o) < cost(g, current[g]!)) path.push(current.with(g, o));
  }
  return path;
}

/** With a budget the walk ends at the first point that respects it; no measurement decides where. */
async function* budgetWalk(problem: Problem, path: readonly Choice[]): AsyncGenerator<Visit> {
  const end = path.findIndex((choice) => withinBudget(problem.costs(choice), problem.budget));
  const index = end < 0 ? path.length - 1 : end;
  for (const i of [0, Math.ceil(index / 2), index]) yield await visitAt(problem, path, i);
  if (end < 0)
    problem.note('Even the end of the AMP walk, with every group at its cheapest, is above the budget.');
}

/** Looks for the last point of the path within the accepted drop, assuming that drops grow along the path. */
async function* dropWalk(problem: Problem, path: readonly Choice[]): AsyncGenerator<Visit> {
  const probed = new Map<number, Visit>();
  async function* probe(index: number): AsyncGenerator<Visit, Visit> {
    throwIfAborted(problem.signal);
    const known = probed.get(index) ?? (await visitAt(problem, path, index));
    if (!probed.has(index)) yield known;
    probed.set(index, known);
    return known;
  }

  const accepted = (seen: Visit): boolean => seen.dropBound <= problem.maxDrop;
  if (!accepted(yield* probe(0))) return;
  let good = 0;
  let bad = path.length;
  if (problem.walk === 'brute') {
    while (good + 1 < path.length && accepted(yield* probe(good + 1))) good++;
    return;
  }
  while (bad - good > 1) {
    const next =
      problem.walk === 'binary' ? Math.floor((good + bad) / 2) : interpolate(problem, probed, good, bad);
    if (accepted(yield* probe(next))) good = next;
    else bad = next;
  }
  if (isMonotone(probed)) return;
  problem.note(
    'The metric did not fall steadily along the AMP walk; the points after the boundary were searched one by one.',
  );
  const end = [...probed.keys()].filter((index) => index > bad).reduce((a, b) => Math.min(a, b), path.length);
  for (let index = bad + 1; index < end; index++) yield* probe(index);
}

/** Position where the line between the two ends of the bracket crosses the limit, strictly inside the bracket. */
function interpolate(
  problem: Problem,
  probed: ReadonlyMap<number, Visit>,
  good: number,
  bad: number,
): number {
  const low = probed.get(good)!.dropBound;
  const high = probed.get(bad)?.dropBound;
  if (high === undefined || high <= low) return Math.floor((good + bad) / 2);
  const position = good + ((problem.maxDrop - low) / (high - low)) * (bad - good);
  return Math.min(Math.max(Math.round(position), good + 1), bad - 1);
}

function isMonotone(probed: ReadonlyMap<number, Visit>): boolean {
  const inOrder = [...probed].sort(([a], [b]) => a - b).map(([, seen]) => seen.drop);
  return inOrder.every((drop, i) => i === 0 || drop >= inOrder[i - 1]! - 1e-9);
}

function visitAt(problem: Problem, path: readonly Choice[], index: number): Promise<Visit> {
  const from = path[Math.max(index - 1, 0)]!;
  return visit(problem, path[index]!, { origin: 'amp', label: `amp ${index}`, from });
}
