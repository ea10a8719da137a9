// AMP's sensitivity list fed to an exact knapsack (systems card §B.9 P2b): the greedy walk first, then the predicted
// front of the additive model, searched with the real metric, measured at points along it, and repaired locally.
// Because the greedy walk's points stay in, the result is never worse than AMP's at the same drop.

import type { CostName } from '../cost/costs.ts';
import { throwIfAborted } from '../errors.ts';
import { amp } from './amp.ts';
import { solveKnapsack, type KnapsackState } from './knapsack.ts';
import { refine } from './refine.ts';
import {
  baselineOf,
  isAccepted,
  visit,
  withinBudget,
  type Choice,
  type Problem,
  type Strategy,
  type Visit,
} from './strategy.ts';

/** Points measured along the predicted front besides those the search needs. */
const FRONT_POINTS = 10;
/** How far the plotted front goes beyond the boundary: in natural logarithms of the loss. */
const BEYOND = Math.log(30);

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
    // Without an accepted drop the budget alone decides: nothing is to be gained by plans cheaper than it.
    const dropDecides = problem.maxDrop < Infinity;
    const best = dropDecides ? yield* boundary(problem, front) : yield* mostCareful(problem, front);
    yield* spread(problem, front, best);
    if (best && dropDecides) yield* refine(problem, best);
  },
};

function predictedFront(problem: Problem): readonly KnapsackState[] {
  const bounded = Object.keys(problem.budget) as CostName[];
  const names = [problem.objective, ...bounded.filter((name) => name !== problem.objective)];
  const groups = problem.groups.map(({ options }) =>
    options.map(({ costs, loss }) => ({ loss, costs: names.map((name) => costs[name] ?? Infinity) })),
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

/** The point that loses least of those whose exact costs respect the budget. */
async function* mostCareful(
  problem: Problem,
  front: readonly KnapsackState[],
): AsyncGenerator<Visit, Visit | undefined> {
  const index = front.findLastIndex(({ choice }) => withinBudget(problem.costs(choice), problem.budget));
  if (index < 0) return undefined;
  const seen = await measureState(problem, front, index);
  yield seen;
  return seen;
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

/**
 * Evenly spaced in predicted loss (logarithmic) from the most careful plan to well beyond the boundary, so that the
 * plotted front has no holes; what lies further out has no accuracy left.
 */
async function* spread(
  problem: Problem,
  front: readonly KnapsackState[],
  best: Visit | undefined,
): AsyncGenerator<Visit> {
  const losses = front.map(({ loss }) => Math.log(Math.max(loss, 1e-12)));
  const low = losses[losses.length - 1]!;
  const boundary = best ? Math.log(Math.max(predictedLoss(problem, best.choice), 1e-12)) : low;
  const high = Math.min(losses[0]!, boundary + BEYOND);
  for (let k = 0; k < FRONT_POINTS; k++) {
    throwIfAborted(problem.signal);
    const index = nearest(losses, low + ((high - low) * k) / (FRONT_POINTS - 1));
    yield await measureState(problem, front, index);
  }
}

function predictedLoss({ groups }: Problem, choice: Choice): number {
  return choice.reduce((sum, option, g) => sum + groups[g]!.options[option]!.loss, 0);
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
