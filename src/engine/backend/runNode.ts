// One node of the graph on the backend. Called inside tf.tidy.

import * as tf from '@tensorflow/tfjs-core';
import { BitLensError } from '../../core/errors.ts';
import type { GraphNode } from '../../core/ir/graph.ts';
import type { OpKind } from '../../core/ir/ops.ts';
import { sameBatch } from './kernels/broadcasting.ts';
import type { FusedActivation, KernelCall, Ops, ParameterSource } from './kernels/kernel.ts';
import { KERNELS, type ExecutedKind } from './kernels/table.ts';

/** Their kernels cope with operands of which some have batch 1. */
const BROADCASTING: ReadonlySet<OpKind> = new Set<OpKind>(['merge', 'where', 'matmul', 'gather']);

/**
 * @param inputs operand tensors, batch axis first
 * @param fused activation to apply inside the kernel, when the node after it was merged into this one
 */
export function runNode(
  node: GraphNode,
  inputs: readonly tf.Tensor[],
  parameter: ParameterSource,
  fused: FusedActivation = 'linear',
): tf.Tensor {
  const { op, shape } = node;
  if (op.kind === 'input' || op.kind === 'batchNorm')
    throw new BitLensError('internal', ['The op {0} cannot be executed.', op.kind]);
  const operands = inputs.length > 1 && !BROADCASTING.has(op.kind) ? sameBatch(inputs) : inputs;
  const x = operands[0] ?? tf.scalar(0);
  const y = call(op.kind, { op, x, inputs: operands, shape, parameter, fused });
  return inputs.includes(y) ? tf.clone(y) : y; // each node's tensor is disposed by itself
}

function call<K extends ExecutedKind>(
  kind: K,
  rest: Omit<KernelCall<K>, 'op'> & { readonly op: Ops[K] },
): tf.Tensor {
  return KERNELS[kind](rest);
}
