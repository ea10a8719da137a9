// Convolutions and their transposes.

import type { Pads } from '../../../ir/ops.ts';
import { conv } from '../../tensors/convolution.ts';
import { convTranspose } from '../../tensors/convTranspose.ts';
import { merge } from '../../tensors/elementwise.ts';
import { reshape } from '../../tensors/shape.ts';
import type { Constant, Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import { halves, reachOf } from '../../tensors/window.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { broken, constantOperand, operand } from '../refuse.ts';
import { explicitPads, oddSide, padsOf, windowOf, type WindowAttributes } from './window.ts';

type Convolution = (g: TensorGraph, node: OnnxNode) => Tensor;

/** A bias that the network computes is added behind the convolution. */
function withBias(g: TensorGraph, node: OnnxNode, run: (bias: Constant | undefined) => Tensor): Tensor {
  const bias = node.inputs[2];
  if (bias?.kind !== 'computed') return run(bias);
  const y = run(undefined);
  return merge(g, 'add', [y, reshape(g, bias, [1, bias.shape[0]!, ...y.shape.slice(2).map(() => 1)])]);
}

export const convolve: Convolution = (g, node) => {
  const x = operand(node, 0);
  const kernel = constantOperand(node, 1, 'a kernel');
  const spatial = x.shape.slice(2);
  const window = windowOf(node, spatial.length, kernel.shape.slice(2));
  const { strides, dilation } = window;
  const attributes = { strides, dilation, pads: padsOf(node, spatial, window), groups: node.int('group', 1) };
  if (attributes.groups < 1) throw broken(node, `it has ${attributes.groups} groups`);
  return withBias(g, node, (bias) => conv(g, x, kernel, bias, attributes));
};

const convolveTransposed: Convolution = (g, node) => {
  const x = operand(node, 0);
  const kernel = constantOperand(node, 1, 'a kernel');
  const spatial = x.shape.slice(2);
  const window = windowOf(node, spatial.length, kernel.shape.slice(2));
  const outputPadding = node.ints('output_padding') ?? spatial.map(() => 0);
  const pads = transposedPads(node, spatial, window, outputPadding);
  const { strides, dilation } = window;
  const groups = node.int('group', 1);
  if (groups < 1) throw broken(node, `it has ${groups} groups`);
  const attributes = { strides, dilation, pads, groups, outputPadding };
  return withBias(g, node, (bias) => convTranspose(g, x, kernel, bias, attributes));
};

/** `output_shape` or `auto_pad` say how much to cut off; without them `pads` does. */
function transposedPads(
  node: OnnxNode,
  spatial: readonly number[],
  window: WindowAttributes,
  outputPadding: readonly number[],
): Pads {
  const mode = node.text('auto_pad', 'NOTSET');
  const isSame = mode.startsWith('SAME');
  // Some exporters give the extents of batch and channels too.
  const wanted = node.ints('output_shape')?.slice(-spatial.length);
  if (!wanted && !isSame)
    return mode === 'VALID' ? spatial.map(() => [0, 0]) : explicitPads(node, spatial.length);
  return spatial.map((extent, s) => {
    const stride = window.strides[s]!;
    const whole = stride * (extent - 1) + outputPadding[s]! + reachOf(window, s);
    const total = whole - (wanted?.[s] ?? extent * stride);
    return halves(total, oddSide(mode));
  });
}

const row =
  (run: Convolution): OpRow =>
  (g, node) => [run(g, node)];

export const convolutionRows: OpRows = {
  Conv: row(convolve),
  ConvTranspose: row(convolveTransposed),
};
