// Rescaling and Normalization layers directly after an input prepare the data; hardware designs leave them to the
// host or the sensor. Marked so, they have no slots and no cost, and the network's input slot sits behind them.

import { consumers, type Graph, type GraphNode } from './graph.ts';

export function markPreprocessing(graph: Graph): Graph {
  const readers = consumers(graph);
  const prepared = new Set<number>();
  const nodes = graph.nodes.map((node): GraphNode => {
    const source = node.inputs[0];
    const isFirst =
      source !== undefined &&
      readers[source]!.length === 1 &&
      (graph.nodes[source]!.op.kind === 'input' || prepared.has(source));
    if (node.op.kind !== 'affine' || !isFirst) return node;
    prepared.add(node.id);
    return { ...node, op: { ...node.op, preprocessing: true } };
  });
  return { ...graph, nodes };
}
