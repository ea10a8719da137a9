// Normalizations and softmax: statistics over some axes, then a gain and an offset.

import { elements } from '../../ir/graph.ts';
import type { LrnOp } from '../../ir/ops.ts';
import { arrange, asComputed } from './arrange.ts';
import { rearranged, transposed } from './constants.ts';
import { channelsLast, vector } from './convolution.ts';
import { merge } from './elementwise.ts';
import { impossible } from './errors.ts';
import { foldAlong } from './rows.ts';
import { checkAxes, lastOf } from './reduction.ts';
import { reshape } from './shape.ts';
import { emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, Tensor } from './tensor.ts';

export interface Gains {
  readonly gamma?: Constant | undefined;
  readonly beta?: Constant | undefined;
  readonly epsilon: number;
}

export interface Statistics extends Gains {
  readonly mean: Constant;
  readonly variance: Constant;
}

/** (x − mean) / √(variance + epsilon) · gamma + beta with one value per entry of an axis. */
export function batchNorm(g: TensorGraph, x: Tensor, statistics: Statistics, axis: number): Computed {
  checkAxes(g, x, [axis]);
  const { gamma, beta, mean, variance, epsilon } = statistics;
  for (const weight of [gamma, beta, mean, variance])
    if (weight && elements(weight.shape) !== x.shape[axis])
      throw impossible(g, ['statistics of [{0}] for {1} channels.', weight.shape.join(), x.shape[axis]!]);
  const node = asComputed(g, x);
  const at = arrange(g, node, lastOf(node, axis));
  const op = {
    kind: 'batchNorm',
    gamma: gamma && vector(gamma).weight,
    beta: beta && vector(beta).weight,
    mean: vector(mean).weight,
    variance: vector(variance).weight,
    epsilon,
  } as const;
  return emit(g, op, [at], { shape: at.shape, axes: at.axes });
}

/** Over the axes from `firstAxis` on; gamma and beta broadcast against them. */
export function layerNorm(
  g: TensorGraph,
  x: Tensor,
  firstAxis: number,
  { gamma, beta, epsilon }: Gains,
): Computed {
  checkAxes(g, x, [firstAxis]);
  const node = asComputed(g, x);
  const inner = node.axes.filter((axis) => axis >= firstAxis);
  const own = inner.length > 0 ? inner : [firstAxis];
  const at = arrange(g, node, [...node.axes.filter((axis) => axis < firstAxis), ...own]);
  const along = (weight: Constant): Constant['weight'] => alongAxes(g, weight, x, firstAxis, own).weight;
  const gains = { gamma: gamma && along(gamma), beta: beta && along(beta) };
  return emit(g, { kind: 'layerNorm', axes: own.length, ...gains, epsilon }, [at], {
    shape: at.shape,
    axes: at.axes,
  });
}

/** A gain whose axes stand as those of the node. */
function alongAxes(
  g: TensorGraph,
  weight: Constant,
  x: Tensor,
  firstAxis: number,
  own: readonly number[],
): Constant {
  const extents = x.shape.slice(firstAxis);
  const missing = extents.length - weight.shape.length;
  const full = missing < 0 ? weight.shape : [...new Array<number>(missing).fill(1), ...weight.shape];
  if (missing < 0 || full.some((extent, i) => extent !== 1 && extent !== extents[i]))
    throw impossible(g, ['a gain of [{0}] for [{1}].', weight.shape.join(), extents.join()]);
  const order = own.map((axis) => axis - firstAxis);
  const unit = full.map((_, i) => i).filter((i) => !order.includes(i));
  const moved = transposed(rearranged(weight, full), [...unit, ...order]);
  return rearranged(moved, moved.shape.slice(unit.length));
}

/**
 * Over space and the channels of each group.
 * @param x [n, channels, ...spatial]
 */
export function groupNorm(g: TensorGraph, x: Tensor, groups: number, gains: Gains): Tensor {
  checkAxes(g, x, [1]);
  const [samples, channels] = x.shape as [number, number];
  const { gamma, beta, epsilon } = gains;
  const fits = [gamma, beta].every((weight) => !weight || elements(weight.shape) === channels);
  if (!(groups >= 1) || channels % groups !== 0 || !fits)
    throw impossible(g, ['{0} channels in {1} groups.', channels, groups]);
  if (samples > 1) return groupNormOfMany(g, x, groups, gains);
  const at = channelsLast(g, x);
  const own = { gamma: gamma && vector(gamma).weight, beta: beta && vector(beta).weight };
  return emit(g, { kind: 'groupNorm', groups, ...own, epsilon }, [at], { shape: at.shape, axes: at.axes });
}

/** More than one sample in a sample: each group is a row of its own. */
function groupNormOfMany(g: TensorGraph, x: Tensor, groups: number, { gamma, beta, epsilon }: Gains): Tensor {
  const rows = [x.shape[0]!, groups, elements(x.shape) / x.shape[0]! / groups];
  const normal = reshape(g, layerNorm(g, reshape(g, x, rows), 2, { epsilon }), x.shape);
  const perChannel = (weight: Constant): Constant =>
    rearranged(weight, [x.shape[1]!, ...x.shape.slice(2).fill(1)]);
  const scaled = gamma ? merge(g, 'multiply', [normal, perChannel(gamma)]) : normal;
  return beta ? merge(g, 'add', [scaled, perChannel(beta)]) : scaled;
}

/** @param x [n, channels, ...] */
export function lrn(g: TensorGraph, x: Tensor, attributes: Omit<LrnOp, 'kind'>): Computed {
  checkAxes(g, x, [1]);
  const node = asComputed(g, x);
  const at = arrange(g, node, lastOf(node, 1));
  return emit(g, { kind: 'lrn', ...attributes }, [at], { shape: at.shape, axes: at.axes });
}

/** e^x / Σ e^x along an axis, or its logarithm. */
export function softmax(g: TensorGraph, x: Tensor, axis: number, log: boolean): Tensor {
  checkAxes(g, x, [axis]);
  if (x.kind === 'constant')
    return foldAlong(x, axis, x.shape[axis]!, 'float', (row) => {
      const top = row.reduce((a, b) => Math.max(a, b), -Infinity);
      const sum = row.reduce((total, value) => total + Math.exp(value - top), 0);
      return row.map((value) => (log ? value - top - Math.log(sum) : Math.exp(value - top) / sum));
    });
  const at = arrange(g, x, lastOf(x, axis));
  return emit(g, { kind: 'softmax', log }, [at], { shape: at.shape, axes: at.axes });
}
