// Costs by layer, as results and views show them: the nodes of a layer added up.

import type { Graph } from '../ir/graph.ts';
import type { LayerCosts } from '../result.ts';
import type { Basis, CostName, Costs } from './costs.ts';
import type { Estimate, NodeEstimate } from './registry.ts';
import type { MutableCosts } from './totals.ts';

/** Of a layer's nodes the slowest sets the interval; all other costs add up. */
const SLOWEST: ReadonlySet<CostName> = new Set<CostName>(['ii']);

/** Layers that cost something, in graph order. Their latencies do not add up to the network's: layers overlap. */
export function layerCosts({ nodes }: Estimate, graph: Graph): readonly LayerCosts[] {
  const byLayer = new Map<number, NodeEstimate[]>();
  for (const entry of nodes) {
    const { layer } = graph.nodes[entry.node]!;
    byLayer.set(layer, [...(byLayer.get(layer) ?? []), entry]);
  }
  return [...byLayer.entries()]
    .sort(([a], [b]) => a - b)
    .map(([layer, entries]) => ({
      layer: graph.layers[layer]!.id,
      costs: addUp(entries),
      basis: distinct(entries.flatMap(({ basis }) => basis)),
    }));
}

/** FPGA figures of a layer need all its nodes: an activation alone would pass for the whole layer. */
function addUp(entries: readonly NodeEstimate[]): Costs {
  const total: MutableCosts = {};
  for (const { costs } of entries) {
    for (const [key, value] of Object.entries(costs)) {
      const name = key as CostName;
      const sofar = total[name] ?? 0;
      total[name] = SLOWEST.has(name) ? Math.max(sofar, value) : sofar + value;
    }
  }
  const missing = new Set(entries.flatMap((entry) => entry.missing));
  const known = Object.entries(total).filter(([name]) => !missing.has(name as CostName));
  return Object.fromEntries(known);
}

function distinct(bases: readonly Basis[]): readonly Basis[] {
  return bases.filter((basis, i) => bases.findIndex((other) => other.source === basis.source) === i);
}
