// Transposed convolutions over one or two spatial axes, channels on axis 1 as ONNX and PyTorch count them.

import type { Pads } from '../../ir/ops.ts';
import { arrange, asComputed } from './arrange.ts';
import { rearranged, transposed } from './constants.ts';
import { channelsLast, checkConvolution, conv, vector, type ConvolutionAttributes } from './convolution.ts';
import { impossible } from './errors.ts';
import { pad, sized } from './moving.ts';
import { listOf, pick, pickOrFill } from './picks.ts';
import { reshape, unsqueeze } from './shape.ts';
import { emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, Tensor } from './tensor.ts';

export interface TransposedConvolution extends ConvolutionAttributes {
  /** Extra entries at the end of each spatial axis: only the bias reaches some of them. */
  readonly outputPadding?: readonly number[] | undefined;
}

/**
 * Extents: (in − 1) · stride − pads + dilation · (kernel − 1) + 1 + outputPadding. Negative pads make it larger.
 * @param x [n, channels, ...spatial]
 * @param kernel [channels, outputs / groups, ...spatial]
 * @param bias [outputs]
 */
export function convTranspose(
  g: TensorGraph,
  x: Tensor,
  kernel: Constant,
  bias: Constant | undefined,
  attributes: TransposedConvolution,
): Tensor {
  const spatial = checkConvolution(g, x, kernel, attributes);
  const { groups, outputPadding = spatial.map(() => 0) } = attributes;
  if (
    kernel.shape[0] !== x.shape[1] ||
    kernel.shape[0]! % groups !== 0 ||
    outputPadding.length !== spatial.length
  )
    throw impossible(g, [
      'a kernel of [{0}] in {1} groups on {2} channels.',
      kernel.shape.join(),
      groups,
      x.shape[1]!,
    ]);
  const wide = spread(g, kernel, attributes.dilation);
  const geometry = geometryOf(g, x, wide, { ...attributes, outputPadding });
  if (groups > 1) return byInsertion(g, x, wide, bias, geometry);
  const [first, ...more] = spatial as [number, ...number[]];
  if (more.length > 0) return inPlane(g, channelsLast(g, x), wide, bias, geometry);
  // A sequence is an image whose rows are the samples: windows of height 1 do not mix them.
  const rows = arrange(g, asComputed(g, x), [0, first, 1]);
  return inPlane(g, rows, unsqueeze(g, wide, [2]) as Constant, bias, {
    ...geometry,
    strides: [1, ...geometry.strides],
    pads: [[0, 0], ...geometry.pads],
    rest: [0, ...geometry.rest],
  });
}

interface Geometry {
  readonly strides: readonly number[];
  readonly pads: Pads;
  readonly groups: number;
  /** Spatial extents of the result. */
  readonly extents: readonly number[];
  /** Entries missing at the end of each spatial axis of x: zeros there make room for a large output padding. */
  readonly rest: readonly number[];
}

function geometryOf(
  g: TensorGraph,
  x: Tensor,
  kernel: Constant,
  a: Required<TransposedConvolution>,
): Geometry {
  const sizes = x.shape.slice(2);
  const reach = kernel.shape.slice(2);
  const extents = sizes.map((size, s) => {
    const [before, after] = a.pads[s]!;
    return (size - 1) * a.strides[s]! - before - after + reach[s]! + a.outputPadding![s]!;
  });
  const rest = sizes.map((size, s) => {
    const [before, after] = endsIn(a.pads[s]!);
    const forward = Math.floor((extents[s]! + before + after - reach[s]!) / a.strides[s]!) + 1;
    return Math.max(0, forward - size);
  });
  if (extents.some((extent) => extent < 1) || a.pads.some(([before]) => before < 0))
    throw impossible(g, [
      'a transposed convolution that makes [{0}] of [{1}].',
      extents.join(),
      sizes.join(),
    ]);
  return { strides: a.strides, pads: a.pads.map(endsIn), groups: a.groups, extents, rest };
}

const endsIn = ([before, after]: readonly [number, number]): readonly [number, number] => [
  before,
  Math.max(0, after),
];

/** @param x its node is [..., rows, columns, channels] */
function inPlane(
  g: TensorGraph,
  x: Computed,
  kernel: Constant,
  bias: Constant | undefined,
  { strides, pads, extents, rest }: Geometry,
): Computed {
  const places = x.axes.slice(-3, -1);
  const missing = x.shape.map((_, axis) => [0, rest[places.indexOf(axis)] ?? 0] as const);
  const padded = pad(g, x, missing) as Computed;
  const op = {
    kind: 'convTranspose',
    kernel: transposed(kernel, [2, 3, 1, 0]).weight,
    bias: bias && vector(bias).weight,
    strides,
    pads,
  } as const;
  const shape = [x.shape[0]!, kernel.shape[1]!, ...extents];
  return emit(g, op, [padded], { shape, axes: x.axes });
}

/**
 * With groups: the convolution with the turned kernel over x with stride − 1 zeros between its entries. One node holds the
 * whole kernel.
 */
function byInsertion(
  g: TensorGraph,
  x: Tensor,
  kernel: Constant,
  bias: Constant | undefined,
  { strides, pads, groups, extents }: Geometry,
): Tensor {
  const [channels, perGroup, ...window] = kernel.shape as [number, number, ...number[]];
  const split = rearranged(kernel, [groups, channels / groups, perGroup, ...window]);
  const swapped = transposed(split, [0, 2, 1, ...window.map((_, s) => s + 3)]);
  const turned = pick(rearranged(swapped, [groups * perGroup, channels / groups, ...window]), [
    undefined,
    undefined,
    ...window.map((extent) => listOf(extent, (i) => extent - 1 - i)),
  ]);
  const apart = insertZeros(g, x, strides);
  const around = window.map((extent, s) => {
    const before = extent - 1 - pads[s]![0];
    return [before, extents[s]! + extent - 1 - before - apart.shape[s + 2]!] as const;
  });
  const grown = pad(g, apart, [[0, 0], [0, 0], ...around.map(([before, after]) => cutOnly(before, after))]);
  return conv(g, grown, turned, bias, {
    strides: strides.map(() => 1),
    dilation: strides.map(() => 1),
    pads: around.map(([before, after]) => [Math.max(0, before), Math.max(0, after)]),
    groups,
  });
}

const cutOnly = (before: number, after: number): readonly [number, number] => [
  Math.min(0, before),
  Math.min(0, after),
];

/** stride − 1 zeros behind each entry but the last. */
function insertZeros(g: TensorGraph, x: Tensor, strides: readonly number[]): Tensor {
  return strides.reduce<Tensor>((value, stride, s) => {
    if (stride === 1) return value;
    const axis = s + 2;
    const apart = unsqueeze(g, value, [axis + 1]);
    const pads = apart.shape.map((_, at) => [0, at === axis + 1 ? stride - 1 : 0] as const);
    const long = reshape(g, pad(g, apart, pads), value.shape.with(axis, value.shape[axis]! * stride));
    return pad(
      g,
      long,
      value.shape.map((_, at) => [0, at === axis ? 1 - stride : 0] as const),
    );
  }, x);
}

/** Dilation as zeros between the values of the kernel. */
function spread(g: TensorGraph, kernel: Constant, dilation: readonly number[]): Constant {
  if (dilation.every((step, s) => step === 1 || kernel.shape[s + 2] === 1)) return kernel;
  const reach = dilation.map((step, s) => (kernel.shape[s + 2]! - 1) * step + 1);
  return sized(g, [...kernel.shape.slice(0, 2), ...reach], () => {
    const picks = dilation.map((step, s) => listOf(reach[s]!, (i) => (i % step === 0 ? i / step : -1)));
    return pickOrFill(kernel, [undefined, undefined, ...picks], 0);
  });
}
