// Matrix products, convolutions, attention.

import { constant, scalar } from '../../../tensors/constants.ts';
import { conv, type ConvolutionAttributes } from '../../../tensors/convolution.ts';
import { convTranspose } from '../../../tensors/convTranspose.ts';
import { einsum } from '../../../tensors/einsum.ts';
import { merge, where } from '../../../tensors/elementwise.ts';
import { notSupported } from '../../../tensors/errors.ts';
import { matMul } from '../../../tensors/linear.ts';
import { softmax } from '../../../tensors/normalization.ts';
import { swapLast } from '../../../tensors/shape.ts';
import type { Constant, Tensor } from '../../../tensors/tensor.ts';
import { halves } from '../../../tensors/window.ts';
import {
  constantOperand,
  flag,
  number,
  optionalConstant,
  optionalNumber,
  optionalTensor,
  perAxis,
  subject,
  tensor,
  tensors,
  text,
  type Call,
  type OpFunction,
} from '../call.ts';

const add = (c: Call, x: Tensor, y: Tensor | undefined): Tensor => (y ? merge(c.g, 'add', [x, y]) : x);

const linear: OpFunction = (c) => {
  const weight = tensor(c, 'weight');
  const kernel = weight.shape.length > 1 ? swapLast(c.g, weight) : weight;
  return add(c, matMul(c.g, subject(c), kernel), optionalTensor(c, 'bias'));
};

const times = (c: Call, x: Tensor, name: string): Tensor => {
  const factor = optionalNumber(c, name) ?? 1;
  return factor === 1 ? x : merge(c.g, 'multiply', [x, scalar(factor)]);
};

/** beta · self + alpha · (a · b) */
const addProduct =
  (a: string, b: string): OpFunction =>
  (c) =>
    add(c, times(c, matMul(c.g, tensor(c, a), tensor(c, b)), 'alpha'), times(c, subject(c), 'beta'));

interface Sliding {
  readonly x: Tensor;
  readonly kernel: Constant;
  readonly bias: Constant | undefined;
  readonly attributes: ConvolutionAttributes;
}

function sliding(c: Call): Sliding {
  const x = subject(c);
  const kernel = constantOperand(c, 'weight');
  const bias = optionalConstant(c, 'bias');
  const spatial = kernel.shape.slice(2);
  if (x.shape.length !== kernel.shape.length) throw notSupported(c.g, ['on a sample without a batch axis.']);
  const ones = spatial.map(() => 1);
  const dilation = perAxis(c, 'dilation', spatial.length, ones);
  const attributes = {
    strides: perAxis(c, 'stride', spatial.length, ones),
    dilation,
    pads: padsOf(c, spatial, dilation),
    groups: number(c, 'groups', 1),
  };
  return { x, kernel, bias, attributes };
}

/** `same` pads as much as the window takes away, the odd one at the end. */
function padsOf(
  c: Call,
  window: readonly number[],
  dilation: readonly number[],
): ConvolutionAttributes['pads'] {
  const word = text(c, 'padding');
  if (word === 'same') return window.map((size, s) => halves(dilation[s]! * (size - 1), 'end'));
  if (word !== undefined) return window.map(() => [0, 0] as const);
  const zeros = window.map(() => 0);
  return perAxis(c, 'padding', window.length, zeros).map((pad) => [pad, pad] as const);
}

const convolution: OpFunction = (c) => {
  if (flag(c, 'transposed')) return transposedConvolution(c);
  const { x, kernel, bias, attributes } = sliding(c);
  return conv(c.g, x, kernel, bias, attributes);
};

const transposedConvolution: OpFunction = (c) => {
  const { x, kernel, bias, attributes } = sliding(c);
  const zeros = attributes.strides.map(() => 0);
  const outputPadding = perAxis(c, 'output_padding', zeros.length, zeros);
  return convTranspose(c.g, x, kernel, bias, { ...attributes, outputPadding });
};

/** Far below any score, and finite: a row that is masked as a whole stays a number. */
const MASKED = -1e30;

/** softmax(q · kᵀ · scale + mask) · v; torch.nn.functional.scaled_dot_product_attention. */
const attention: OpFunction = (c) => {
  const [query, key, value] = [tensor(c, 'query'), tensor(c, 'key'), tensor(c, 'value')];
  if (flag(c, 'enable_gqa')) throw notSupported(c.g, ['with grouped queries.']);
  const scale = optionalNumber(c, 'scale') ?? 1 / Math.sqrt(query.shape.at(-1)!);
  const scores = matMul(c.g, merge(c.g, 'multiply', [query, scalar(scale)]), swapLast(c.g, key));
  const masked = flag(c, 'is_causal')
    ? causal(c, scores)
    : withMask(c, scores, optionalTensor(c, 'attn_mask'));
  return matMul(c.g, softmax(c.g, masked, masked.shape.length - 1, false), value);
};

function withMask(c: Call, scores: Tensor, mask: Tensor | undefined): Tensor {
  if (!mask) return scores;
  return mask.type === 'bool' ? where(c.g, mask, scores, scalar(MASKED)) : merge(c.g, 'add', [scores, mask]);
}

/** Step i sees the steps up to i. */
function causal(c: Call, scores: Tensor): Tensor {
  const [rows, columns] = scores.shape.slice(-2) as [number, number];
  const mask = constant('causal', [rows, columns], 'float', () =>
    Float32Array.from({ length: rows * columns }, (_, i) =>
      i % columns <= Math.floor(i / columns) ? 0 : MASKED,
    ),
  );
  return merge(c.g, 'add', [scores, mask]);
}

export const LINEAR: Readonly<Record<string, OpFunction>> = {
  'aten.linear': linear,
  'aten.addmm': addProduct('mat1', 'mat2'),
  'aten.addmv': addProduct('mat', 'vec'),
  'aten.baddbmm': addProduct('batch1', 'batch2'),
  'aten.mm': (c) => matMul(c.g, subject(c), tensor(c, 'mat2')),
  'aten.bmm': (c) => matMul(c.g, subject(c), tensor(c, 'mat2')),
  'aten.mv': (c) => matMul(c.g, subject(c), tensor(c, 'vec')),
  'aten.dot': (c) => matMul(c.g, subject(c), tensor(c, 'tensor')),
  'aten.matmul': (c) => matMul(c.g, subject(c), tensor(c, 'other')),
  'aten.einsum': (c) => einsum(c.g, text(c, 'equation') ?? '', tensors(c, 'tensors')),
  'aten.conv1d': convolution,
  'aten.conv2d': convolution,
  'aten.convolution': convolution,
  'aten._convolution': convolution,
  'aten.conv_transpose1d': transposedConvolution,
  'aten.conv_transpose2d': transposedConvolution,
  'aten.scaled_dot_product_attention': attention,
  'aten._scaled_dot_product_flash_attention_for_cpu': (c) => [attention(c) as Tensor, { kind: 'unknown' }],
};
