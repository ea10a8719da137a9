// Convolutions. Kernels lie as [outputs, height, width, inputs], depthwise ones as [1, height, width, outputs].

import type { Pads } from '../../../ir/ops.ts';
import { convolveBlocks } from '../../tensors/blocks.ts';
import { convTranspose } from '../../tensors/convTranspose.ts';
import { conv } from '../../tensors/convolution.ts';
import { toChannelsFirst, toChannelsLast } from '../../tensors/layout.ts';
import { transpose } from '../../tensors/shape.ts';
import type { Constant, Tensor } from '../../tensors/tensor.ts';
import { outputPaddingFor } from '../../tensors/window.ts';
import {
  broken,
  imageAt,
  integersAt,
  optionalParameter,
  parameterAt,
  type Call,
  type Row,
  type Rows,
} from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';
import { padsOf, SAME } from '../padding.ts';
import type { Conv2DOptions, DepthwiseConv2DOptions } from '../schema/tflite.ts';
import { fuse } from './activation.ts';
import { dynamically, isHybrid } from './hybrid.ts';

/** The kernel, [outputs, height, width, inputs]. */
function kernelAt(call: Call, at: number): Constant {
  const kernel = parameterAt(call, at, 'a kernel');
  if (kernel.shape.length !== 4 || kernel.shape.includes(0))
    throw broken(call, `has a kernel of [${kernel.shape.join()}]`);
  return kernel;
}

/** Kernels with a scale per channel take inputs between their least and greatest value, others around 0. */
function inputOf(call: Call, perChannel: boolean): Tensor {
  const x = imageAt(call, 0);
  if (!isHybrid(call, 0, 1)) return x;
  return dynamically(call, x, { symmetric: !perChannel, per: 'sample' });
}

const isPerChannel = (call: Call): boolean => (call.stored(1)?.quantization?.scales.length ?? 0) > 1;

interface Convolution {
  readonly options: (call: Call) => Conv2DOptions | DepthwiseConv2DOptions | undefined;
  readonly depthwise: boolean;
  /** Of the axes of the kernel: makes it [outputs, inputs per group, height, width]. */
  readonly order: readonly number[];
}

const convolution =
  ({ options: optionsAt, depthwise, order }: Convolution): Row =>
  (call) => {
    const { g } = call;
    const options = optionsAt(call);
    if (!options) throw broken(call, 'has no options');
    const x = inputOf(call, depthwise || isPerChannel(call));
    const kernel = kernelAt(call, 1);
    if (depthwise && kernel.shape[0] !== 1) throw broken(call, `has a kernel of [${kernel.shape.join()}]`);
    const weights = transpose(g, kernel, order) as Constant;
    const bias = optionalParameter(call, 2, 'a bias');
    const window = {
      size: kernel.shape.slice(1, 3),
      strides: [options.strideH(), options.strideW()],
      dilation: [options.dilationH(), options.dilationW()],
    };
    const { strides } = window;
    const groups = x.shape[3]! / weights.shape[1]!;
    const run = (image: Tensor, dilation: readonly number[], pads: Pads): Tensor => {
      const y = conv(g, toChannelsFirst(g, image), weights, bias, { strides, dilation, pads, groups });
      return fuse(call, toChannelsLast(g, y), options.activation());
    };
    const onBlocks = options.padding() === SAME ? undefined : convolveBlocks(x, window, run);
    return onBlocks ?? run(x, window.dilation, padsOf(options.padding(), x.shape.slice(1, 3), window));
  };

/** Operands: shape of the output, kernel, input, bias. The padding is that of the convolution from output to input. */
const transposeConv: Row = (call) => {
  const { g } = call;
  const options = optionsOf(call.operator, OPTIONS.transposeConv);
  if (!options) throw broken(call, 'has no options');
  const target = integersAt(call, 0, 'an output shape').slice(1, 3);
  const kernel = kernelAt(call, 1);
  const image = imageAt(call, 2);
  const x = isHybrid(call, 2, 1) ? dynamically(call, image, { symmetric: false, per: 'sample' }) : image;
  const strides = [options.strideH(), options.strideW()];
  const size = kernel.shape.slice(1, 3);
  const pads = padsOf(options.padding(), target, { size, strides });
  const outputPadding = outputPaddingFor(target, x.shape.slice(1, 3), { size, strides }, pads);
  const attributes = { strides, dilation: [1, 1], pads, groups: 1, outputPadding };
  const weights = transpose(g, kernel, [3, 0, 1, 2]) as Constant;
  const y = convTranspose(
    g,
    toChannelsFirst(g, x),
    weights,
    optionalParameter(call, 3, 'a bias'),
    attributes,
  );
  return fuse(call, toChannelsLast(g, y), options.activation());
};

export const convolutionRows: Rows = {
  CONV_2D: convolution({
    options: ({ operator }) => optionsOf(operator, OPTIONS.conv2D),
    depthwise: false,
    order: [0, 3, 1, 2],
  }),
  DEPTHWISE_CONV_2D: convolution({
    options: ({ operator }) => optionsOf(operator, OPTIONS.depthwiseConv2D),
    depthwise: true,
    order: [3, 0, 1, 2],
  }),
  TRANSPOSE_CONV: transposeConv,
};
