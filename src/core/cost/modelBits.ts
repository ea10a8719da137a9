// Size of the parameters in bits: every weight and bias in the format the plan gives it, 32 bits where it gives
// none. A parameter that several calls share counts once, at the first.

import { elements, type GraphNode } from '../ir/graph.ts';
import { isKernel, weightsOf } from '../ir/opFacts.ts';
import type { Slot } from '../ir/slots.ts';
import { bitsOf } from '../quantizers/format.ts';
import type { Basis, CostView, NodeCosts } from './costs.ts';
import type { DescribedModel } from './describedModel.ts';
import { sumCosts } from './totals.ts';

const BASIS: Basis = {
  kind: 'formula',
  source:
    'weights and biases in their formats; float32 counts 32 bits; scales of integer formats not counted',
};

export const modelBits: DescribedModel = {
  id: 'bits',
  title: 'Model size',
  costs: ['bits'],
  node(node, view) {
    const parameters = weightsOf(node.op);
    if (parameters.length === 0 || isPreprocessing(node)) return undefined;
    const bits = isKernel(node.op)
      ? slotBits(node, view, view.slots.weight(node.id), elements(node.op.kernel.shape)) +
        (node.op.bias ? slotBits(node, view, view.slots.bias(node.id), elements(node.op.bias.shape)) : 0)
      : slotBits(
          node,
          view,
          view.slots.bias(node.id),
          parameters.reduce((sum, { shape }) => sum + elements(shape), 0),
        );
    return { node: node.id, costs: { bits }, basis: BASIS };
  },
  total: (nodes: readonly NodeCosts[]) => sumCosts(nodes, ['bits']),
  basis: () => ({ bits: BASIS }),
};

function slotBits(node: GraphNode, view: CostView, slot: Slot | undefined, count: number): number {
  if (!slot) return 32 * count;
  return slot.nodes[0] === node.id ? bitsOf(view.format(slot.id)) * count : 0;
}

function isPreprocessing({ op }: GraphNode): boolean {
  return op.kind === 'affine' && op.preprocessing === true;
}
