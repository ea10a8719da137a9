// Pooling over one or two spatial axes, channels on axis 1 as ONNX and PyTorch count them.

import type { Shape } from '../../ir/graph.ts';
import type { Pads } from '../../ir/ops.ts';
import { channelsLast } from './convolution.ts';
import { merge } from './elementwise.ts';
import { impossible, notSupported } from './errors.ts';
import { pad, slice } from './moving.ts';
import { reduce } from './reduction.ts';
import { emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Tensor } from './tensor.ts';
import { reachOf, type Window } from './window.ts';

export interface Pooling extends Window {
  readonly pads: Pads;
  /** Average: the padding counts as zeros. What `ceil` adds at the end never counts. */
  readonly countPadding?: boolean | undefined;
  /** The last window may reach beyond the padded input, as long as it starts inside. */
  readonly ceil?: boolean | undefined;
}

/** @param x [n, channels, ...spatial] */
export function pool(g: TensorGraph, x: Tensor, mode: 'max' | 'average', pooling: Pooling): Tensor {
  const extents = pooledExtents(g, x.shape, pooling);
  const { size, strides, countPadding = false } = pooling;
  const shape = [...x.shape.slice(0, 2), ...extents];
  const pads = coveringPads(x.shape, extents, pooling);
  if (pooling.dilation?.some((step, s) => step > 1 && size[s]! > 1)) {
    if (mode === 'average') throw notSupported(g, ['average pooling with dilation.']);
    return dilatedMax(g, x, shape, { ...pooling, pads });
  }
  if (mode === 'max') {
    const at = channelsLast(g, x);
    return emit(g, { kind: 'pool', mode, size, strides, pads }, [at], { ...at, shape });
  }
  const reachesBeyond = pads.some(([, after], s) => after > pooling.pads[s]![1]);
  if (countPadding && reachesBeyond) {
    const whole = pad(g, x, [[0, 0], [0, 0], ...pooling.pads]);
    const rest = pads.map(([, after], s) => [0, after - pooling.pads[s]![1]] as const);
    return average(g, whole, shape, { ...pooling, pads: rest, countPadding: false });
  }
  return average(g, x, shape, { ...pooling, pads });
}

function average(g: TensorGraph, x: Tensor, shape: Shape, pooling: Pooling): Computed {
  const { size, strides, pads, countPadding = false } = pooling;
  const at = channelsLast(g, x);
  const isPadded = pads.some(([before, after]) => before + after > 0);
  const counting = countPadding && isPadded ? { countPadding } : {};
  const op = { kind: 'pool', mode: 'average', size, strides, pads, ...counting } as const;
  return emit(g, op, [at], { shape, axes: at.axes });
}

/** Spatial extents of the result (PyTorch's pooling_output_shape, which ONNX's ceil_mode follows). */
function pooledExtents(g: TensorGraph, shape: Shape, pooling: Pooling): readonly number[] {
  const { size, strides, pads, ceil = false } = pooling;
  const spatial = shape.slice(2);
  if (spatial.length > 2) throw notSupported(g, ['pooling over {0} axes.', spatial.length]);
  const fits = [size, strides, pads].every((list) => list.length === spatial.length);
  if (spatial.length === 0 || !fits)
    throw impossible(g, ['a window of [{0}] on [{1}].', size.join(), shape.join()]);
  return spatial.map((extent, s) => {
    const reach = reachOf(pooling, s);
    const [before, after] = pads[s]!;
    const room = extent + before + after - reach;
    const steps = room / strides[s]!;
    const whole = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1;
    const startsInside = (whole - 1) * strides[s]! < extent + before;
    const count = ceil && !startsInside ? whole - 1 : whole;
    if (!(strides[s]! > 0) || !(count > 0) || Math.max(before, after) >= reach || Math.min(before, after) < 0)
      throw impossible(g, ['a window of {0} with padding {1}, {2} on {3}.', reach, before, after, extent]);
    return count;
  });
}

/** Padding at the end that makes the executor's rounding down give these extents. */
function coveringPads(shape: Shape, extents: readonly number[], pooling: Pooling): Pads {
  return extents.map((count, s) => {
    const [before, after] = pooling.pads[s]!;
    const last = (count - 1) * pooling.strides[s]! + reachOf(pooling, s);
    return [before, Math.max(after, last - before - shape[s + 2]!)];
  });
}

/** float32 has no smaller number; infinities would spoil what is multiplied by 0 later. */
const LOWEST = -3.4028234663852886e38;

/** The greatest of shifted copies, one spatial axis after the other. */
function dilatedMax(g: TensorGraph, x: Tensor, shape: Shape, pooling: Pooling): Tensor {
  const padded = pad(g, x, [[0, 0], [0, 0], ...pooling.pads], 'constant', LOWEST);
  return pooling.size.reduce<Tensor>((value, size, s) => {
    const axis = s + 2;
    const copies = Array.from({ length: size }, (_, tap) =>
      slice(g, value, {
        starts: value.shape.map((_, at) => (at === axis ? tap * (pooling.dilation?.[s] ?? 1) : 0)),
        sizes: value.shape.with(axis, shape[axis]!),
        steps: value.shape.map((_, at) => (at === axis ? pooling.strides[s]! : 1)),
      }),
    );
    return size === 1 ? copies[0]! : merge(g, 'maximum', copies);
  }, padded);
}

/** Over all axes behind the channels, which stay with extent 1. */
export function globalPool(g: TensorGraph, x: Tensor, mode: 'max' | 'average'): Tensor {
  const spatial = x.shape.map((_, axis) => axis).slice(2);
  return reduce(g, mode === 'max' ? 'max' : 'mean', x, spatial, true);
}
