// Layers that move values without changing them: Flatten, Reshape, Permute, RepeatVector, padding, cropping, upsampling.

import { elements } from '../../../ir/graph.ts';
import { interpolation, type Resampling } from '../../../ir/interpolation.ts';
import type { Pads } from '../../../ir/ops.ts';
import type { Config } from '../config.ts';
import { imageOf, inputOf, refuse, type LayerKind } from '../scope.ts';
import { channelsOf, spatialOf } from '../spatial.ts';

export const flatten: LayerKind = {
  build(scope) {
    const input = inputOf(scope);
    return scope.emit({ kind: 'reshape' }, [input], [elements(input.shape)]);
  },
};

export const reshape: LayerKind = {
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    const target = config.raw('target_shape');
    if (!Array.isArray(target) || !target.every((extent) => Number.isSafeInteger(extent)))
      throw config.bad('target_shape');
    const extents = target as readonly number[];
    const known = elements(extents.filter((extent) => extent !== -1));
    const shape = extents.map((extent) => (extent === -1 ? elements(input.shape) / known : extent));
    const valid = shape.every((extent) => Number.isSafeInteger(extent) && extent > 0);
    if (!valid || elements(shape) !== elements(input.shape)) throw config.bad('target_shape');
    return scope.emit({ kind: 'reshape' }, [input], shape);
  },
};

export const permute: LayerKind = {
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    const dims = config.raw('dims');
    const expected = input.shape.map((_, axis) => axis + 1);
    if (
      !Array.isArray(dims) ||
      dims.length !== expected.length ||
      !expected.every((axis) => dims.includes(axis))
    )
      throw config.bad('dims');
    const order = (dims as readonly number[]).map((axis) => axis - 1);
    return scope.emit(
      { kind: 'permute', order },
      [input],
      order.map((axis) => input.shape[axis]!),
    );
  },
};

/** What the layers call nearest and bilinear: keras/src/backend/tensorflow/image.py. */
const NEAREST: Resampling = { mode: 'nearest', coordinates: 'asymmetric', rounding: 'floor' };
const BILINEAR: Resampling = { mode: 'linear', coordinates: 'halfPixel' };

/** [features] to [n, features]: a sequence of one step, upsampled. */
export const repeatVector: LayerKind = {
  build(scope) {
    const input = inputOf(scope);
    if (input.shape.length !== 1) throw scope.config.wrong('needs an input of rank 2 (with batch)');
    const n = scope.config.count('n');
    const step = scope.emit({ kind: 'reshape' }, [input], [1, ...input.shape]);
    const along = [interpolation(0, 1, n, NEAREST)];
    return scope.emit({ kind: 'resize', along }, [step], [n, ...input.shape]);
  },
};

export const zeroPadding = (axes: number): LayerKind => ({
  build(scope) {
    const input = imageOf(scope, axes);
    const pads = pairsOf(scope.config, 'padding', axes);
    const extents = spatialOf(input.shape).map((extent, axis) => extent + pads[axis]![0] + pads[axis]![1]);
    const op = { kind: 'pad', pads: [...pads, [0, 0]], mode: 'constant', value: 0 } as const;
    return scope.emit(op, [input], [...extents, channelsOf(input.shape)]);
  },
});

export const cropping = (axes: number): LayerKind => ({
  build(scope) {
    const input = imageOf(scope, axes);
    const crops = pairsOf(scope.config, 'cropping', axes);
    const extents = spatialOf(input.shape).map((extent, axis) => extent - crops[axis]![0] - crops[axis]![1]);
    if (extents.some((extent) => extent < 1)) throw scope.config.bad('cropping');
    const starts = [...crops.map(([before]) => before), 0];
    const op = { kind: 'slice', starts, steps: starts.map(() => 1) } as const;
    return scope.emit(op, [input], [...extents, channelsOf(input.shape)]);
  },
});

export const upSampling = (axes: number): LayerKind => ({
  check(config) {
    const name = config.text('interpolation', 'nearest');
    return name === 'nearest' || name === 'bilinear' ? undefined : refuse(`interpolation "${name}"`);
  },
  build(scope) {
    const input = imageOf(scope, axes);
    const factors = scope.config.perAxis('size', axes, 2);
    const resampling = scope.config.text('interpolation', 'nearest') === 'bilinear' ? BILINEAR : NEAREST;
    const spatial = spatialOf(input.shape);
    const extents = spatial.map((extent, axis) => extent * factors[axis]!);
    const along = spatial.map((extent, axis) => interpolation(axis, extent, extents[axis]!, resampling));
    return scope.emit({ kind: 'resize', along }, [input], [...extents, channelsOf(input.shape)]);
  },
});

/** One number for all sides, one per axis, or a [before, after] pair per axis; one axis may write its pair bare. */
function pairsOf(config: Config, key: string, axes: number): Pads {
  const raw = config.raw(key) ?? 1;
  const list: readonly unknown[] = Array.isArray(raw) ? raw : new Array<unknown>(axes).fill(raw);
  const perAxis: readonly unknown[] = axes === 1 && list.length === 2 ? [list] : list;
  const pairs = perAxis.map((entry) => (Array.isArray(entry) ? entry : [entry, entry]) as readonly unknown[]);
  const valid = (pair: readonly unknown[]) =>
    pair.length === 2 && pair.every((side) => Number.isSafeInteger(side) && Number(side) >= 0);
  if (pairs.length !== axes || !pairs.every(valid)) throw config.bad(key);
  return pairs as unknown as Pads;
}
