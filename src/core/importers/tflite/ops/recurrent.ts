// Recurrent layers over whole sequences. The states they keep between runs begin at zero, as for a new sample.

import { concat } from '../../tensors/concat.ts';
import { recurrent } from '../../tensors/recurrent.ts';
import { transpose } from '../../tensors/shape.ts';
import type { Constant, Tensor } from '../../tensors/tensor.ts';
import {
  broken,
  operand,
  optionalParameter,
  parameterAt,
  refuse,
  type Call,
  type Row,
  type Rows,
} from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';
import { activationOf } from './activation.ts';

/** [steps, n, inputs], as the builder has it, and back. */
const timeFirst = (call: Call, x: Tensor, timeMajor: boolean): Tensor => {
  if (x.shape.length !== 3) throw broken(call, `has a sequence of rank ${x.shape.length}`);
  return timeMajor ? x : transpose(call.g, x, [1, 0, 2]);
};

/** Weights lie as [units, inputs]. */
function kernelAt(call: Call, at: number): Constant {
  const kernel = parameterAt(call, at, 'a kernel');
  if (kernel.shape.length !== 2) throw broken(call, `has a kernel of [${kernel.shape.join()}]`);
  return transpose(call.g, kernel, [1, 0]) as Constant;
}

const joined = (call: Call, parts: readonly Constant[], axis: number): Constant =>
  concat(call.g, parts, axis) as Constant;

/** Operands by position: input, four kernels, four recurrent ones, peepholes, biases, projection, states, normalization. */
const LSTM = {
  kernels: [1, 2, 3, 4],
  recurrentKernels: [5, 6, 7, 8],
  peepholes: [9, 10, 11],
  biases: [12, 13, 14, 15],
  projection: [16, 17],
  normalization: [20, 21, 22, 23],
} as const;

/**
 * Gates in the order input, forget, cell, output: that of Keras. The cell is clipped in TensorFlow Lite, to ±10 as its
 * converter writes it, where tanh is 1 within 5e-9; here it is not.
 */
const sequenceLstm: Row = (call) => {
  const { g } = call;
  const options = optionsOf(call.operator, OPTIONS.sequenceLSTM);
  const extra = extraOf(call);
  if (extra !== undefined) throw refuse(call, extra);
  const clip = options?.cellClip() ?? 0;
  if (clip > 0 && clip < 10) throw refuse(call, `a cell that is clipped to ±${clip}`);
  const timeMajor = options?.timeMajor() ?? false;
  const activation = activationOf(call, options?.activation() ?? 0);
  if (!activation) throw refuse(call, 'no activation function');
  const biases = LSTM.biases.map((at) => optionalParameter(call, at, 'a bias'));
  const { sequence } = recurrent(g, timeFirst(call, operand(call, 0), timeMajor), {
    cell: 'lstm',
    kernel: joined(
      call,
      LSTM.kernels.map((at) => kernelAt(call, at)),
      1,
    ),
    recurrentKernel: joined(
      call,
      LSTM.recurrentKernels.map((at) => kernelAt(call, at)),
      1,
    ),
    bias: biases.every((bias) => bias !== undefined) ? joined(call, biases, 0) : undefined,
    resetAfter: false,
    reverse: false,
    activation,
    recurrentActivation: { fn: 'sigmoid' },
  });
  return timeMajor ? sequence : transpose(g, sequence, [1, 0, 2]);
};

/** What the recurrence of the IR does not have. */
function extraOf(call: Call): string | undefined {
  const has = (positions: readonly number[]): boolean =>
    positions.some((at) => call.stored(at) !== undefined);
  if (call.stored(LSTM.kernels[0]) === undefined) return 'coupled input and forget gates';
  if (has(LSTM.peepholes)) return 'peephole connections';
  if (has(LSTM.projection)) return 'a projection of its output';
  return has(LSTM.normalization) ? 'layer normalization inside the cell' : undefined;
}

const sequenceRnn: Row = (call) => {
  const options = optionsOf(call.operator, OPTIONS.sequenceRNN);
  const timeMajor = options?.timeMajor() ?? false;
  const activation = activationOf(call, options?.activation() ?? 0);
  if (!activation) throw refuse(call, 'no activation function');
  const { sequence } = recurrent(call.g, timeFirst(call, operand(call, 0), timeMajor), {
    cell: 'simple',
    kernel: kernelAt(call, 1),
    recurrentKernel: kernelAt(call, 2),
    bias: optionalParameter(call, 3, 'a bias'),
    resetAfter: false,
    reverse: false,
    activation,
    recurrentActivation: { fn: 'sigmoid' },
  });
  return timeMajor ? sequence : transpose(call.g, sequence, [1, 0, 2]);
};

export const recurrentRows: Rows = {
  UNIDIRECTIONAL_SEQUENCE_LSTM: sequenceLstm,
  UNIDIRECTIONAL_SEQUENCE_RNN: sequenceRnn,
};
