// Latency and interval of a network from those of its layers. Fed by the nodes' costs; feeds the totals.

import type { Graph, GraphNode, NodeId } from '../../ir/graph.ts';
import type { NodeCosts } from '../costs.ts';
import { isStreamed, positionsOf } from './stream.ts';

export interface Timing {
  readonly latency: number;
  readonly ii: number;
}

/** Expects latency and ii in every node's costs. */
export function networkTiming(nodes: readonly NodeCosts[], graph: Graph): Timing {
  return isStreamed(graph) ? streamTiming(nodes, graph) : parallelTiming(nodes, graph);
}

/**
 * io_parallel: layers are functions called one after another; each call but the last is registered (+ 1 cycle).
 * The slowest layer sets the interval. The jet tagger of four reports: 15 cycles predicted, 9 to 15 reported.
 */
function parallelTiming(nodes: readonly NodeCosts[], graph: Graph): Timing {
  const longest = longestPath(nodes, graph, ({ latency }) => latency + 1);
  return { latency: Math.max(0, longest - 1), ii: Math.max(1, ...nodes.map(({ costs }) => costs.ii ?? 1)) };
}

/**
 * io_stream: layers that walk over pixels run at the same time, so the slowest one counts once and hides the others;
 * what comes after the last pixel adds up. Interval: the slowest layer and one cycle. SVHN network of the hls4ml
 * tutorial: 1047 and 1028 cycles predicted, 1044 and 1028 reported.
 */
function streamTiming(nodes: readonly NodeCosts[], graph: Graph): Timing {
  const walking = nodes.filter(({ node }) => walksPixels(graph, graph.nodes[node]!));
  const slowest = Math.max(0, ...walking.map(({ costs }) => costs.latency ?? 0));
  const rest = nodes.filter((costs) => !walking.includes(costs));
  const after = longestPath(rest, graph, ({ latency }) => latency);
  return { latency: slowest + after, ii: 1 + Math.max(...nodes.map(({ costs }) => costs.ii ?? 1), 1) };
}

function walksPixels(graph: Graph, node: GraphNode): boolean {
  return [node.shape, ...node.inputs.map((id) => graph.nodes[id]!.shape)].some(
    (shape) => positionsOf(shape) > 1,
  );
}

/** Largest sum of step costs along any way through the graph. */
function longestPath(
  nodes: readonly NodeCosts[],
  graph: Graph,
  step: (timing: { readonly latency: number }) => number,
): number {
  const steps = new Map<NodeId, number>(
    nodes.map(({ node, costs }) => [node, step({ latency: costs.latency ?? 0 })]),
  );
  const reached: number[] = [];
  for (const node of graph.nodes) {
    const before = Math.max(0, ...node.inputs.map((id) => reached[id]!));
    reached.push(before + (steps.get(node.id) ?? 0));
  }
  return Math.max(0, ...reached);
}
