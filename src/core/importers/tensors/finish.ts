// The end of an import: outputs in the framework's order of axes, element-wise constants joined, and nothing left that no
// output needs.

import type { Graph, GraphNode, NodeId } from '../../ir/graph.ts';
import { asComputed, inLogicalOrder } from './arrange.ts';
import { simplify } from './simplify.ts';
import { closeLayers, type TensorGraph } from './tensorGraph.ts';
import type { Tensor } from './tensor.ts';

export interface GraphHead {
  readonly name: string;
  /** What wrote the file: `ONNX opset 17 (pytorch 2.1)`. */
  readonly framework: string;
}

export function finish(g: TensorGraph, outputs: readonly Tensor[], head: GraphHead): Graph {
  const ends = outputs.map((output) => inLogicalOrder(g, asComputed(g, output)).node);
  const whole: Graph = { ...head, nodes: g.nodes, layers: [], inputs: g.inputs, outputs: ends };
  const simple = simplify(whole);
  const { kept, number } = needed(simple);
  const ordered = kept.map((node): GraphNode => ({
    ...node,
    id: number(node.id),
    inputs: node.inputs.map(number),
  }));
  const { nodes, layers } = closeLayers(g, ordered);
  return { ...simple, nodes, layers, inputs: simple.inputs.map(number), outputs: simple.outputs.map(number) };
}

/** Inputs, and what the outputs are computed from. */
function needed(graph: Graph): { kept: readonly GraphNode[]; number: (id: NodeId) => NodeId } {
  const used = new Set<NodeId>(graph.inputs);
  const pending = [...graph.outputs];
  while (pending.length > 0) {
    const id = pending.pop()!;
    if (used.has(id)) continue;
    used.add(id);
    pending.push(...graph.nodes[id]!.inputs);
  }
  const kept = graph.nodes.filter(({ id }) => used.has(id));
  const numbers = new Map(kept.map(({ id }, at) => [id, at]));
  return { kept, number: (id) => numbers.get(id)! };
}
