// Costs of plans: the exact costs of a whole plan, and the additive table the search works on.

import { layerCosts } from '../../core/cost/layerCosts.ts';
import { COSTS, type CostName, type Costs, type CostView, type Target } from '../../core/cost/costs.ts';
import { estimate, nodeCosts, type Estimate } from '../../core/cost/registry.ts';
import type { GraphNode } from '../../core/ir/graph.ts';
import type { Group } from '../../core/ir/groups.ts';
import { isKernel } from '../../core/ir/opFacts.ts';
import type { Prepared } from '../../core/ir/prepare.ts';
import type { Slot } from '../../core/ir/slots.ts';
import { FLOAT32, printFormat, type Format } from '../../core/quantizers/format.ts';
import { integerMultiples } from '../../core/quantizers/grid.ts';
import type { LayerCosts } from '../../core/result.ts';
import type { Formats } from '../../core/sensitivity/sweep.ts';
import type { Assigner } from '../assignment.ts';

export interface PlanCosts {
  readonly total: Costs;
  readonly layers: readonly LayerCosts[];
  readonly basis: Estimate['basis'];
}

export interface Costing {
  /** Exact costs of a plan. */
  plan(formats: Formats): PlanCosts;
  /** Costs of the nodes whose cost a group decides, under a plan: differences between candidates of a group add up. */
  group(group: Group, formats: Formats): Costs;
  /** Costs of the kernels that use a weight slot, under a plan. */
  kernel(slot: Slot, formats: Formats): Costs;
}

export function createCosting(prepared: Prepared, assigner: Assigner, target: Target): Costing {
  const { graph, slots } = prepared;
  const codes = new Map<string, Int32Array | undefined>();

  const codesOf = (node: GraphNode, slot: Slot, format: Format): Int32Array | undefined => {
    const key = `${slot.id} ${printFormat(format)}`;
    if (!codes.has(key)) {
      const grid = assigner.grid(slot, format);
      codes.set(key, grid && isKernel(node.op) ? integerMultiples(node.op.kernel.read(), grid) : undefined);
    }
    return codes.get(key);
  };

  const viewOf = (formats: Formats): CostView => {
    const format = (slot: string): Format => formats.get(slot) ?? FLOAT32;
    return {
      graph,
      slots,
      target,
      format,
      codes(id) {
        const slot = slots.weight(id);
        return slot && codesOf(graph.nodes[id]!, slot, format(slot.id));
      },
    };
  };

  const sum = (nodes: readonly GraphNode[], view: CostView): Costs => {
    const total = Object.fromEntries(COSTS.map(({ id }) => [id, 0])) as Record<CostName, number>;
    for (const node of nodes) {
      for (const [name, value] of Object.entries(nodeCosts(node, view))) total[name as CostName] += value;
    }
    return total;
  };

  const decided = new Map<Group, readonly GraphNode[]>();
  return {
    plan(formats) {
      const whole = estimate(viewOf(formats));
      return { total: whole.total, layers: layerCosts(whole, graph), basis: whole.basis };
    },
    group(group, formats) {
      const nodes = decided.get(group) ?? decidedNodes(prepared, group);
      decided.set(group, nodes);
      return sum(nodes, viewOf(formats));
    },
    kernel: (slot, formats) =>
      sum(
        slot.nodes.map((id) => graph.nodes[id]!),
        viewOf(formats),
      ),
  };
}

/** Nodes that use a weight of the group, produce one of its activations, or read one. */
function decidedNodes({ graph, slots }: Prepared, group: Group): readonly GraphNode[] {
  const mine = new Set<Slot>([...group.weights, ...group.activations]);
  const touches = (list: readonly (Slot | undefined)[]): boolean =>
    list.some((slot) => slot && mine.has(slot));
  return graph.nodes.filter(
    ({ id, inputs }) =>
      touches([slots.weight(id), slots.output(id)]) || inputs.some((input) => touches(slots.carried(input))),
  );
}
