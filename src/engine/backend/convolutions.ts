// Convolutions and pooling in tfjs ops. Sequences (NWC) run as images of height 1.

import * as tf from '@tensorflow/tfjs-core';
import type { Shape } from '../../core/ir/graph.ts';
import type { ConvOp, ConvTransposeOp, DepthwiseConvOp, Pads, PoolOp } from '../../core/ir/ops.ts';

/** Activations the backend computes inside the convolution. */
export type FusedActivation = 'linear' | 'relu' | 'relu6';

type Explicit = [[number, number], [number, number], [number, number], [number, number]];

export function convolve(
  x: tf.Tensor,
  op: ConvOp,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  activation: FusedActivation,
): tf.Tensor {
  return asImages(x, (images) => {
    const filter = asImageKernel(kernel);
    const [strides, dilations, pad] = [pair(op.strides), pair(op.dilation), explicit(op.pads)];
    if (op.groups > 1) return grouped(images, filter, op.groups, strides, dilations, pad, bias, activation);
    return fused(images, filter, strides, dilations, pad, bias, activation);
  });
}

function fused(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  strides: [number, number],
  dilations: [number, number],
  pad: Explicit,
  bias: tf.Tensor | undefined,
  activation: FusedActivation,
): tf.Tensor4D {
  const options = { x, filter, strides, dilations, pad, activation };
  return bias ? tf.fused.conv2d({ ...options, bias }) : tf.fused.conv2d(options);
}

/** One convolution a group; the backend has no grouped kernel. */
function grouped(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  groups: number,
  strides: [number, number],
  dilations: [number, number],
  pad: Explicit,
  bias: tf.Tensor | undefined,
  activation: FusedActivation,
): tf.Tensor4D {
  const inputs = tf.split<tf.Tensor4D>(x, groups, 3);
  const filters = tf.split<tf.Tensor4D>(filter, groups, 3);
  const biases = bias ? tf.split(bias, groups) : [];
  return tf.concat(
    inputs.map((input, g) => fused(input, filters[g]!, strides, dilations, pad, biases[g], activation)),
    3,
  );
}

export function convolveDepthwise(
  x: tf.Tensor,
  op: DepthwiseConvOp,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
  activation: FusedActivation,
): tf.Tensor {
  return asImages(x, (images) => {
    const options = {
      x: images,
      filter: asImageKernel(kernel),
      strides: pair(op.strides),
      dilations: pair(op.dilation),
      pad: explicit(op.pads) as unknown as number, // the declaration lacks explicit padding; the kernel has it
      activation,
    };
    return bias ? tf.fused.depthwiseConv2d({ ...options, bias }) : tf.fused.depthwiseConv2d(options);
  });
}

/** @param shape output without batch: [height, width, channels] */
export function convolveTransposed(
  x: tf.Tensor,
  op: ConvTransposeOp,
  shape: Shape,
  kernel: tf.Tensor,
  bias: tf.Tensor | undefined,
): tf.Tensor {
  const size: [number, number, number, number] = [x.shape[0], shape[0]!, shape[1]!, shape[2]!];
  const y = tf.conv2dTranspose(
    x as tf.Tensor4D,
    kernel as tf.Tensor4D,
    size,
    pair(op.strides),
    explicit(op.pads),
  );
  return bias ? tf.add(y, bias) : y;
}

export function pool(x: tf.Tensor, op: PoolOp): tf.Tensor {
  return asImages(x, (images) =>
    op.mode === 'max'
      ? tf.maxPool(images, pair(op.size), pair(op.strides), explicit(op.pads))
      : tf.avgPool(images, pair(op.size), pair(op.strides), explicit(op.pads)),
  );
}

/** Runs an image op on images, or on sequences seen as images of height 1. */
function asImages(x: tf.Tensor, run: (images: tf.Tensor4D) => tf.Tensor4D): tf.Tensor {
  if (x.rank === 4) return run(x as tf.Tensor4D);
  const [batch, width, channels] = x.shape as [number, number, number];
  const y = run(tf.reshape(x, [batch, 1, width, channels]));
  return tf.reshape(y, [batch, y.shape[2], y.shape[3]]);
}

function asImageKernel(kernel: tf.Tensor): tf.Tensor4D {
  return kernel.rank === 4 ? (kernel as tf.Tensor4D) : tf.expandDims(kernel, 0);
}

/** [rows, columns] of an attribute that has one or two entries. */
function pair(values: readonly number[]): [number, number] {
  return values.length === 1 ? [1, values[0]!] : [values[0]!, values[1]!];
}

function explicit(pads: Pads): Explicit {
  const spatial: [number, number][] = pads.map(([before, after]) => [before, after]);
  const [rows, columns] =
    spatial.length === 1 ? [[0, 0] as [number, number], spatial[0]!] : [spatial[0]!, spatial[1]!];
  return [[0, 0], rows, columns, [0, 0]];
}
