// Convolutions, fused or not, and matrix products: the ops with a kernel.
// Reference: tensorflow/core/ops/nn_ops.cc, tensorflow/core/kernels/conv_ops_fused_impl.h.

import type { Pads } from '../../../ir/ops.ts';
import { convolveBlocks } from '../../tensors/blocks.ts';
import { convTranspose } from '../../tensors/convTranspose.ts';
import { conv } from '../../tensors/convolution.ts';
import { merge } from '../../tensors/elementwise.ts';
import { einsum } from '../../tensors/einsum.ts';
import { matMul } from '../../tensors/linear.ts';
import { batchNorm } from '../../tensors/normalization.ts';
import { reshape, swapLast, transpose } from '../../tensors/shape.ts';
import type { Constant, Tensor } from '../../tensors/tensor.ts';
import { outputPaddingFor } from '../../tensors/window.ts';
import {
  broken,
  channelsFirst,
  known,
  numbers,
  operand,
  type OpCall,
  type OpRow,
  type OpRows,
} from '../call.ts';
import { fusedActivation } from './activations.ts';
import { fromChannelsFirst, padsOf, spatialOf, toChannelsFirst } from './spatial.ts';

type Conv = (call: OpCall, x: Tensor) => Tensor;

/** @param x the input as the op has it; the result likewise */
const conv2d: Conv = (call, x) => {
  const kernel = known(call, 1, 'kernel');
  const [height, width, perGroup] = kernelShape(call, kernel);
  const groups = toChannelsFirst(call, x).shape[1]! / perGroup;
  const ordered = transpose(call.g, kernel, [3, 2, 0, 1]) as Constant;
  return convolve(call, x, ordered, { groups, size: [height, width] });
};

const depthwise: Conv = (call, x) => {
  const kernel = known(call, 1, 'kernel');
  const [height, width, channels, multiplier] = kernelShape(call, kernel);
  const ordered = transpose(call.g, kernel, [2, 3, 0, 1]);
  const grouped = reshape(call.g, ordered, [channels * multiplier, 1, height, width]) as Constant;
  return convolve(call, x, grouped, { groups: channels, size: [height, width] });
};

function kernelShape(call: OpCall, { shape }: Constant): readonly [number, number, number, number] {
  if (shape.length !== 4) throw broken(call, `its kernel has ${shape.length} axes`);
  return shape as unknown as [number, number, number, number];
}

/** @param x the input as the op has it; the result likewise */
function convolve(
  call: OpCall,
  x: Tensor,
  kernel: Constant,
  { groups, size }: { readonly groups: number; readonly size: readonly number[] },
): Tensor {
  const window = { size, strides: spatialOf(call, 'strides'), dilation: spatialOf(call, 'dilations') };
  const { strides } = window;
  const run = (image: Tensor, dilation: readonly number[], pads: Pads): Tensor => {
    const attributes = { strides, dilation, pads, groups };
    const y = conv(call.g, toChannelsFirst(call, image), kernel, undefined, attributes);
    return fromChannelsFirst(call, y);
  };
  const isPlain = call.attrs.text('padding', '') === 'VALID' && !channelsFirst(call);
  const onBlocks = isPlain ? convolveBlocks(x, window, run) : undefined;
  if (onBlocks) return onBlocks;
  const extents = toChannelsFirst(call, x).shape.slice(2);
  return run(x, window.dilation, padsOf(call, extents, window));
}

/** The gradient of a convolution; its first operand is the shape of the result. */
const backprop: OpRow = (call) => {
  const kernel = known(call, 1, 'kernel');
  const [height, width] = kernelShape(call, kernel);
  const image = toChannelsFirst(call, operand(call, 2));
  const sizes = numbers(call, 0, 'shape');
  const all = channelsFirst(call) ? sizes.slice(-2) : sizes.slice(-3, -1);
  const extents = sizes.length === 2 ? sizes : all;
  const window = {
    size: [height, width],
    strides: spatialOf(call, 'strides'),
    dilation: spatialOf(call, 'dilations'),
  };
  const pads = padsOf(call, extents, window);
  const outputPadding = outputPaddingFor(extents, image.shape.slice(2), window, pads);
  const ordered = transpose(call.g, kernel, [3, 2, 0, 1]) as Constant;
  const attributes = { strides: window.strides, dilation: window.dilation, pads, groups: 1, outputPadding };
  return fromChannelsFirst(call, convTranspose(call.g, image, ordered, undefined, attributes));
};

/** Swaps the last two axes when the attribute says so. */
const oriented = (call: OpCall, x: Tensor, attribute: string): Tensor =>
  call.attrs.flag(attribute, false) ? swapLast(call.g, x) : x;

const product =
  (a: string, b: string): Conv =>
  (call, x) =>
    matMul(call.g, oriented(call, x, a), oriented(call, operand(call, 1), b));

const plainProduct = product('transpose_a', 'transpose_b');

export function addBias(call: OpCall, x: Tensor, bias: Tensor): Tensor {
  const unit = new Array<number>(Math.max(0, x.shape.length - 2)).fill(1);
  const channels = bias.shape[0] ?? 1;
  const shaped = channelsFirst(call) && unit.length > 0 ? reshape(call.g, bias, [channels, ...unit]) : bias;
  return merge(call.g, 'add', [x, shaped]);
}

/** The op, then what is fused to it; each takes its operands from what follows the kernel. */
const fused =
  (main: Conv): OpRow =>
  (call) => {
    let y = main(call, operand(call, 0));
    let next = 2;
    for (const name of call.attrs.texts('fused_ops')) {
      if (name === 'BiasAdd') y = addBias(call, y, operand(call, next++));
      else if (name === 'Add') y = merge(call.g, 'add', [y, operand(call, next++)]);
      else if (name === 'FusedBatchNorm') {
        y = batchNorm(call.g, y, statistics(call, next), channelsFirst(call) ? 1 : y.shape.length - 1);
        next += 4;
      } else y = fusedActivation(call, name, y, next);
    }
    return y;
  };

const statistics = (call: OpCall, at: number) => ({
  gamma: known(call, at, 'gain'),
  beta: known(call, at + 1, 'offset'),
  mean: known(call, at + 2, 'mean'),
  variance: known(call, at + 3, 'variance'),
  epsilon: call.attrs.float('epsilon', 1e-4),
});

const plain =
  (main: Conv): OpRow =>
  (call) =>
    main(call, operand(call, 0));

export const kernelRows: OpRows = {
  Conv2D: plain(conv2d),
  _FusedConv2D: fused(conv2d),
  DepthwiseConv2dNative: plain(depthwise),
  FusedDepthwiseConv2dNative: fused(depthwise),
  _FusedDepthwiseConv2dNative: fused(depthwise),
  Conv2DBackpropInput: backprop,
  MatMul: plain(plainProduct),
  _FusedMatMul: fused(plainProduct),
  BatchMatMul: plain(product('adj_x', 'adj_y')),
  BatchMatMulV2: plain(product('adj_x', 'adj_y')),
  BatchMatMulV3: plain(product('adj_x', 'adj_y')),
  Einsum: ({ g, attrs, inputs }) => einsum(g, attrs.text('equation', ''), inputs),
  BiasAdd: (call) => addBias(call, operand(call, 0), operand(call, 1)),
  BiasAddV1: (call) => merge(call.g, 'add', [operand(call, 0), operand(call, 1)]),
};
