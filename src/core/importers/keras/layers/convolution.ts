// Conv1D/2D, DepthwiseConv1D/2D and SeparableConv1D/2D (a depthwise and a pointwise op in one layer).

import type { Pads } from '../../../ir/ops.ts';
import { activated, checkActivation } from '../activations.ts';
import type { Config } from '../config.ts';
import { imageOf, refuse, type LayerKind, type Refusal, type Scope, type Tensor } from '../scope.ts';
import { channelsOf, padsOf, spatialOf, windowed, type Padding, type Window } from '../spatial.ts';
import { biasOf } from './dense.ts';

export const conv = (axes: number): LayerKind => ({
  check: checkConvolution,
  build(scope) {
    const input = imageOf(scope, axes);
    const { strides, dilation, pads, size, extents } = slide(scope, input);
    const channels = channelsOf(input.shape);
    const filters = scope.config.count('filters');
    const groups = scope.config.count('groups', 1);
    if (channels % groups !== 0 || filters % groups !== 0) throw scope.config.bad('groups');
    const kernel = scope.weight('kernel', [...size, channels / groups, filters]);
    const bias = biasOf(scope, filters);
    const op = { kind: 'conv', kernel, bias, strides, dilation, pads, groups } as const;
    return activated(scope, scope.emit(op, [input], [...extents, filters]));
  },
});

export const depthwiseConv = (axes: number): LayerKind => ({
  check: checkConvolution,
  build(scope) {
    const variable = scope.config.keras === 3 ? 'kernel' : 'depthwise_kernel';
    return activated(scope, depthwise(scope, imageOf(scope, axes), variable, true));
  },
});

export const separableConv = (axes: number): LayerKind => ({
  check: checkConvolution,
  build(scope) {
    const deep = depthwise(scope, imageOf(scope, axes), 'depthwise_kernel', false);
    const ones = new Array<number>(axes).fill(1);
    const filters = scope.config.count('filters');
    const kernel = scope.weight('pointwise_kernel', [...ones, channelsOf(deep.shape), filters]);
    const bias = biasOf(scope, filters);
    const pads: Pads = ones.map(() => [0, 0]);
    const op = { kind: 'conv', kernel, bias, strides: ones, dilation: ones, pads, groups: 1 } as const;
    return activated(scope, scope.emit(op, [deep], [...spatialOf(deep.shape), filters]));
  },
});

function depthwise(scope: Scope, input: Tensor, variable: string, withBias: boolean): Tensor {
  const { strides, dilation, pads, size, extents } = slide(scope, input);
  const channels = channelsOf(input.shape);
  const multiplier = scope.config.count('depth_multiplier', 1);
  const kernel = scope.weight(variable, [...size, channels, multiplier]);
  const bias = withBias ? biasOf(scope, channels * multiplier) : undefined;
  const op = { kind: 'depthwiseConv', kernel, bias, strides, dilation, pads } as const;
  return scope.emit(op, [input], [...extents, channels * multiplier]);
}

interface Slide extends Window {
  readonly pads: Pads;
  /** Spatial extents of the output. */
  readonly extents: readonly number[];
}

function slide({ config }: Scope, input: Tensor): Slide {
  const axes = input.shape.length - 1;
  const window: Window = {
    size: config.perAxis('kernel_size', axes),
    strides: config.perAxis('strides', axes, 1),
    dilation: config.perAxis('dilation_rate', axes, 1),
  };
  const pads = padsOf(config.text('padding', 'valid') as Padding, spatialOf(input.shape), window);
  const extents = windowed(spatialOf(input.shape), window, pads);
  if (extents.some((extent) => extent < 1)) throw config.wrong('has a kernel larger than its input');
  return { ...window, pads, extents };
}

function checkConvolution(config: Config): Refusal | undefined {
  const padding = config.text('padding', 'valid');
  const known = ['same', 'valid', 'causal'].includes(padding);
  return known ? checkActivation(config) : refuse(`padding "${padding}" is unknown`);
}
