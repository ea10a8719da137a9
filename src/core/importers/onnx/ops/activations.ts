// Activation functions, and softmax with its two meanings.

import { elements } from '../../../ir/graph.ts';
import type { Activation } from '../../../ir/ops.ts';
import { constant, scalar } from '../../tensors/constants.ts';
import { activate, cast, merge, prelu, where } from '../../tensors/elementwise.ts';
import { softmax } from '../../tensors/normalization.ts';
import { arg } from '../../tensors/reduction.ts';
import { reshape, unsqueeze } from '../../tensors/shape.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { axisOf, operand } from '../refuse.ts';

export const RELU = { fn: 'relu', slope: 0, threshold: 0 } as const satisfies Activation;

const activated =
  (activationOf: (node: OnnxNode) => Activation): OpRow =>
  (g, node) => [activate(g, activationOf(node), operand(node, 0))];

/** Bounds are inputs since opset 11; beyond those of float32 they bound nothing. */
const clip: OpRow = (g, node) => {
  const x = operand(node, 0);
  const bound = (at: number, name: string, none: number): Tensor =>
    node.inputs[at] ?? scalar(node.opset < 11 ? node.float(name, none) : none, x.type);
  const [low, high] = [bound(1, 'min', -Infinity), bound(2, 'max', Infinity)];
  if (low.kind === 'constant' && high.kind === 'constant')
    return [activate(g, clipBetween(finite(low.numbers()[0]!), finite(high.numbers()[0]!)), x)];
  return [merge(g, 'minimum', [merge(g, 'maximum', [x, low]), high])];
};

const LARGEST = 3.4e38;
const finite = (value: number): number => (Math.abs(value) >= LARGEST ? Math.sign(value) * Infinity : value);

/** From 0 on it is the ReLU it was exported from. */
function clipBetween(low: number, high: number): Activation {
  if (low !== 0 || high <= 0) return { fn: 'clip', low, high };
  return high === Infinity ? RELU : { ...RELU, max: high };
}

/** The slope broadcasts to x; before opset 7 it has one value per channel. */
const preluRow: OpRow = (g, node) => {
  const [x, slope] = [operand(node, 0), operand(node, 1)];
  const perChannel = node.opset < 7 && slope.shape.length === 1 && elements(slope.shape) > 1;
  const missing = perChannel ? x.shape.length - 2 : 0;
  const alpha = unsqueeze(
    g,
    slope,
    Array.from({ length: missing }, (_, i) => i + 1),
  );
  if (alpha.kind === 'constant') return [prelu(g, x, alpha)];
  return [where(g, merge(g, 'less', [x, scalar(0)]), merge(g, 'multiply', [x, alpha]), x)];
};

const SELU_ALPHA = 1.6732632423543772;
const SELU_GAMMA = 1.0507009873554805;

const selu: OpRow = (g, node) => {
  const x = operand(node, 0);
  const [alpha, gamma] = [node.float('alpha', SELU_ALPHA), node.float('gamma', SELU_GAMMA)];
  const isStandard = Math.abs(alpha - SELU_ALPHA) < 1e-5 && Math.abs(gamma - SELU_GAMMA) < 1e-5;
  if (isStandard) return [activate(g, { fn: 'selu' }, x)];
  return [merge(g, 'multiply', [activate(g, { fn: 'elu', alpha }, x), scalar(gamma)])];
};

/** x + bias below −lambda, x − bias above lambda, 0 between. */
const shrink: OpRow = (g, node) => {
  const x = operand(node, 0);
  const [lambda, bias] = [node.float('lambd', 0.5), node.float('bias', 0)];
  const above = where(
    g,
    merge(g, 'less', [scalar(lambda), x]),
    merge(g, 'subtract', [x, scalar(bias)]),
    scalar(0),
  );
  return [where(g, merge(g, 'less', [x, scalar(-lambda)]), merge(g, 'add', [x, scalar(bias)]), above)];
};

/** x · sigmoid(alpha · x) */
export function swish(g: TensorGraph, x: Tensor, alpha: number): Tensor {
  if (alpha === 1) return activate(g, { fn: 'silu' }, x);
  return merge(g, 'multiply', [x, activate(g, { fn: 'sigmoid' }, merge(g, 'multiply', [x, scalar(alpha)]))]);
}

/** Before opset 13 everything from the axis on counts as one axis. */
function alongCoerced(g: TensorGraph, node: OnnxNode, run: (x: Tensor, axis: number) => Tensor): Tensor {
  const x = operand(node, 0);
  const rank = x.shape.length;
  const axis = axisOf(node, node.int('axis', node.opset < 13 ? Math.min(1, rank - 1) : -1), rank);
  if (node.opset >= 13 || elements(x.shape.slice(axis + 1)) === 1) return run(x, axis);
  const flat = [elements(x.shape.slice(0, axis)), elements(x.shape.slice(axis))];
  return reshape(g, run(reshape(g, x, flat), 1), x.shape);
}

const softmaxRow =
  (log: boolean): OpRow =>
  (g, node) => [alongCoerced(g, node, (x, axis) => softmax(g, x, axis, log))];

/** 1 at the first maximum, 0 elsewhere. */
const hardmax: OpRow = (g, node) => [
  alongCoerced(g, node, (x, axis) => {
    const shape = x.shape.map((extent, at) => (at === axis ? extent : 1));
    const index = constant('range', shape, 'int', () => Array.from({ length: x.shape[axis]! }, (_, i) => i));
    return cast(
      g,
      merge(g, 'equal', [arg(g, 'max', x, axis, { keepDims: true, last: false }), index]),
      'float',
    );
  }),
];

export const activationRows: OpRows = {
  Celu: activated((node) => ({ fn: 'celu', alpha: node.float('alpha', 1) })),
  Clip: clip,
  Elu: activated((node) => ({ fn: 'elu', alpha: node.float('alpha', 1) })),
  Gelu: activated((node) => ({ fn: 'gelu', approximate: node.text('approximate', 'none') === 'tanh' })),
  HardSigmoid: activated((node) => ({
    fn: 'hardSigmoid',
    slope: node.float('alpha', 0.2),
    offset: node.float('beta', 0.5),
  })),
  HardSwish: activated(() => ({ fn: 'hardSilu' })),
  Hardmax: hardmax,
  LeakyRelu: activated((node) => ({ ...RELU, slope: node.float('alpha', 0.01) })),
  LogSoftmax: softmaxRow(true),
  Mish: activated(() => ({ fn: 'mish' })),
  PRelu: preluRow,
  Relu: activated(() => RELU),
  Selu: selu,
  Shrink: shrink,
  Sigmoid: activated(() => ({ fn: 'sigmoid' })),
  Softmax: softmaxRow(false),
  Softplus: activated(() => ({ fn: 'softplus' })),
  Softsign: activated(() => ({ fn: 'softsign' })),
  Swish: (g, node) => [swish(g, operand(node, 0), node.float('alpha', 1))],
  Tanh: activated(() => ({ fn: 'tanh' })),
  ThresholdedRelu: activated((node) => ({ ...RELU, threshold: node.float('alpha', 1) })),
};
