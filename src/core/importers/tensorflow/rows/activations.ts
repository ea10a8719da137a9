// Activation functions. Reference: tensorflow/core/ops/nn_ops.cc.

import type { Activation } from '../../../ir/ops.ts';
import { entryOf } from '../../entryOf.ts';
import { activate, merge, prelu } from '../../tensors/elementwise.ts';
import { softmax } from '../../tensors/normalization.ts';
import { scalar } from '../../tensors/constants.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import { known, operand, refuse, type OpCall, type OpRow, type OpRows } from '../call.ts';

const relu = (slope: number, max?: number): Activation => ({
  fn: 'relu',
  slope,
  threshold: 0,
  ...(max === undefined ? {} : { max }),
});

const RELU6 = relu(0, 6);

/** Those without a setting, by op name; also what fused ops name. */
const PLAIN: Readonly<Record<string, Activation>> = {
  Relu: relu(0),
  Relu6: RELU6,
  Elu: { fn: 'elu', alpha: 1 },
  Selu: { fn: 'selu' },
  Sigmoid: { fn: 'sigmoid' },
  Tanh: { fn: 'tanh' },
  Softplus: { fn: 'softplus' },
  Softsign: { fn: 'softsign' },
};

const TANH_APPROXIMATION = 'GeluApproximate';
const ERF = 'GeluExact';

/** `Prelu` of TF.js: max(x, 0) + alpha · min(x, 0), alpha known or not. */
function preluOf(g: TensorGraph, x: Tensor, alpha: Tensor): Tensor {
  if (alpha.kind === 'constant') return prelu(g, x, alpha);
  const below = merge(g, 'multiply', [alpha, merge(g, 'minimum', [x, scalar(0)])]);
  return merge(g, 'add', [activate(g, relu(0), x), below]);
}

/**
 * An activation at the end of a fused op.
 * @param argument index of its operand, for those that have one
 */
export function fusedActivation(call: OpCall, name: string, x: Tensor, argument: number): Tensor {
  const { g, attrs } = call;
  const plain = entryOf(PLAIN, name);
  if (plain) return activate(g, plain, x);
  if (name === 'LeakyRelu') return activate(g, relu(attrs.float('leakyrelu_alpha', 0.2)), x);
  if (name === 'Prelu') return preluOf(g, x, known(call, argument, 'slope'));
  if (name === ERF || name === TANH_APPROXIMATION)
    return activate(g, { fn: 'gelu', approximate: name === TANH_APPROXIMATION }, x);
  throw refuse('the fused op {0}', name);
}

const plainRows: OpRows = Object.fromEntries(
  Object.entries(PLAIN).map(([op, activation]): [string, OpRow] => [
    op,
    (call) => activate(call.g, activation, operand(call, 0)),
  ]),
);

const last = (x: Tensor): number => x.shape.length - 1;

const soft =
  (log: boolean): OpRow =>
  (call) => {
    const x = operand(call, 0);
    return softmax(call.g, x, last(x), log);
  };

export const activationRows: OpRows = {
  ...plainRows,
  LeakyRelu: (call) => activate(call.g, relu(call.attrs.float('alpha', 0.2)), operand(call, 0)),
  Prelu: (call) => preluOf(call.g, operand(call, 0), operand(call, 1)),
  Softmax: soft(false),
  LogSoftmax: soft(true),
  Swish: (call) => activate(call.g, { fn: 'silu' }, operand(call, 0)),
  _MklSwish: (call) => activate(call.g, { fn: 'silu' }, operand(call, 0)),
};
