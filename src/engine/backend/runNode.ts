// One node of the graph as tfjs ops. Called inside tf.tidy: intermediate tensors need no care here.

import * as tf from '@tensorflow/tfjs-core';
import { BitLensError } from '../../core/errors.ts';
import type { GraphNode, Weight } from '../../core/ir/graph.ts';
import type { MergeOp } from '../../core/ir/ops.ts';
import { activate } from './activations.ts';
import {
  convolve,
  convolveDepthwise,
  convolveTransposed,
  pool,
  type FusedActivation,
} from './convolutions.ts';

/** Gives the tensor of a parameter, quantized or not. */
export type ParameterSource = (weight: Weight) => tf.Tensor;

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
  const { op } = node;
  const x = inputs[0]!;
  switch (op.kind) {
    case 'dense':
      return dense(x, parameter(op.kernel), op.bias && parameter(op.bias), fused);
    case 'conv':
      return convolve(x, op, parameter(op.kernel), op.bias && parameter(op.bias), fused);
    case 'depthwiseConv':
      return convolveDepthwise(x, op, parameter(op.kernel), op.bias && parameter(op.bias), fused);
    case 'convTranspose':
      return convolveTransposed(x, op, node.shape, parameter(op.kernel), op.bias && parameter(op.bias));
    case 'affine':
      return tf.add(tf.mul(x, parameter(op.scale)), parameter(op.offset));
    case 'activation':
      return activate(x, op.activation);
    case 'prelu':
      return tf.where(tf.greater(x, 0), x, tf.mul(x, parameter(op.alpha)));
    case 'softmax':
      return op.log ? tf.logSoftmax(x) : tf.softmax(x);
    case 'pool':
      return pool(x, op);
    case 'globalPool':
      return globalPool(x, op.mode, node);
    case 'reshape':
      return tf.reshape(x, [x.shape[0], ...node.shape]);
    case 'permute':
      return tf.transpose(x, [0, ...op.order.map((axis) => axis + 1)]);
    case 'pad':
      return tf.pad(x, [[0, 0], ...op.pads.map(([a, b]): [number, number] => [a, b]), [0, 0]]);
    case 'crop':
      return tf.slice(x, [0, ...op.crops.map(([before]) => before), 0], [-1, ...node.shape]);
    case 'upsample':
      return upsample(x, node, op.interpolation);
    case 'merge':
      return merge(inputs, op.fn);
    case 'concat':
      return tf.concat([...inputs], op.axis + 1);
    case 'identity':
      return tf.clone(x);
    case 'input':
    case 'batchNorm': // folded or turned into an affine op before execution
      throw new BitLensError('internal', ['The op {0} cannot be executed.', op.kind]);
  }
}

function dense(
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  activation: FusedActivation,
): tf.Tensor {
  const [inputs, units] = kernel.shape as [number, number];
  const rows = tf.reshape(x, [-1, inputs]);
  const y = tf.fused.matMul({ a: rows, b: kernel, activation, ...(bias ? { bias } : {}) });
  return tf.reshape(y, [...x.shape.slice(0, -1), units]);
}

function globalPool(x: tf.Tensor, mode: 'max' | 'average', node: GraphNode): tf.Tensor {
  const axes = Array.from({ length: x.rank - 2 }, (_, i) => i + 1);
  const y = mode === 'max' ? tf.max(x, axes) : tf.mean(x, axes);
  return tf.reshape(y, [x.shape[0], ...node.shape]);
}

function upsample(x: tf.Tensor, node: GraphNode, interpolation: 'nearest' | 'bilinear'): tf.Tensor {
  const images = x.rank === 4 ? x : tf.expandDims(x, 1);
  const size: [number, number] = x.rank === 4 ? [node.shape[0]!, node.shape[1]!] : [1, node.shape[0]!];
  const y =
    interpolation === 'nearest'
      ? tf.image.resizeNearestNeighbor(images as tf.Tensor4D, size)
      : tf.image.resizeBilinear(images as tf.Tensor4D, size, false, true);
  return tf.reshape(y, [x.shape[0], ...node.shape]);
}

function merge(inputs: readonly tf.Tensor[], fn: MergeOp['fn']): tf.Tensor {
  const combine = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): tf.Tensor =>
    inputs.reduce((a, b) => f(a, b));
  switch (fn) {
    case 'add':
      return combine((a, b) => tf.add(a, b));
    case 'subtract':
      return combine((a, b) => tf.sub(a, b));
    case 'multiply':
      return combine((a, b) => tf.mul(a, b));
    case 'average':
      return tf.div(
        combine((a, b) => tf.add(a, b)),
        inputs.length,
      );
    case 'maximum':
      return combine((a, b) => tf.maximum(a, b));
    case 'minimum':
      return combine((a, b) => tf.minimum(a, b));
  }
}
