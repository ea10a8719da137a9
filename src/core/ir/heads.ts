// What the outputs mean. Distances are taken on the values before a final softmax or sigmoid (the logits), where
// quantization noise is not yet squashed; probabilities are computed from them.

import type { Graph, NodeId } from './graph.ts';

export interface Head {
  /** The node to read: the operand of the final softmax or sigmoid, or the output itself. */
  readonly node: NodeId;
  /** `linear` heads are logits when labels say so; otherwise the network is a regression. */
  readonly kind: 'softmax' | 'sigmoid' | 'linear';
  /** Extent of the last axis: classes of a softmax. */
  readonly size: number;
}

export function findHeads(graph: Graph): readonly Head[] {
  return graph.outputs.map((output) => {
    let id = output;
    while (graph.nodes[id]!.op.kind === 'identity') id = graph.nodes[id]!.inputs[0]!;
    const { op, inputs, shape } = graph.nodes[id]!;
    const size = shape[shape.length - 1] ?? 1;
    if (op.kind === 'softmax') return { node: inputs[0]!, kind: 'softmax', size };
    if (op.kind === 'activation' && op.activation.fn === 'sigmoid')
      return { node: inputs[0]!, kind: 'sigmoid', size };
    return { node: id, kind: 'linear', size };
  });
}
