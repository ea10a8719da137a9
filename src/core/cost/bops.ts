// Bit operations: Σ over kernels and products of activations of MACs · weight bits · input bits. The form of AIMET and of qonnx's inference
// cost; the additive terms of Hawks et al. (arXiv 2102.11289, eq. 8) are left out so that groups add up.

import type { GraphNode, NodeId } from '../ir/graph.ts';
import { isKernel, macs } from '../ir/opFacts.ts';
import { bitsOf } from '../quantizers/format.ts';
import { inputShapes, type Basis, type CostView, type NodeCosts } from './costs.ts';
import { tensorType, weightType } from './dataTypes.ts';
import type { DescribedModel } from './describedModel.ts';
import { sumCosts } from './totals.ts';

const BASIS: Basis = {
  kind: 'formula',
  source: 'Σ MACs · weight bits · input bits (AIMET, qonnx; no additive terms); float32 counts 32 bits',
};

export const bops: DescribedModel = {
  id: 'bops',
  title: 'Bit operations',
  costs: ['bops'],
  node(node, view) {
    if (!isKernel(node.op) && node.op.kind !== 'matmul') return undefined;
    const operations = macs(node, inputShapes(view.graph, node));
    const value = operations * factorBits(node, view);
    return { node: node.id, costs: { bops: value }, basis: BASIS };
  },
  total: (nodes: readonly NodeCosts[]) => sumCosts(nodes, ['bops']),
  basis: () => ({ bops: BASIS }),
};

/** Product of the widths of the two factors. */
function factorBits(node: GraphNode, view: CostView): number {
  const [first, second] = node.inputs as [NodeId, NodeId];
  if (node.op.kind === 'matmul') return operandBits(view, first) * operandBits(view, second);
  // The kernel of a recurrence meets its own state.
  const input = node.op.kind === 'recurrence' ? node.id : first;
  return weightType(view, node).bits * operandBits(view, input);
}

/** Width of the widest quantizer the tensor carries; of the accumulator when it was not quantized. */
function operandBits(view: CostView, id: NodeId): number {
  const slots = view.slots.carried(id);
  if (slots.length === 0) return tensorType(view, id).bits;
  return Math.max(...slots.map((slot) => bitsOf(view.format(slot.id))));
}
