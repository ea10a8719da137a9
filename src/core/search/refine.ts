// Local repair around a plan (systems card §B.9): every group is tried one step up and one step down *in place*, all
// other groups as the plan has them. These losses hold for the plan, unlike those of phase 1 where all else was float;
// a small knapsack over them proposes combinations of steps, which are measured.

import { throwIfAborted } from '../errors.ts';
import { additiveLoss } from '../sensitivity/metrics.ts';
import { solveKnapsack, type KnapsackItem, type KnapsackState } from './knapsack.ts';
import { isAccepted, visit, type Choice, type Problem, type Visit } from './strategy.ts';

/** Rounds of trying all neighbours; each starts from the best plan so far. */
const ROUNDS = 3;

/** Yields what it measures; improves on `start` until no combination of steps is cheaper and still accepted. */
export async function* refine(problem: Problem, start: Visit): AsyncGenerator<Visit> {
  let best = start;
  for (let round = 1; round <= ROUNDS; round++) {
    const steps = yield* tryNeighbours(problem, best, round);
    const better = yield* tryCombinations(problem, best, steps, round);
    if (!better) return;
    best = better;
  }
}

interface Step {
  readonly option: number;
  /** Change of loss and of cost against the plan. */
  readonly loss: number;
  readonly cost: number;
}

/** For each group: staying, and its steps. */
async function* tryNeighbours(problem: Problem, plan: Visit, round: number): AsyncGenerator<Visit, Step[][]> {
  const steps: Step[][] = [];
  for (const [g, option] of plan.choice.entries()) {
    const own: Step[] = [{ option, loss: 0, cost: 0 }];
    for (const next of neighbours(problem, g, option)) {
      throwIfAborted(problem.signal);
      const direction = next.cheaper ? '↓' : '↑';
      const label = `repair ${round}.${g + 1}${direction}`;
      const seen = await tryChoice(problem, plan, plan.choice.with(g, next.option), label);
      yield seen;
      own.push({
        option: next.option,
        loss: additiveLoss(seen.metrics, problem.ranking) - additiveLoss(plan.metrics, problem.ranking),
        cost: costOf(problem, seen) - costOf(problem, plan),
      });
    }
    steps.push(own);
  }
  return steps;
}

/** The next cheaper and the next dearer option that is not dominated within the group. */
function neighbours(
  { groups, objective }: Problem,
  g: number,
  current: number,
): { readonly option: number; readonly cheaper: boolean }[] {
  const options = groups[g]!.options.map(({ costs, loss }, o) => ({
    o,
    cost: costs[objective] ?? Infinity,
    loss,
  }));
  const here = options[current]!;
  const efficient = options
    .filter(
      ({ cost, loss, o }) =>
        !options.some((other) => other.o !== o && other.cost <= cost && other.loss < loss),
    )
    .sort((a, b) => a.cost - b.cost);
  const down = efficient.findLast(({ cost }) => cost < here.cost);
  const up = efficient.find(({ cost, loss }) => cost > here.cost && loss < here.loss);
  return [
    ...(down ? [{ option: down.o, cheaper: true }] : []),
    ...(up ? [{ option: up.o, cheaper: false }] : []),
  ];
}

/** Bisects the front of combined steps, cheapest accepted combination first. */
async function* tryCombinations(
  problem: Problem,
  plan: Visit,
  steps: readonly (readonly Step[])[],
  round: number,
): AsyncGenerator<Visit, Visit | undefined> {
  const items = steps.map((own): KnapsackItem[] => own.map(({ cost, loss }) => ({ costs: [cost], loss })));
  const cheaper = solveKnapsack(items, { bounds: [Infinity] }).filter(({ costs }) => costs[0]! < 0);
  let best: Visit | undefined;
  let low = 0;
  let high = cheaper.length - 1;
  while (low <= high) {
    throwIfAborted(problem.signal);
    const middle = Math.floor((low + high) / 2);
    const seen = await tryChoice(
      problem,
      plan,
      combined(steps, cheaper[middle]!),
      `repair ${round} (${middle + 1})`,
    );
    yield seen;
    if (isAccepted(problem, seen)) {
      if (!best || costOf(problem, seen) < costOf(problem, best)) best = seen;
      high = middle - 1;
    } else low = middle + 1;
  }
  return best;
}

function combined(steps: readonly (readonly Step[])[], state: KnapsackState): Choice {
  return state.choice.map((step, g) => steps[g]![step]!.option);
}

function tryChoice(problem: Problem, from: Visit, choice: Choice, label: string): Promise<Visit> {
  return visit(problem, choice, { origin: 'repair', label, from: from.choice });
}

function costOf({ objective }: Problem, { costs }: Visit): number {
  return costs[objective] ?? Infinity;
}
