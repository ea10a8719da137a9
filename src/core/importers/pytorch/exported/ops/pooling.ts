// Pooling and resampling.

import { notSupported } from '../../../tensors/errors.ts';
import { globalPool, pool } from '../../../tensors/pooling.ts';
import { reshape } from '../../../tensors/shape.ts';
import { resize, type Resizing } from '../../../tensors/resize.ts';
import type { Tensor, Unknown } from '../../../tensors/tensor.ts';
import {
  flag,
  has,
  numbers,
  optionalNumber,
  optionalNumbers,
  perAxis,
  subject,
  type Call,
  type OpFunction,
} from '../call.ts';

const UNKNOWN: Unknown = { kind: 'unknown' };

const pooled =
  (mode: 'max' | 'average'): OpFunction =>
  (c) => {
    const x = subject(c);
    const count = x.shape.length - 2;
    if (has(c, 'divisor_override')) throw notSupported(c.g, ['with a divisor of its own.']);
    const all = (value: number): readonly number[] => new Array<number>(count).fill(value);
    const size = perAxis(c, 'kernel_size', count, all(1));
    return pool(c.g, x, mode, {
      size,
      strides: perAxis(c, 'stride', count, size),
      pads: perAxis(c, 'padding', count, all(0)).map((pad) => [pad, pad] as const),
      dilation: perAxis(c, 'dilation', count, all(1)),
      ceil: flag(c, 'ceil_mode'),
      countPadding: mode === 'average' && flag(c, 'count_include_pad', true),
    });
  };

/** A mean over neighbouring channels, as torch.nn.LocalResponseNorm takes it: three axes of which two have windows of 1. */
const averageOverFirst: OpFunction = (c) => {
  const x = subject(c);
  const [n, channels, depth, h, w] = x.shape as [number, number, number, number, number];
  const [size, ...rest] = perAxis(c, 'kernel_size', 3, [1, 1, 1]) as [number, number, number];
  const strides = perAxis(c, 'stride', 3, [size, ...rest]);
  const pads = perAxis(c, 'padding', 3, [0, 0, 0]);
  const flat =
    [...rest, strides[1], strides[2]].every((entry) => entry === 1) && pads[1] === 0 && pads[2] === 0;
  if (!flat || x.shape.length !== 5 || flag(c, 'ceil_mode') || has(c, 'divisor_override'))
    throw notSupported(c.g, ['over three axes.']);
  const y = pool(c.g, reshape(c.g, x, [n, channels, depth, h * w]), 'average', {
    size: [size, 1],
    strides: [strides[0]!, 1],
    pads: [
      [pads[0]!, pads[0]!],
      [0, 0],
    ],
    countPadding: flag(c, 'count_include_pad', true),
  });
  return reshape(c.g, y, [n, channels, y.shape[2]!, h, w]);
};

/** Windows of equal size, where the extents allow them. */
const adaptive =
  (mode: 'max' | 'average'): OpFunction =>
  (c) => {
    const x = subject(c);
    const spatial = x.shape.slice(2);
    const sizes = perAxis(c, 'output_size', spatial.length, spatial);
    if (sizes.every((size) => size === 1)) return globalPool(c.g, x, mode);
    const window = spatial.map((extent, s) => extent / sizes[s]!);
    if (!window.every(Number.isInteger))
      throw notSupported(c.g, [
        'from {0} to {1}, which does not divide it.',
        spatial.join('×'),
        sizes.join('×'),
      ]);
    return pool(c.g, x, mode, { size: window, strides: window, pads: spatial.map(() => [0, 0] as const) });
  };

/** The positions of the maxima are for unpooling. */
const withIndices =
  (op: OpFunction): OpFunction =>
  (c) => [op(c) as Tensor, UNKNOWN];

/** To `output_size`, or by factors, which torch then uses instead of the quotient of the extents. */
const resampled =
  (resizing: (c: Call) => Resizing): OpFunction =>
  (c) => {
    const x = subject(c);
    const spatial = x.shape.slice(2);
    const factors = optionalNumbers(c, 'scale_factors') ?? namedScales(c, spatial.length);
    const sizes = has(c, 'output_size')
      ? numbers(c, 'output_size')
      : spatial.map((extent, s) => Math.floor(extent * (factors?.[s] ?? 1)));
    const scales = factors && !flag(c, 'align_corners') ? { scales: [undefined, undefined, ...factors] } : {};
    return resize(c.g, x, [...x.shape.slice(0, 2), ...sizes], { ...resizing(c), ...scales });
  };

function namedScales(c: Call, count: number): readonly number[] | undefined {
  const found = (count === 1 ? ['scales'] : ['scales_h', 'scales_w']).map((name) => optionalNumber(c, name));
  return found.every((scale) => scale !== undefined) ? found : undefined;
}

const nearest = resampled(() => ({ mode: 'nearest', coordinates: 'asymmetric', rounding: 'floor' }));
/** torch takes the entry that contains the centre. */
const nearestExact = resampled(() => ({
  mode: 'nearest',
  coordinates: 'halfPixel',
  rounding: 'roundPreferCeil',
}));
const smooth = (mode: 'linear' | 'cubic'): OpFunction =>
  resampled((c) => ({
    mode,
    coordinates: flag(c, 'align_corners') ? 'alignCorners' : 'halfPixel',
    cubicA: -0.75,
  }));

export const POOLING: Readonly<Record<string, OpFunction>> = {
  'aten.max_pool1d': pooled('max'),
  'aten.max_pool2d': pooled('max'),
  'aten.max_pool1d_with_indices': withIndices(pooled('max')),
  'aten.max_pool2d_with_indices': withIndices(pooled('max')),
  'aten.avg_pool1d': pooled('average'),
  'aten.avg_pool2d': pooled('average'),
  'aten.avg_pool3d': averageOverFirst,
  'aten.adaptive_avg_pool1d': adaptive('average'),
  'aten.adaptive_avg_pool2d': adaptive('average'),
  'aten._adaptive_avg_pool2d': adaptive('average'),
  'aten.adaptive_max_pool1d': withIndices(adaptive('max')),
  'aten.adaptive_max_pool2d': withIndices(adaptive('max')),
  'aten.upsample_nearest1d': nearest,
  'aten.upsample_nearest2d': nearest,
  'aten._upsample_nearest_exact1d': nearestExact,
  'aten._upsample_nearest_exact2d': nearestExact,
  'aten.upsample_linear1d': smooth('linear'),
  'aten.upsample_bilinear2d': smooth('linear'),
  'aten.upsample_bicubic2d': smooth('cubic'),
};
