// Activation functions: those fused into other operators, by their number in the file, and those that stand alone.

import type { Activation } from '../../../ir/ops.ts';
import { activate, merge, prelu } from '../../tensors/elementwise.ts';
import { softmax } from '../../tensors/normalization.ts';
import { scalar } from '../../tensors/constants.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import { operand, refuse, type Call, type Row, type Rows } from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';

const RELU: Activation = { fn: 'relu', slope: 0, threshold: 0 };
const RELU6: Activation = { ...RELU, max: 6 };
const RELU_N1_TO_1: Activation = { fn: 'clip', low: -1, high: 1 };

/** ActivationFunctionType of the format: NONE, RELU, RELU_N1_TO_1, RELU6, TANH, SIGN_BIT. */
const FUSED: readonly (Activation | undefined)[] = [undefined, RELU, RELU_N1_TO_1, RELU6, { fn: 'tanh' }];

export const FUSED_NAMES = ['linear', 'relu', 'relu_n1_to_1', 'relu6', 'tanh', 'sign_bit'] as const;

/** The function with this number. @throws `unsupported` for SIGN_BIT and numbers the format does not know */
export function activationOf(call: Call, number: number): Activation | undefined {
  if (number >= 0 && number < FUSED.length) return FUSED[number];
  throw refuse(call, `the fused activation function ${FUSED_NAMES[number] ?? number}`);
}

/** What the operator's fused activation function makes of its result. */
export function fuse(call: Call, x: Tensor, number = 0): Tensor {
  const activation = activationOf(call, number);
  return activation ? activate(call.g, activation, x) : x;
}

const alone =
  (activation: Activation): Row =>
  (call) =>
    activate(call.g, activation, operand(call, 0));

const leakyRelu: Row = (call) => {
  const slope = optionsOf(call.operator, OPTIONS.leakyRelu)?.alpha() ?? 0;
  return activate(call.g, { fn: 'relu', slope, threshold: 0 }, operand(call, 0));
};

const gelu: Row = (call) => {
  const approximate = optionsOf(call.operator, OPTIONS.gelu)?.approximate() ?? false;
  return activate(call.g, { fn: 'gelu', approximate }, operand(call, 0));
};

/** max(x, 0) + alpha · min(x, 0), where alpha is not a parameter. */
const parametricRelu: Row = (call) => {
  const { g } = call;
  const [x, alpha] = [operand(call, 0), operand(call, 1)];
  if (alpha.kind === 'constant') return prelu(g, x, alpha);
  const negative = merge(g, 'multiply', [alpha, merge(g, 'minimum', [x, scalar(0)])]);
  return merge(g, 'add', [activate(g, RELU, x), negative]);
};

/** e^(beta x) over its sum, along the last axis. */
const softmaxRow: Row = (call) => {
  const x = operand(call, 0);
  const beta = optionsOf(call.operator, OPTIONS.softmax)?.beta() ?? 1;
  const scaled = beta === 1 ? x : merge(call.g, 'multiply', [x, scalar(beta)]);
  return softmax(call.g, scaled, x.shape.length - 1, false);
};

const logSoftmax: Row = (call) => {
  const x = operand(call, 0);
  return softmax(call.g, x, x.shape.length - 1, true);
};

export const activationRows: Rows = {
  RELU: alone(RELU),
  RELU6: alone(RELU6),
  RELU_N1_TO_1: alone(RELU_N1_TO_1),
  RELU_0_TO_1: alone({ fn: 'clip', low: 0, high: 1 }),
  LEAKY_RELU: leakyRelu,
  PRELU: parametricRelu,
  ELU: alone({ fn: 'elu', alpha: 1 }),
  LOGISTIC: alone({ fn: 'sigmoid' }),
  TANH: alone({ fn: 'tanh' }),
  HARD_SWISH: alone({ fn: 'hardSilu' }),
  GELU: gelu,
  SOFTMAX: softmaxRow,
  LOG_SOFTMAX: logSoftmax,
};
