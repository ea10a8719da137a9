// The cost models, and what callers use of them: a whole plan by node and in total, or one node quickly.
// To add a model: one file here, one line in COST_MODELS.

import type { GraphNode, NodeId } from '../ir/graph.ts';
import { bops } from './bops.ts';
import type { Basis, CostName, Costs, CostView, NodeCosts } from './costs.ts';
import type { DescribedModel } from './describedModel.ts';
import { hls4ml } from './hls4ml.ts';
import { modelBits } from './modelBits.ts';
import { qtools } from './qtools.ts';

export const COST_MODELS: readonly DescribedModel[] = [bops, modelBits, qtools(), hls4ml()];

/** All costs of one node; `basis` has one entry per model that prices it. */
export interface NodeEstimate {
  readonly node: NodeId;
  readonly costs: Costs;
  /** Costs the node should have and has not, because it is float. */
  readonly missing: readonly CostName[];
  readonly basis: readonly Basis[];
}

export interface Estimate {
  /** Nodes that cost something, in graph order. */
  readonly nodes: readonly NodeEstimate[];
  /** A cost is missing when a node that should have it does not: a float layer has no FPGA estimate. */
  readonly total: Costs;
  readonly basis: Readonly<Partial<Record<CostName, Basis>>>;
}

/** Costs of a whole plan. */
export function estimate(view: CostView): Estimate {
  const byModel = COST_MODELS.map((model) => ({ model, nodes: pricedNodes(model, view) }));
  const nodes = view.graph.nodes.flatMap(({ id }): NodeEstimate[] => {
    const parts = byModel.flatMap(({ nodes: priced }) => priced.get(id) ?? []);
    if (parts.length === 0) return [];
    const costs: Costs = Object.assign({}, ...parts.map((part) => part.costs)) as Costs;
    const due = byModel.flatMap(({ model, nodes: priced }) => (priced.has(id) ? model.costs : []));
    const missing = due.filter((name) => costs[name] === undefined);
    return [{ node: id, costs, missing, basis: parts.map((part) => part.basis) }];
  });
  const totals = byModel.map(({ model, nodes: priced }) => model.total([...priced.values()], view));
  return {
    nodes,
    total: Object.assign({}, ...totals) as Costs,
    basis: Object.assign({}, ...COST_MODELS.map((model) => model.basis(view))) as Estimate['basis'],
  };
}

/**
 * Costs of one node: what changes when the formats of its operands, parameters or output change. Latency and ii are
 * the node's own, not its share of the network's.
 */
export function nodeCosts(node: GraphNode, view: CostView): Costs {
  const parts = COST_MODELS.map((model) => model.node(node, view)?.costs);
  return Object.assign({}, ...parts) as Costs;
}

function pricedNodes(model: DescribedModel, view: CostView): ReadonlyMap<NodeId, NodeCosts> {
  const priced = view.graph.nodes.flatMap((node) => model.node(node, view) ?? []);
  return new Map(priced.map((costs) => [costs.node, costs]));
}
