// Operators on codes: each is read as its float counterpart on the real values, followed by the quantizer of its output.
// The originals accumulate in int32 and scale the sum; here the sum is of float32 values, which differs by what float32
// rounds, so that codes may differ where a value lies on the border between two.

import type { Shape } from '../../../ir/graph.ts';
import type { Activation } from '../../../ir/ops.ts';
import { concat } from '../../tensors/concat.ts';
import { activate, merge } from '../../tensors/elementwise.ts';
import { matMul } from '../../tensors/linear.ts';
import { globalPool } from '../../tensors/pooling.ts';
import { transpose } from '../../tensors/shape.ts';
import type { Constant, Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import { noZero, spread, toCodes, toReal } from '../codes.ts';
import { dynamicCodes, markProduct } from '../dynamicCodes.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { axisOf, constantOperand, operand, optionalConstant } from '../refuse.ts';
import { convolve } from './convolution.ts';
import { gemm } from './linear.ts';
import { poolingRows } from './pooling.ts';
import { asFloat, realAt, storedBias, uniformAt } from './quantization.ts';

/** The codes of y, on the scale and zero point at operands `at` and `at + 1`. */
const coded = (g: TensorGraph, node: OnnxNode, y: Tensor, at: number): Tensor =>
  toCodes(g, y, uniformAt(node, at, y.shape, 1));

const withInputs = (node: OnnxNode, inputs: OnnxNode['inputs']): OnnxNode => ({ ...node, inputs });

/** x, its scale and zero point; kernel, its; those of y; bias */
const qLinearConv: OpRow = (g, node) => {
  const bias = optionalConstant(node, 8, 'a bias');
  const scales = [constantOperand(node, 1, 'a scale'), constantOperand(node, 4, 'a scale')];
  const real = bias && storedBias(bias, scales);
  const y = convolve(g, withInputs(node, [realAt(g, node, 0, 1), realAt(g, node, 3, 0), real]));
  return [coded(g, node, y, 6)];
};

const qLinearMatMul: OpRow = (g, node) => {
  const [a, b] = [operand(node, 0), operand(node, 3)];
  const y = matMul(
    g,
    realAt(g, node, 0, Math.max(0, a.shape.length - 2)),
    realAt(g, node, 3, b.shape.length - 1),
  );
  return [coded(g, node, y, 6)];
};

/** com.microsoft: a, its scale and zero point; b, its; C; those of y, which is real without them */
const qGemm: OpRow = (g, node) => {
  const c = optionalConstant(node, 6, 'a bias');
  const scales = [constantOperand(node, 1, 'a scale'), constantOperand(node, 4, 'a scale')];
  const kernelAxis = node.int('transB', 0) === 0 ? 1 : 0;
  const bias = c && storedBias(c, scales, node.float('alpha', 1));
  const inputs = [realAt(g, node, 0, 0), realAt(g, node, 3, kernelAxis), bias];
  const y = gemm(g, withInputs(node, inputs));
  return [node.inputs[7] ? coded(g, node, y, 7) : y];
};

/** A zero point that is a list has one entry for each entry of the axis. */
function zeroAt(node: OnnxNode, at: number, shape: Shape, axis: number): Tensor | undefined {
  const zero = node.inputs[at];
  return zero?.kind === 'constant' ? spread(node, zero, shape, axis) : zero;
}

/** Codes without their zero point. Those that were made from real values are these by their scale. */
function shifted(g: TensorGraph, node: OnnxNode, at: number, axis: number): Tensor {
  const codes = operand(node, at);
  const zero = zeroAt(node, at + 2, codes.shape, axis);
  const dynamic = dynamicCodes(codes, zero);
  if (dynamic) return merge(g, 'divide', [dynamic.real, dynamic.scale]);
  return zero ? merge(g, 'subtract', [codes, zero]) : codes;
}

/** The product of codes, and what it is in real values should both scales follow. */
function integerProduct(
  g: TensorGraph,
  node: OnnxNode,
  axis: { readonly left: number; readonly right: number },
  multiply: (left: Tensor, right: Tensor) => Tensor,
): readonly Tensor[] {
  const kernel = operand(node, 1);
  const right = shifted(g, node, 1, axis.right);
  const fixed = right.kind === 'constant' ? integerKernel(kernel, right) : asFloat(right);
  const y = multiply(asFloat(shifted(g, node, 0, axis.left)), fixed);
  const dynamic = dynamicCodes(operand(node, 0), node.inputs[2]);
  if (!dynamic || kernel.kind !== 'constant') return [y];
  const zero = optionalConstant(node, 3, 'a zero point') ?? noZero();
  const layer = g.current;
  const real = (scale: Constant): Tensor => {
    const own = (values: Constant): Constant => spread(node, values, kernel.shape, axis.right);
    const later = g.current;
    g.current = layer;
    const product = multiply(dynamic.real, toReal(g, kernel, { scale: own(scale), zero: own(zero) }));
    g.current = later;
    return product;
  };
  return [markProduct(y, { scale: dynamic.scale, channels: kernel.shape[axis.right]!, real })];
}

const convInteger: OpRow = (g, node) =>
  integerProduct(g, node, { left: 1, right: 0 }, (x, kernel) => convolve(g, withInputs(node, [x, kernel])));

const matMulInteger: OpRow = (g, node) => {
  const [a, b] = [operand(node, 0).shape.length, operand(node, 1).shape.length];
  return integerProduct(g, node, { left: Math.max(0, a - 2), right: b - 1 }, (x, y) => matMul(g, x, y));
};

/** Codes as the parameter they are: integers of the stored type. */
function integerKernel(stored: Tensor, codes: Constant): Constant {
  const text = stored.kind === 'constant' ? (stored.stored ?? 'int8') : 'int8';
  const signed = !text.startsWith('u');
  const format = { kind: 'int', bits: 8, signed, symmetric: true, perChannel: false, scale: 1 } as const;
  return { ...codes, type: 'float', weight: { ...codes.weight, quantizer: { text, bits: 8, format } } };
}

const unary =
  (activation: (node: OnnxNode) => Activation): OpRow =>
  (g, node) => [coded(g, node, activate(g, activation(node), realAt(g, node, 0, 1)), 3)];

const binary =
  (fn: 'add' | 'multiply'): OpRow =>
  (g, node) => [coded(g, node, merge(g, fn, [realAt(g, node, 0, 1), realAt(g, node, 3, 1)]), 6)];

/** Scale and zero point of y come first, then three operands a source. */
const qLinearConcat: OpRow = (g, node) => {
  const count = Math.floor((node.inputs.length - 2) / 3);
  const sources = Array.from({ length: count }, (_, k) => realAt(g, node, 2 + 3 * k, 1));
  const y = concat(g, sources, axisOf(node, node.int('axis', 1), operand(node, 2).shape.length));
  return [coded(g, node, y, 0)];
};

/** Pooling of real values, which may be channels-last. */
const pooled =
  (pool: (g: TensorGraph, node: OnnxNode) => Tensor): OpRow =>
  (g, node) => {
    const x = realAt(g, node, 0, 1);
    const axes = x.shape.map((_, axis) => axis);
    const isLast = node.int('channels_last', 0) !== 0;
    const first = isLast ? transpose(g, x, [0, axes.length - 1, ...axes.slice(1, -1)]) : x;
    const y = pool(g, withInputs(node, [first]));
    return [coded(g, node, isLast ? transpose(g, y, [0, ...axes.slice(2), 1]) : y, 3)];
  };

export const integerRows: OpRows = {
  QLinearConv: qLinearConv,
  QLinearMatMul: qLinearMatMul,
  ConvInteger: convInteger,
  MatMulInteger: matMulInteger,
};

/** Operators of ONNX Runtime in its own domain. */
export const microsoftIntegerRows: OpRows = {
  QGemm: qGemm,
  QLinearAdd: binary('add'),
  QLinearMul: binary('multiply'),
  QLinearConcat: qLinearConcat,
  QLinearSigmoid: unary(() => ({ fn: 'sigmoid' })),
  QLinearLeakyRelu: unary((node) => ({ fn: 'relu', slope: node.float('alpha', 0.01), threshold: 0 })),
  QLinearGlobalAveragePool: pooled((g, node) => globalPool(g, operand(node, 0), 'average')),
  QLinearAveragePool: pooled((g, node) => poolingRows['AveragePool']!(g, node)[0]!),
};
