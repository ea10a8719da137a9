// A network without the quantizers of its file: activations in float, parameters with the values they had before. Where
// the file holds quantized values only, these stay.

import type { Graph, GraphNode, Weight } from './graph.ts';
import { mapWeights } from './opFacts.ts';

export function dropQuantizers(graph: Graph): Graph {
  const plain = new Map<Weight, Weight>();
  const withoutQuantizer = (weight: Weight): Weight => {
    if (weight.quantizer === undefined) return weight;
    const known = plain.get(weight);
    if (known) return known;
    const { name, shape, read, latent = read } = weight;
    const made = { name, shape, read: latent };
    plain.set(weight, made);
    return made;
  };
  const nodes = graph.nodes.map((node): GraphNode => ({
    ...node,
    op: node.op.kind === 'quantize' ? { kind: 'identity' } : mapWeights(node.op, withoutQuantizer),
  }));
  return { ...graph, nodes };
}
