// The activation functions of recurrent layers, by their names in ONNX.

import type { Activation, RecurrenceOp } from '../../../ir/ops.ts';
import { entryOf } from '../../entryOf.ts';
import type { OnnxNode } from '../node.ts';
import { refuse } from '../refuse.ts';

export type Cell = RecurrenceOp['cell'];

/** What each direction lists: f, g (and h, on the cell of an LSTM). */
const STANDARD: Readonly<Record<Cell, readonly string[]>> = {
  lstm: ['Sigmoid', 'Tanh', 'Tanh'],
  gru: ['Sigmoid', 'Tanh'],
  simple: ['Tanh'],
};

const FUNCTIONS: Readonly<
  Record<string, (alpha: number | undefined, beta: number | undefined) => Activation>
> = {
  relu: () => ({ fn: 'relu', slope: 0, threshold: 0 }),
  tanh: () => ({ fn: 'tanh' }),
  sigmoid: () => ({ fn: 'sigmoid' }),
  leakyrelu: (alpha = 0.01) => ({ fn: 'relu', slope: alpha, threshold: 0 }),
  thresholdedrelu: (alpha = 1) => ({ fn: 'relu', slope: 0, threshold: alpha }),
  hardsigmoid: (alpha = 0.2, beta = 0.5) => ({ fn: 'hardSigmoid', slope: alpha, offset: beta }),
  elu: (alpha = 1) => ({ fn: 'elu', alpha }),
  softsign: () => ({ fn: 'softsign' }),
  softplus: () => ({ fn: 'softplus' }),
};
/** How many of activation_alpha and activation_beta each function takes. */
const PARAMETERS: Readonly<Record<string, readonly [alpha: number, beta: number]>> = {
  leakyrelu: [1, 0],
  thresholdedrelu: [1, 0],
  hardsigmoid: [1, 1],
  elu: [1, 0],
  scaledtanh: [1, 1],
  affine: [1, 1],
};

/** @param direction index of the direction */
export function gateActivations(
  node: OnnxNode,
  cell: Cell,
  direction: number,
): { readonly activation: Activation; readonly recurrentActivation: Activation } {
  const standard = STANDARD[cell];
  const names = node.texts('activations') ?? [...standard, ...standard];
  const [alphas, betas] = [node.floats('activation_alpha') ?? [], node.floats('activation_beta') ?? []];
  let [alphaAt, betaAt] = [0, 0];
  const all = names.map((name) => {
    const key = name.toLowerCase();
    const [alpha, beta] = entryOf(PARAMETERS, key) ?? [0, 0];
    const make = entryOf(FUNCTIONS, key);
    if (!make) throw refuse(node, `the activation ${name}`);
    return make(alpha ? alphas[alphaAt++] : undefined, beta ? betas[betaAt++] : undefined);
  });
  const own = all.slice(direction * standard.length, (direction + 1) * standard.length);
  const [first = { fn: 'tanh' }, second = first, third = second] = own;
  if (JSON.stringify(third) !== JSON.stringify(second))
    throw refuse(node, 'different activations of cell and gate');
  return { activation: second, recurrentActivation: first };
}
