// The types QTools prices a node with: those of the plan, or those of a reference network.
// Fed by dataTypes.ts; feeds layer.ts and operations.ts.

import type { GraphNode, NodeId } from '../../ir/graph.ts';
import type { CostView } from '../costs.ts';
import { biasType, parameterType, tensorType, weightType } from '../dataTypes.ts';
import type { DataType } from '../fixedPoint.ts';
import { QTOOLS_RULES } from './arithmetic.ts';

/** A hypothetical network whose tensors all have one type: what AutoQKeras compares with (`for_reference`). */
export interface Reference {
  /** Type of weights, biases and the network's inputs. */
  readonly internal: DataType;
  /** Type of products, sums and activations. */
  readonly accumulator: DataType;
}

export interface OperandTypes {
  tensor(id: NodeId): DataType;
  weight(node: GraphNode): DataType;
  bias(node: GraphNode): DataType | undefined;
  parameter(node: GraphNode): DataType;
  /** Forced type of products and sums. */
  readonly forced: DataType | undefined;
}

export function operandTypes(view: CostView, reference: Reference | undefined): OperandTypes {
  if (!reference) {
    return {
      tensor: (id) => tensorType(view, id, QTOOLS_RULES),
      weight: (node) => weightType(view, node),
      bias: (node) => biasType(view, node),
      parameter: (node) => parameterType(view, node),
      forced: undefined,
    };
  }
  return {
    tensor: (id) => (startsNetwork(view, id) ? reference.internal : reference.accumulator),
    weight: () => reference.internal,
    bias: (node) => (biasType(view, node) ? reference.internal : undefined),
    parameter: () => reference.internal,
    forced: reference.accumulator,
  };
}

/** Is this tensor what enters the accelerator? QTools drops Dropout and the like before it looks. */
export function startsNetwork(view: CostView, id: NodeId): boolean {
  const { op, inputs } = view.graph.nodes[id]!;
  if (op.kind === 'identity') return startsNetwork(view, inputs[0]!);
  return op.kind === 'input' || (op.kind === 'affine' && op.preprocessing === true);
}
