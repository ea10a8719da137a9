// What passes ask of an op whatever its kind: has it a kernel, which parameters, how much work.

import { elements, type GraphNode, type Shape, type Weight } from './graph.ts';
import type { KernelOp, Op } from './ops.ts';

/** Ops with a stored kernel: what bit-widths are spent on. */
export function isKernel(op: Op): op is KernelOp {
  switch (op.kind) {
    case 'dense':
    case 'conv':
    case 'depthwiseConv':
    case 'convTranspose':
    case 'recurrence':
    case 'embedding':
      return true;
    default:
      return false;
  }
}

/** All parameter tensors of an op. */
export function weightsOf(op: Op): readonly Weight[] {
  if (isKernel(op)) return op.bias ? [op.kernel, op.bias] : [op.kernel];
  switch (op.kind) {
    case 'batchNorm':
      return [op.gamma, op.beta, op.mean, op.variance].filter((weight) => weight !== undefined);
    case 'layerNorm':
    case 'groupNorm':
      return [op.gamma, op.beta].filter((weight) => weight !== undefined);
    case 'affine':
      return [op.scale, op.offset];
    case 'prelu':
      return [op.alpha];
    case 'constant':
      return [op.value];
    default:
      return [];
  }
}

/** The op with other parameter tensors in the place of its own. */
export function mapWeights(op: Op, change: (weight: Weight) => Weight): Op {
  if (isKernel(op)) {
    const kernel = change(op.kernel);
    return op.bias ? { ...op, kernel, bias: change(op.bias) } : { ...op, kernel };
  }
  switch (op.kind) {
    case 'batchNorm': {
      const { gamma, beta } = op;
      const moments = { mean: change(op.mean), variance: change(op.variance) };
      return { ...op, ...moments, gamma: gamma && change(gamma), beta: beta && change(beta) };
    }
    case 'layerNorm':
    case 'groupNorm':
      return { ...op, gamma: op.gamma && change(op.gamma), beta: op.beta && change(op.beta) };
    case 'affine':
      return { ...op, scale: change(op.scale), offset: change(op.offset) };
    case 'prelu':
      return { ...op, alpha: change(op.alpha) };
    case 'constant':
      return { ...op, value: change(op.value) };
    default:
      return op;
  }
}

/** Multiply-accumulate operations per sample (bias additions not counted, as in QTools and AIMET). */
export function macs(node: GraphNode, inputShapes: readonly Shape[]): number {
  const { op, shape } = node;
  switch (op.kind) {
    case 'dense':
      return elements(shape) * op.kernel.shape[0]!;
    case 'conv':
      return elements(shape) * elements(op.kernel.shape.slice(0, -1));
    case 'depthwiseConv':
      return elements(shape) * elements(op.kernel.shape.slice(0, -2));
    case 'convTranspose':
      return elements(inputShapes[0]!) * elements(op.kernel.shape.slice(0, -1));
    case 'recurrence':
      return inputShapes[0]![0]! * elements(op.kernel.shape);
    case 'matmul':
      return elements(shape) * inputShapes[0]!.at(-1)!;
    default:
      return 0;
  }
}
