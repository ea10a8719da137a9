// Multiple-choice knapsack over quantizer groups by Pareto merging (systems card §D): groups are merged one by one and
// only non-dominated (cost, loss) states survive, so the whole predicted front comes out at once. With further bounded
// costs a state carries a vector; states that fall into the same small box of cost space are thinned to the best.

export interface KnapsackItem {
  /** The first cost spans the front; all of them obey the bounds. */
  readonly costs: readonly number[];
  readonly loss: number;
}

export interface KnapsackState {
  /** Index of the chosen item of each group. */
  readonly choice: readonly number[];
  readonly costs: readonly number[];
  readonly loss: number;
}

export interface KnapsackOptions {
  /** Upper bound per cost; Infinity where there is none. */
  readonly bounds: readonly number[];
  /** More states than this are thinned (the front then is approximate). */
  readonly limit?: number;
}

interface Partial {
  readonly costs: readonly number[];
  readonly loss: number;
  readonly item: number;
  readonly before: Partial | undefined;
}

/** The predicted front: non-dominated choices within the bounds, cheapest first. Empty when nothing fits. */
export function solveKnapsack(
  groups: readonly (readonly KnapsackItem[])[],
  options: KnapsackOptions,
): KnapsackState[] {
  const { bounds, limit = 4000 } = options;
  const rest = cheapestRest(groups, bounds.length);
  let states: Partial[] = [{ costs: bounds.map(() => 0), loss: 0, item: -1, before: undefined }];
  for (const [g, items] of groups.entries()) {
    const merged: Partial[] = [];
    for (const before of states) {
      for (const [item, { costs, loss }] of items.entries()) {
        const total = before.costs.map((cost, k) => cost + costs[k]!);
        const hopeless = total.some((cost, k) => cost + rest[g + 1]![k]! > bounds[k]!);
        if (!hopeless) merged.push({ costs: total, loss: before.loss + loss, item, before });
      }
    }
    states = thin(dominating(merged), limit);
  }
  return states.map((state) => ({ choice: trace(state), costs: state.costs, loss: state.loss }));
}

/** Least cost the groups from g on must still add, per cost. */
function cheapestRest(groups: readonly (readonly KnapsackItem[])[], dimensions: number): number[][] {
  const rest: number[][] = [Array.from({ length: dimensions }, () => 0)];
  for (const items of [...groups].reverse()) {
    rest.unshift(rest[0]!.map((sum, k) => sum + Math.min(...items.map(({ costs }) => costs[k]!))));
  }
  return rest;
}

/** States that no other beats in loss and all costs, by ascending first cost. */
function dominating(states: Partial[]): Partial[] {
  states.sort((a, b) => compare(a.costs, b.costs) || a.loss - b.loss);
  if (states[0]?.costs.length === 1) return descendingLoss(states);
  const kept: Partial[] = [];
  for (const state of states) if (!kept.some((other) => dominates(other, state))) kept.push(state);
  return kept;
}

function descendingLoss(states: readonly Partial[]): Partial[] {
  let best = Infinity;
  return states.filter(({ loss }) => {
    const keep = loss < best;
    if (keep) best = loss;
    return keep;
  });
}

function dominates(a: Partial, b: Partial): boolean {
  return a.loss <= b.loss && a.costs.every((cost, k) => cost <= b.costs[k]!);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [k, cost] of a.entries()) if (cost !== b[k]) return cost - b[k]!;
  return 0;
}

/** Keeps the state of least loss in each of about `limit` boxes of the first cost's range; both ends stay. */
function thin(states: readonly Partial[], limit: number): Partial[] {
  if (states.length <= limit) return [...states];
  const first = states[0]!.costs[0]!;
  const span = states[states.length - 1]!.costs[0]! - first;
  const best = new Map<number, Partial>();
  for (const state of states) {
    const box = Math.floor(((state.costs[0]! - first) / span) * (limit - 1));
    const known = best.get(box);
    if (!known || state.loss < known.loss) best.set(box, state);
  }
  best.set(-1, states[0]!);
  return [...new Set(best.values())].sort((a, b) => compare(a.costs, b.costs) || a.loss - b.loss);
}

function trace(state: Partial): number[] {
  const choice: number[] = [];
  for (let at = state; at.before; at = at.before) choice.unshift(at.item);
  return choice;
}
