// Resize and Upsample.

import { resize, type Resizing } from '../../tensors/resize.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { axisOf, broken, operand, optionalConstant, refuse } from '../refuse.ts';
import type { Tensor } from '../../tensors/tensor.ts';

const COORDINATES: Readonly<Record<string, Resizing['coordinates']>> = {
  align_corners: 'alignCorners',
  asymmetric: 'asymmetric',
  half_pixel: 'halfPixel',
  pytorch_half_pixel: 'pytorchHalfPixel',
  tf_half_pixel_for_nn: 'halfPixelForNearest',
};

const ROUNDINGS: Readonly<Record<string, NonNullable<Resizing['rounding']>>> = {
  ceil: 'ceil',
  floor: 'floor',
  round_prefer_ceil: 'roundPreferCeil',
  round_prefer_floor: 'roundPreferFloor',
};

const MODES: Readonly<Record<string, Resizing['mode']>> = {
  bilinear: 'linear',
  cubic: 'cubic',
  linear: 'linear',
  nearest: 'nearest',
};

function pick<T>(node: OnnxNode, table: Readonly<Record<string, T>>, name: string): T {
  const value = Object.hasOwn(table, name) ? table[name] : undefined;
  if (value === undefined) throw refuse(node, `"${name}"`);
  return value;
}

interface Target {
  readonly sizes: readonly number[];
  readonly scales: readonly (number | undefined)[];
}

/** Scales (or extents) of all axes, from those of the axes that the node names. */
function targetOf(node: OnnxNode, x: Tensor, scalesAt: number, sizesAt: number): Target {
  const axes = (node.ints('axes') ?? x.shape.map((_, axis) => axis)).map((axis) =>
    axisOf(node, axis, x.shape.length),
  );
  const given = (at: number, role: string): readonly number[] | undefined => {
    const list = at < 0 ? undefined : optionalConstant(node, at, role)?.numbers();
    if (!list || list.length === 0) return undefined;
    if (list.length !== axes.length) throw broken(node, `${list.length} ${role} for ${axes.length} axes`);
    return list;
  };
  const scales = given(scalesAt, 'scales') ?? (scalesAt < 0 ? node.floats('scales') : undefined);
  const sizes = given(sizesAt, 'extents');
  if (scales) {
    const all = x.shape.map((_, axis) => scales[axes.indexOf(axis)] ?? 1);
    return { scales: all, sizes: x.shape.map((extent, axis) => Math.floor(extent * all[axis]! + 1e-6)) };
  }
  if (!sizes) throw broken(node, 'it has neither scales nor extents');
  return fitted(node, x, axes, sizes);
}

/** `keep_aspect_ratio_policy`: one scale for all axes, the smallest or the largest. */
function fitted(node: OnnxNode, x: Tensor, axes: readonly number[], sizes: readonly number[]): Target {
  const policy = node.text('keep_aspect_ratio_policy', 'stretch');
  const wanted = x.shape.map((extent, axis) => sizes[axes.indexOf(axis)] ?? extent);
  if (policy === 'stretch') return { sizes: wanted, scales: x.shape.map(() => undefined) };
  const ratios = axes.map((axis, i) => sizes[i]! / x.shape[axis]!);
  const scale = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  return {
    scales: x.shape.map((_, axis) => (axes.includes(axis) ? scale : 1)),
    sizes: x.shape.map((extent, axis) => (axes.includes(axis) ? Math.round(extent * scale) : extent)),
  };
}

const resizeRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  const isOld = node.opset < 11;
  const target = isOld ? targetOf(node, x, 1, -1) : targetOf(node, x, 2, 3);
  const coordinates = node.text('coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel');
  const isShrunk = target.sizes.some((size, axis) => size < x.shape[axis]!);
  if (node.int('antialias', 0) !== 0 && isShrunk) throw refuse(node, 'antialiasing');
  return [
    resize(g, x, target.sizes, {
      mode: pick(node, MODES, node.text('mode', 'nearest')),
      coordinates: symmetric(node, x, target, coordinates),
      rounding: pick(node, ROUNDINGS, node.text('nearest_mode', isOld ? 'floor' : 'round_prefer_floor')),
      cubicA: node.float('cubic_coeff_a', -0.75),
      excludeOutside: node.int('exclude_outside', 0) !== 0,
      scales: target.scales,
    }),
  ];
};

/** `half_pixel_symmetric` differs from `half_pixel` only where scales do not give whole extents. */
function symmetric(
  node: OnnxNode,
  x: Tensor,
  { scales, sizes }: Target,
  name: string,
): Resizing['coordinates'] {
  if (name !== 'half_pixel_symmetric') return pick(node, COORDINATES, name);
  const isWhole = sizes.every((size, axis) => {
    const scale = scales[axis];
    return scale === undefined || Math.abs(x.shape[axis]! * scale - size) < 1e-3;
  });
  if (!isWhole) throw refuse(node, '"half_pixel_symmetric" with scales that give no whole extents');
  return 'halfPixel';
}

/** The scales are an attribute before opset 9. */
const upsample: OpRow = (g, node) => {
  const x = operand(node, 0);
  const { sizes, scales } = targetOf(node, x, node.opset < 9 ? -1 : 1, -1);
  const mode = pick(node, MODES, node.text('mode', 'nearest'));
  return [resize(g, x, sizes, { mode, coordinates: 'asymmetric', rounding: 'floor', scales })];
};

export const resizeRows: OpRows = {
  Resize: resizeRow,
  Upsample: upsample,
};
