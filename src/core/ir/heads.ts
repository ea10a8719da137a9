// What the outputs mean. Distances are taken on the values before a final softmax or sigmoid (the logits), where
// quantization noise is not yet squashed; probabilities are computed from them.

import type { Graph, NodeId } from './graph.ts';
import type { OpKind } from './ops.ts';

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
    const { op, inputs, shape } = graph.nodes[behind(graph, output, PASSING)]!;
    const size = shape[shape.length - 1] ?? 1;
    if (op.kind === 'softmax') return { node: inputs[0]!, kind: 'softmax', size };
    if (op.kind === 'activation' && op.activation.fn === 'sigmoid')
      return { node: inputs[0]!, kind: 'sigmoid', size };
    return { node: behind(graph, output, IDENTITY), kind: 'linear', size };
  });
}

const IDENTITY: ReadonlySet<OpKind> = new Set<OpKind>(['identity']);
/** Integer models store their probabilities in eight bits; the values before them say more. */
const PASSING: ReadonlySet<OpKind> = new Set<OpKind>(['identity', 'quantize']);

function behind(graph: Graph, output: NodeId, kinds: ReadonlySet<OpKind>): NodeId {
  let id = output;
  while (kinds.has(graph.nodes[id]!.op.kind)) id = graph.nodes[id]!.inputs[0]!;
  return id;
}
