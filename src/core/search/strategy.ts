// What a search strategy is, and the problem it solves: choose one candidate per quantizer group so that the cost is
// small and the network keeps its metric. One strategy a file; registry.ts lists them.

import type { CostName, Costs } from '../cost/costs.ts';
import type { Candidate, Metrics, RankingMetric } from '../result.ts';

/** One candidate of one group, with what is known of it before any joint measurement. */
export interface Option {
  /** `W4A8`. */
  readonly label: string;
  /** Additive loss of phase 1: all else float. */
  readonly loss: number;
  /** Drop of the metric measured in phase 1, for predictions shown to the user. */
  readonly drop: number;
  /** Costs of the nodes this group decides, other groups at the baseline: additive in the search's model. */
  readonly costs: Costs;
  /** Sum of the widths: breaks ties towards more bits. */
  readonly bits: number;
}

export interface SearchGroup {
  readonly id: string;
  /** Widest first; options[0] is the baseline. */
  readonly options: readonly Option[];
}

/** Index of the chosen option of every group. */
export type Choice = readonly number[];

/** A measured choice. */
export interface Visit {
  readonly choice: Choice;
  readonly origin: Candidate['origin'];
  readonly label: string;
  readonly flips: Candidate['flips'];
  readonly metrics: Metrics;
  readonly drop: number;
  /** What must stay within the accepted drop. */
  readonly dropBound: number;
  readonly predictedDrop: number | null;
  /** Exact costs of the whole network. */
  readonly costs: Costs;
}

export interface Problem {
  readonly groups: readonly SearchGroup[];
  readonly objective: CostName;
  /** Metric the options' losses are of. */
  readonly ranking: RankingMetric;
  /** Largest accepted drop. */
  readonly maxDrop: number;
  /** Upper bounds on costs; empty when only the metric limits. */
  readonly budget: Costs;
  readonly walk: 'brute' | 'binary' | 'interpolation';
  readonly signal: AbortSignal | undefined;
  /** Exact costs of a choice. */
  costs(choice: Choice): Costs;
  /** Runs the network; answers are remembered, so asking twice costs nothing. */
  measure(
    choice: Choice,
  ): Promise<{ readonly metrics: Metrics; readonly drop: number; readonly dropBound: number }>;
  /** Something the user should know about this run. */
  note(text: string): void;
}

export interface Strategy {
  readonly id: 'amp' | 'amp+dp';
  readonly title: string;
  /** Yields every choice it measured, as it goes. Stops between measurements when the signal is aborted. */
  search(problem: Problem): AsyncGenerator<Visit>;
}

export const baselineOf = (problem: Problem): Choice => problem.groups.map(() => 0);

/** Is every bound of the budget respected? A cost that is not known cannot be said to respect a bound. */
export function withinBudget(costs: Costs, budget: Costs): boolean {
  return (Object.entries(budget) as [CostName, number][]).every(
    ([name, bound]) => (costs[name] ?? Infinity) <= bound,
  );
}

/** Does a measured choice respect all limits? */
export function isAccepted(
  problem: Problem,
  { dropBound, costs }: Pick<Visit, 'dropBound' | 'costs'>,
): boolean {
  return dropBound <= problem.maxDrop && withinBudget(costs, problem.budget);
}

export interface VisitContext {
  readonly origin: Visit['origin'];
  readonly label: string;
  /** What it is compared with when flips are listed. */
  readonly from: Choice;
}

/** Measures a choice and describes it. */
export async function visit(problem: Problem, choice: Choice, context: VisitContext): Promise<Visit> {
  const { metrics, drop, dropBound } = await problem.measure(choice);
  return {
    choice,
    origin: context.origin,
    label: context.label,
    flips: describeFlips(problem, context.from, choice),
    metrics,
    drop,
    dropBound,
    predictedDrop: predictDrop(problem, choice),
    costs: problem.costs(choice),
  };
}

function describeFlips(problem: Problem, from: Choice, to: Choice): Visit['flips'] {
  return problem.groups.flatMap(({ id, options }, g) =>
    from[g] === to[g] ? [] : [{ group: id, from: options[from[g]!]!.label, to: options[to[g]!]!.label }],
  );
}

/** Sum of the groups' own drops: what an additive world would lose. */
function predictDrop(problem: Problem, choice: Choice): number {
  return problem.groups.reduce((sum, { options }, g) => sum + options[choice[g]!]!.drop, 0);
}
