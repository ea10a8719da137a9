// What a kernel is: the function that computes one kind of op with tfjs on the backend. The table of them is table.ts.

import type * as tf from '@tensorflow/tfjs-core';
import type { Shape, Weight } from '../../../core/ir/graph.ts';
import type { Op, OpKind } from '../../../core/ir/ops.ts';

/** Gives the tensor of a parameter, quantized or not. */
export type ParameterSource = (weight: Weight) => tf.Tensor;

/** Activations the backend computes inside a dense layer or a convolution. */
export type FusedActivation = 'linear' | 'relu' | 'relu6';

/** Kinds of ops to ops. */
export type Ops = { readonly [K in OpKind]: Extract<Op, { readonly kind: K }> };

export interface KernelCall<K extends OpKind> {
  readonly op: Ops[K];
  /** The first operand; of ops without operands a scalar that nobody reads. */
  readonly x: tf.Tensor;
  /** Operands, batch axis first. What is the same for every sample may have batch 1. */
  readonly inputs: readonly tf.Tensor[];
  /** Shape of the output without batch. */
  readonly shape: Shape;
  readonly parameter: ParameterSource;
  /** Activation to apply inside, when the node after this one was merged into it. */
  readonly fused: FusedActivation;
}

/** Runs inside tf.tidy: intermediate tensors need no care. The result is float32, and may be an operand itself. */
export type Kernel<K extends OpKind> = (call: KernelCall<K>) => tf.Tensor;
