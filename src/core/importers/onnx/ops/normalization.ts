// Normalizations: by stored statistics, and by those of the sample.

import { elements } from '../../../ir/graph.ts';
import { constant, scalar } from '../../tensors/constants.ts';
import { map, merge } from '../../tensors/elementwise.ts';
import { gather } from '../../tensors/gather.ts';
import { batchNorm, groupNorm, layerNorm, lrn } from '../../tensors/normalization.ts';
import { reduce } from '../../tensors/reduction.ts';
import type { Constant, Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { axisOf, constantOperand, operand, optionalConstant, refuse } from '../refuse.ts';

const batchNormalization: OpRow = (g, node) => {
  const x = operand(node, 0);
  if (node.int('spatial', 1) === 0) throw refuse(node, 'statistics for every position (spatial = 0)');
  if (node.int('training_mode', 0) !== 0) throw refuse(node, 'statistics of the batch (training mode)');
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((at) => constantOperand(node, at, 'statistics')) as [
    Constant,
    Constant,
    Constant,
    Constant,
  ];
  const axis = Math.min(1, x.shape.length - 1);
  return [batchNorm(g, x, { gamma, beta, mean, variance, epsilon: node.float('epsilon', 1e-5) }, axis)];
};

const gainsOf = (node: OnnxNode) => ({
  gamma: optionalConstant(node, 1, 'a gain'),
  beta: optionalConstant(node, 2, 'an offset'),
  epsilon: node.float('epsilon', 1e-5),
});

const instanceNormalization: OpRow = (g, node) => {
  const x = operand(node, 0);
  return [groupNorm(g, x, x.shape[1] ?? 0, gainsOf(node))];
};

/** Before opset 21 there is one gain per group. */
const groupNormalization: OpRow = (g, node) => {
  const x = operand(node, 0);
  const groups = node.int('num_groups', 1);
  const channels = x.shape[1] ?? 0;
  const { gamma, beta, epsilon } = gainsOf(node);
  const perChannel = (weight: Constant | undefined): Constant | undefined => {
    if (!weight || elements(weight.shape) !== groups || groups === channels) return weight;
    const group = Array.from({ length: channels }, (_, c) => Math.floor((c * groups) / channels));
    return gather(g, weight, constant('groups', [channels], 'int', group), 0) as Constant;
  };
  return [groupNorm(g, x, groups, { gamma: perChannel(gamma), beta: perChannel(beta), epsilon })];
};

const layerNormalization: OpRow = (g, node) => {
  const x = operand(node, 0);
  return [layerNorm(g, x, axisOf(node, node.int('axis', -1), x.shape.length), gainsOf(node))];
};

/** x / √(mean(x²) + epsilon) · gain over the axes from `firstAxis` on. */
export function rmsNorm(
  g: TensorGraph,
  x: Tensor,
  firstAxis: number,
  { gain, epsilon }: { readonly gain: Tensor; readonly epsilon: number },
): Tensor {
  const axes = x.shape.map((_, axis) => axis).slice(firstAxis);
  const mean = reduce(g, 'mean', merge(g, 'multiply', [x, x]), axes, true);
  const root = map(g, 'sqrt', merge(g, 'add', [mean, scalar(epsilon)]));
  return merge(g, 'multiply', [merge(g, 'divide', [x, root]), gain]);
}

export const rmsNormalization: OpRow = (g, node) => {
  const x = operand(node, 0);
  const axis = axisOf(node, node.int('axis', -1), x.shape.length);
  return [rmsNorm(g, x, axis, { gain: operand(node, 1), epsilon: node.float('epsilon', 1e-5) })];
};

const lrnRow: OpRow = (g, node) => {
  const size = node.int('size', 1);
  const attributes = {
    before: Math.floor((size - 1) / 2),
    after: Math.ceil((size - 1) / 2),
    alpha: node.float('alpha', 1e-4) / size,
    beta: node.float('beta', 0.75),
    bias: node.float('bias', 1),
  };
  return [lrn(g, operand(node, 0), attributes)];
};

const lpNormalization: OpRow = (g, node) => {
  const x = operand(node, 0);
  const axis = axisOf(node, node.int('axis', -1), x.shape.length);
  const norm = reduce(g, node.int('p', 2) === 1 ? 'l1' : 'l2', x, [axis], true);
  return [merge(g, 'divide', [x, norm])];
};

/** The variance gets this much in the definition of the op (onnx/defs/nn/defs.cc). */
const MVN_EPSILON = 1e-9;

const meanVarianceNormalization: OpRow = (g, node) => {
  const x = operand(node, 0);
  const axes = (node.ints('axes') ?? [0, 2, 3]).map((axis) => axisOf(node, axis, x.shape.length));
  const centred = merge(g, 'subtract', [x, reduce(g, 'mean', x, axes, true)]);
  const variance = reduce(g, 'mean', merge(g, 'multiply', [centred, centred]), axes, true);
  const deviation = merge(g, 'add', [map(g, 'sqrt', variance), scalar(MVN_EPSILON)]);
  return [merge(g, 'divide', [centred, deviation])];
};

export const normalizationRows: OpRows = {
  BatchNormalization: batchNormalization,
  GroupNormalization: groupNormalization,
  InstanceNormalization: instanceNormalization,
  LRN: lrnRow,
  LayerNormalization: layerNormalization,
  LpNormalization: lpNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
  RMSNormalization: rmsNormalization,
  // What onnxruntime calls it in the domain of ONNX.
  SimplifiedLayerNormalization: rmsNormalization,
};
