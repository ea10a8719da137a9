// Operators of the domain com.microsoft that onnxruntime's graph optimizer writes.
// Reference: onnxruntime/docs/ContribOperators.md

import type { Activation } from '../../../ir/ops.ts';
import { activate, merge } from '../../tensors/elementwise.ts';
import { layerNorm } from '../../tensors/normalization.ts';
import { matMul } from '../../tensors/linear.ts';
import { swapLast } from '../../tensors/shape.ts';
import type { Constant, Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { operand, optionalConstant, refuse } from '../refuse.ts';
import { RELU, swish } from './activations.ts';
import { convolve } from './convolution.ts';
import { gemm, scaled } from './linear.ts';
import { rmsNorm } from './normalization.ts';

/** The function that was fused behind an op. */
function fused(g: TensorGraph, node: OnnxNode, y: Tensor, parameters: readonly number[]): Tensor {
  const [alpha = 0, beta = 0] = parameters;
  const known: Readonly<Record<string, Activation>> = {
    Relu: RELU,
    LeakyRelu: { ...RELU, slope: alpha },
    Sigmoid: { fn: 'sigmoid' },
    Tanh: { fn: 'tanh' },
    Clip: { fn: 'clip', low: alpha, high: beta },
    HardSigmoid: { fn: 'hardSigmoid', slope: alpha, offset: beta },
  };
  const name = node.text('activation', '');
  if (name === '') return y;
  if (!Object.hasOwn(known, name)) throw refuse(node, `the activation ${name}`);
  return activate(g, known[name]!, y);
}

/** Inputs: x, kernel, bias, a summand. */
const fusedConv: OpRow = (g, node) => {
  const y = convolve(g, node);
  const summand = node.inputs[3];
  const sum = summand ? merge(g, 'add', [y, summand]) : y;
  return [fused(g, node, sum, node.floats('activation_params') ?? [])];
};

const fusedGemm: OpRow = (g, node) => [
  fused(g, node, gemm(g, node), [node.float('activation_alpha', 0), node.float('activation_beta', 0)]),
];

const fusedMatMul: OpRow = (g, node) => {
  if (node.int('transBatchA', 0) + node.int('transBatchB', 0) > 0) throw refuse(node, 'transposed batches');
  const matrix = (at: number, flag: string): Tensor => {
    const x = operand(node, at);
    return node.int(flag, 0) === 0 || x.shape.length < 2 ? x : swapLast(g, x);
  };
  return [scaled(g, matMul(g, matrix(0, 'transA'), matrix(1, 'transB')), node.float('alpha', 1))];
};

const gelu =
  (approximate: boolean): OpRow =>
  (g, node) => {
    const bias = node.inputs[1];
    const x = bias ? merge(g, 'add', [operand(node, 0), bias]) : operand(node, 0);
    return [activate(g, { fn: 'gelu', approximate }, x)];
  };

/** Inputs: x, skip, gamma, beta, bias; the fourth result is the sum itself. */
const skipLayerNormalization: OpRow = (g, node) => {
  const sum = skipped(g, node, 4);
  const gains = {
    gamma: optionalConstant(node, 2, 'a gain'),
    beta: optionalConstant(node, 3, 'an offset'),
    epsilon: node.float('epsilon', 1e-12),
  };
  return withSum(node, layerNorm(g, sum, sum.shape.length - 1, gains), sum);
};

const skipSimplified: OpRow = (g, node) => {
  const sum = skipped(g, node, 3);
  const gain = operand(node, 2) as Constant;
  const y = rmsNorm(g, sum, sum.shape.length - 1, { gain, epsilon: node.float('epsilon', 1e-12) });
  return withSum(node, y, sum);
};

function skipped(g: TensorGraph, node: OnnxNode, biasAt: number): Tensor {
  const bias = node.inputs[biasAt];
  return merge(g, 'add', [operand(node, 0), operand(node, 1), ...(bias ? [bias] : [])]);
}

function withSum(node: OnnxNode, y: Tensor, sum: Tensor): readonly Tensor[] {
  const statistics = [node.outputs[1], node.outputs[2]].some((name) => name !== undefined && name !== '');
  if (statistics) throw refuse(node, 'mean and deviation as results');
  return [y, y, y, sum];
}

export const microsoftRows: OpRows = {
  BiasGelu: gelu(false),
  FastGelu: gelu(true),
  FusedConv: fusedConv,
  FusedGemm: fusedGemm,
  FusedMatMul: fusedMatMul,
  Gelu: gelu(false),
  QuickGelu: (g, node) => [swish(g, operand(node, 0), node.float('alpha', 1.702))],
  SkipLayerNormalization: skipLayerNormalization,
  SkipSimplifiedLayerNormalization: skipSimplified,
};
