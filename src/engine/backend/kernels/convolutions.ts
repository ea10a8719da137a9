// Convolutions. Sequences (NWC) run as images of height 1; axes of a sample in front of the spatial ones join the batch.

import * as tf from '@tensorflow/tfjs-core';
import { asImages, explicit, pair, type ExplicitPads } from './images.ts';
import { takeAlong } from './along.ts';
import type { FusedActivation, Kernel } from './kernel.ts';
import { copyStrided } from './strided.ts';

export const conv: Kernel<'conv'> = ({ op, x, parameter, fused: activation }) => {
  const kernel = parameter(op.kernel);
  const bias = op.bias && parameter(op.bias);
  return asImages(x, kernel.rank - 2, (images) => {
    const { filter, dilations } = dilated(asImageKernel(kernel), pair(op.strides), pair(op.dilation));
    const [strides, pad] = [pair(op.strides), explicit(op.pads)];
    if (op.groups > 1) return grouped(images, filter, op.groups, strides, dilations, pad, bias, activation);
    return fused(images, filter, strides, dilations, pad, bias, activation);
  });
};

/** The backend takes either strides or dilation: with both, the zeros between the taps go into the kernel. */
function dilated(
  filter: tf.Tensor4D,
  strides: [number, number],
  dilation: [number, number],
): { filter: tf.Tensor4D; dilations: [number, number] } {
  if (Math.max(...strides) === 1 || Math.max(...dilation) === 1) return { filter, dilations: dilation };
  const spread = dilation.reduce((kernel: tf.Tensor, step, axis) => {
    const length = (kernel.shape[axis]! - 1) * step + 1;
    const taps = Array.from({ length }, (_, i) => (i % step === 0 ? i / step : -1));
    return takeAlong(kernel, axis, taps);
  }, filter);
  return { filter: spread as tf.Tensor4D, dilations: [1, 1] };
}

function fused(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  strides: [number, number],
  dilations: [number, number],
  pad: ExplicitPads,
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
  pad: ExplicitPads,
  bias: tf.Tensor | undefined,
  activation: FusedActivation,
): tf.Tensor4D {
  const inputs = splitChannels(x, groups);
  const filters = tf.split<tf.Tensor4D>(filter, groups, 3);
  const biases = bias ? tf.split(bias, groups) : [];
  return tf.concat(
    inputs.map((input, g) => fused(input, filters[g]!, strides, dilations, pad, biases[g], activation)),
    3,
  );
}

/** The backend's own split copies its whole operand for every part. */
function splitChannels(x: tf.Tensor4D, parts: number): tf.Tensor4D[] {
  const values = x.dataSync<'float32'>();
  const [batch, rows, columns, channels] = x.shape;
  const part = channels / parts;
  return Array.from({ length: parts }, (_, i) => {
    const extents = [batch * rows * columns, part];
    const view = { offset: i * part, extents, strides: [channels, 1] };
    return tf.tensor4d(copyStrided(values, view), [batch, rows, columns, part]);
  });
}

export const depthwiseConv: Kernel<'depthwiseConv'> = ({ op, x, parameter, fused: activation }) => {
  const kernel = parameter(op.kernel);
  const bias = op.bias && parameter(op.bias);
  return asImages(x, kernel.rank - 2, (images) => {
    const strides = pair(op.strides);
    const options = {
      x: images,
      ...dilated(asImageKernel(kernel), strides, pair(op.dilation)),
      strides,
      pad: explicit(op.pads) as unknown as number, // the declaration lacks explicit padding; the kernel has it
      activation,
    };
    return bias ? tf.fused.depthwiseConv2d({ ...options, bias }) : tf.fused.depthwiseConv2d(options);
  });
};

export const convTranspose: Kernel<'convTranspose'> = ({ op, x, shape, parameter }) => {
  const kernel = parameter(op.kernel);
  const axes = kernel.rank - 2;
  return asImages(x, axes, (images) => {
    const [rows, columns] = pair(shape.slice(-1 - axes, -1));
    const size: [number, number, number, number] = [images.shape[0], rows, columns, shape.at(-1)!];
    const filter = asImageKernel(kernel);
    const y = tf.conv2dTranspose(images, filter, size, pair(op.strides), explicit(op.pads));
    return op.bias ? tf.add(y, parameter(op.bias)) : y;
  });
};

function asImageKernel(kernel: tf.Tensor): tf.Tensor4D {
  return kernel.rank === 4 ? (kernel as tf.Tensor4D) : tf.expandDims(kernel, 0);
}
