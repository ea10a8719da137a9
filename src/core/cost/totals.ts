// Sums over nodes. A total exists only when every node that costs something has the figure: a sum that left out
// a float layer would look like a saving.

import type { CostName, Costs, NodeCosts } from './costs.ts';

export type MutableCosts = Partial<Record<CostName, number>>;

/** True when every node has this cost. */
export function isComplete(nodes: readonly NodeCosts[], name: CostName): boolean {
  return nodes.every(({ costs }) => costs[name] !== undefined);
}

/** Sums of the costs that all nodes have. */
export function sumCosts(nodes: readonly NodeCosts[], names: readonly CostName[]): Costs {
  const total: MutableCosts = {};
  for (const name of names) {
    if (isComplete(nodes, name)) total[name] = nodes.reduce((sum, { costs }) => sum + (costs[name] ?? 0), 0);
  }
  return total;
}
