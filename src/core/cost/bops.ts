// Bit operations: Σ over kernels of MACs · weight bits · input bits. The form of AIMET and of qonnx's inference
// cost; the additive terms of Hawks et al. (arXiv 2102.11289, eq. 8) are left out so that groups add up.

import type { NodeId } from '../ir/graph.ts';
import { isKernel, macs } from '../ir/ops.ts';
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
    if (!isKernel(node.op)) return undefined;
    const operations = macs(node, inputShapes(view.graph, node));
    const value = operations * weightType(view, node).bits * operandBits(view, node.inputs[0]!);
    return { node: node.id, costs: { bops: value }, basis: BASIS };
  },
  total: (nodes: readonly NodeCosts[]) => sumCosts(nodes, ['bops']),
  basis: () => ({ bops: BASIS }),
};

/** Width of the widest quantizer the tensor carries; of the accumulator when it was not quantized. */
function operandBits(view: CostView, id: NodeId): number {
  const slots = view.slots.carried(id);
  if (slots.length === 0) return tensorType(view, id).bits;
  return Math.max(...slots.map((slot) => bitsOf(view.format(slot.id))));
}
