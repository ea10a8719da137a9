// AMP's sensitivity list fed to an exact knapsack (systems card §B.9 P2b): the greedy walk first, then the predicted
// front of the additive model, searched with the real metric, measured at points along it, and repaired locally.
// Because the greedy walk's points stay in, the result is never worse than AMP's at the same drop.

import type { CostName } from '../cost/costs.ts';
import { throwIfAborted } from '../errors.ts';
import { amp } from './amp.ts';
import { solveKnapsack, type KnapsackState } from './knapsack.ts';
import {
  baselineOf,
  visit,
  withinBudget,
  type Choice,
  type Problem,
  type Strategy,
  type Visit,
} from './strategy.ts';

/** Points measured along the predicted front besides those the search needs. */
const FRONT_POINTS = 10;

export const ampDp: Strategy = {
  id: 'amp+dp',
  title: 'AMP + knapsack: sensitivity list, greedy walk, then the exact front of the additive model',
  async *search(problem) {
    yield* amp.search(problem);
    const front = predictedFront(problem);
    if (front.length === 0) {
      problem.note('No combination of the candidates fits the budget in the additive model.');
      return;
    }
    const best = yield* boundary(problem, front);
    yield* spread(problem, front);
    if (best) yield* repair(problem, best);
  },
};

function predictedFront(problem: Problem): readonly KnapsackState[] {
  const bounded = Object.keys(problem.budget) as CostName[];
  const names = [problem.objective, ...bounded.filter((name) => name !== problem.objective)];
  const groups = problem.groups.map(({ options }) =>
    options.map(({ costs, loss }) => ({ loss, costs: names.map((name) => costs[name] ?? 0) })),
  );
  // The additive model leaves out what no group decides; the bounds are reduced by it.
  const baseline = baselineOf(problem);
  const exact = problem.costs(baseline);
  const bounds = names.map((name, k) => {
    const modelled = groups.reduce((sum, items) => sum + items[0]!.costs[k]!, 0);
    return (problem.budget[name] ?? Infinity) - Math.max(0, (exact[name] ?? 0) - modelled);
  });
  return solveKnapsack(groups, { bounds });
}

/** The cheapest point of the front that really keeps the metric: bisection, as drops grow towards the cheap end. */
async function* boundary(
  problem: Problem,
  front: readonly KnapsackState[],
): AsyncGenerator<Visit, Visit | undefined> {
  let best: Visit | undefined;
  let low = 0;
  let high = front.length - 1;
  while (low <= high) {
    throwIfAborted(problem.signal);
    const middle = Math.floor((low + high) / 2);
    const seen = await measureState(problem, front, middle);
    yield seen;
    if (isAccepted(problem, seen)) {
      best = seen;
      high = middle - 1;
    } else low = middle + 1;
  }
  return best;
}

/** Evenly spaced in predicted loss (logarithmic), so that the plotted front has no holes. */
async function* spread(problem: Problem, front: readonly KnapsackState[]): AsyncGenerator<Visit> {
  const positive = front.map(({ loss }) => Math.log(Math.max(loss, 1e-12)));
  const [high, low] = [positive[0]!, positive[positive.length - 1]!];
  for (let k = 0; k < FRONT_POINTS; k++) {
    throwIfAborted(problem.signal);
    const wanted = low + ((high - low) * k) / (FRONT_POINTS - 1);
    const index = nearest(positive, wanted);
    yield await measureState(problem, front, index);
  }
}

/** Tries each group one option cheaper, best predicted saving per loss first, and keeps what still passes. */
async function* repair(problem: Problem, start: Visit): AsyncGenerator<Visit> {
  let current = start;
  for (const choice of neighbours(problem, start.choice)) {
    throwIfAborted(problem.signal);
    const changed = choice.findIndex((option, g) => option !== start.choice[g]);
    const next = current.choice.with(changed, choice[changed]!);
    const seen = await visit(problem, next, {
      origin: 'repair',
      label: `repair ${changed + 1}`,
      from: current.choice,
    });
    yield seen;
    if (isAccepted(problem, seen)) current = seen;
  }
}

/** For each group its next cheaper option on the group's own convex front. */
function neighbours(problem: Problem, choice: Choice): Choice[] {
  const { objective } = problem;
  const moves = problem.groups.flatMap(({ options }, g) => {
    const at = options[choice[g]!]!;
    const cost = at.costs[objective] ?? 0;
    const cheaper = options
      .map((option, o) => ({ o, saving: cost - (option.costs[objective] ?? 0), harm: option.loss - at.loss }))
      .filter(({ saving }) => saving > 0)
      .sort((a, b) => a.harm / a.saving - b.harm / b.saving);
    return cheaper[0] ? [{ g, ...cheaper[0] }] : [];
  });
  moves.sort((a, b) => a.harm / a.saving - b.harm / b.saving);
  return moves.map(({ g, o }) => choice.with(g, o));
}

function isAccepted(problem: Problem, seen: Visit): boolean {
  return seen.drop <= problem.maxDrop && withinBudget(seen.costs, problem.budget);
}

function measureState(problem: Problem, front: readonly KnapsackState[], index: number): Promise<Visit> {
  const label = `dp ${index + 1}/${front.length}`;
  return visit(problem, front[index]!.choice, { origin: 'dp', label, from: baselineOf(problem) });
}

function nearest(values: readonly number[], wanted: number): number {
  let best = 0;
  for (const [i, value] of values.entries())
    if (Math.abs(value - wanted) < Math.abs(values[best]! - wanted)) best = i;
  return best;
}
