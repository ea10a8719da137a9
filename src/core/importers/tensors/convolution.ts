// Convolutions over one or two spatial axes, channels on axis 1 as ONNX and PyTorch count them.

import type { Pads } from '../../ir/ops.ts';
import { arrange, asComputed } from './arrange.ts';
import { rearranged, transposed } from './constants.ts';
import { impossible, notSupported } from './errors.ts';
import { emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, Tensor } from './tensor.ts';

export interface ConvolutionAttributes {
  /** One entry per spatial axis. */
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  readonly pads: Pads;
  readonly groups: number;
}

/**
 * @param x [n, channels, ...spatial]
 * @param kernel [outputs, channels / groups, ...spatial]
 * @param bias [outputs]
 */
export function conv(
  g: TensorGraph,
  x: Tensor,
  kernel: Constant,
  bias: Constant | undefined,
  attributes: ConvolutionAttributes,
): Computed {
  const { groups, pads, strides, dilation } = attributes;
  const spatial = checkConvolution(g, x, kernel, attributes);
  const [outputs, perGroup] = [kernel.shape[0]!, kernel.shape[1]!];
  if (perGroup * groups !== x.shape[1] || outputs % groups !== 0)
    throw impossible(g, [
      'a kernel of [{0}] in {1} groups on {2} channels.',
      kernel.shape.join(),
      groups,
      x.shape[1]!,
    ]);
  const extents = spatial.map((axis, s) => {
    const size = x.shape[axis]! + pads[s]![0] + pads[s]![1];
    return Math.floor((size - dilation[s]! * (kernel.shape[axis]! - 1) - 1) / strides[s]!) + 1;
  });
  const at = channelsLast(g, x);
  const shape = [x.shape[0]!, outputs, ...extents];
  const weights = { kernel: kernelOf(kernel, groups, spatial), bias: bias && vector(bias).weight };
  const op =
    groups > 1 && perGroup === 1
      ? ({ kind: 'depthwiseConv', ...weights, strides, dilation, pads } as const)
      : ({ kind: 'conv', ...weights, strides, dilation, pads, groups } as const);
  return emit(g, op, [at], { shape, axes: at.axes });
}

/** Axes of the spatial extents; the kernel and the attributes agree with the input about their number. */
export function checkConvolution(
  g: TensorGraph,
  x: Tensor,
  kernel: Constant,
  { strides, dilation, pads }: Omit<ConvolutionAttributes, 'groups'>,
): readonly number[] {
  const spatial = x.shape.map((_, axis) => axis).slice(2);
  if (spatial.length > 2) throw notSupported(g, ['convolutions over {0} axes.', spatial.length]);
  const fits = [kernel.shape.slice(2), strides, dilation, pads].every(
    (list) => list.length === spatial.length,
  );
  if (spatial.length === 0 || !fits)
    throw impossible(g, ['a kernel of [{0}] on [{1}].', kernel.shape.join(), x.shape.join()]);
  if ([...strides, ...dilation].some((step) => !(Number.isInteger(step) && step > 0)))
    throw impossible(g, ['strides [{0}], dilation [{1}].', strides.join(), dilation.join()]);
  return spatial;
}

/** The IR's arrangement: what may stand before space, space, channels. */
export function channelsLast(g: TensorGraph, x: Tensor): Computed {
  const node = asComputed(g, x);
  const spatial = x.shape.map((_, axis) => axis).slice(2);
  return arrange(g, node, [...(x.shape[0]! > 1 ? [0] : []), ...spatial, 1]);
}

function kernelOf(kernel: Constant, groups: number, spatial: readonly number[]): Constant['weight'] {
  const [outputs, perGroup, ...window] = kernel.shape as [number, number, ...number[]];
  if (groups === 1 || perGroup > 1) return transposed(kernel, [...spatial, 1, 0]).weight;
  const split = rearranged(kernel, [groups, outputs / groups, ...window]);
  return transposed(split, [...spatial, 0, 1]).weight;
}

/** A bias, whatever axes of extent 1 the file gives it. */
export const vector = (bias: Constant): Constant =>
  bias.shape.length === 1 ? bias : rearranged(bias, [bias.shape.reduce((size, extent) => size * extent, 1)]);
