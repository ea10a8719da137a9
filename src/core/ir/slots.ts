// A slot is one quantizable tensor of a layer: what a plan gives a format to.
// The quantization points of activations follow the fused kernels hardware runs: a convolution, its folded
// BatchNorm and its activation function have one output, so only the end of such a chain is quantized.

import type { Quantizer } from '../quantizers/quantizer.ts';
import type { Graph, NodeId } from './graph.ts';

/** The parameter types of AutoQKeras (arXiv 2006.10159 §2), and the network's input. */
export type SlotKind = 'weight' | 'bias' | 'activation' | 'input';

export interface Slot {
  /** `conv1/weight`, `sep1/pointwise_weight`, `relu1/activation`, `image/input`: unique in the graph. */
  readonly id: string;
  readonly kind: SlotKind;
  /** Index in Graph.layers. */
  readonly layer: number;
  /**
   * weight and bias: the nodes that use the parameter (several when a layer is shared);
   * activation and input: the one node whose output is quantized.
   */
  readonly nodes: readonly NodeId[];
  /** Elements of the parameter tensor, or of the activation per sample. */
  readonly elements: number;
  /** The quantizer that the model file has here: what the network was trained with. */
  readonly trained?: TrainedQuantizer | undefined;
}

export type TrainedQuantizer = Pick<Quantizer, 'text' | 'bits' | 'format'>;

export interface Slots {
  readonly list: readonly Slot[];
  readonly byId: ReadonlyMap<string, Slot>;
  /** Weight slot of a kernel or affine node. */
  weight(node: NodeId): Slot | undefined;
  bias(node: NodeId): Slot | undefined;
  /** Activation or input slot whose quantizer sits on this node's own output. */
  output(node: NodeId): Slot | undefined;
  /**
   * The activation or input slots whose formats the tensor of a node carries: its own, or through ops that only
   * move data (reshape, pad, max pooling, concatenation …) those of its sources. Empty for a tensor that is never
   * quantized, such as the sum inside a fused kernel.
   */
  carried(node: NodeId): readonly Slot[];
}

export type SlotFinder = (graph: Graph) => Slots;
