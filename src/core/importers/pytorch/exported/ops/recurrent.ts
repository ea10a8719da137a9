// LSTM, GRU and simple recurrent layers of torch.nn, all their layers and directions in one operation.
// torch keeps kernels as [gates · units, inputs]; gates of an LSTM i f g o, of a GRU r z n (torch.nn.LSTM, torch.nn.GRU).

import type { Activation, RecurrenceOp } from '../../../../ir/ops.ts';
import { transposed } from '../../../tensors/constants.ts';
import { concat } from '../../../tensors/concat.ts';
import { notSupported } from '../../../tensors/errors.ts';
import { gatesInOrder } from '../../../tensors/gates.ts';
import { entry, stack } from '../../../tensors/parts.ts';
import { recurrent, type RecurrentOutputs } from '../../../tensors/recurrent.ts';
import { transpose } from '../../../tensors/shape.ts';
import type { Tensor } from '../../../tensors/tensor.ts';
import { flag, has, number, tensor, tensors, type Call, type OpFunction } from '../call.ts';

interface Cell {
  readonly cell: RecurrenceOp['cell'];
  readonly activation: Activation;
  readonly outputs: 'lstm' | 'plain';
}

/** Where the gates that Keras orders i f c o, and z r h, stand. */
const GATES: Readonly<Record<Cell['cell'], readonly number[]>> = {
  lstm: [0, 1, 2, 3],
  gru: [1, 0, 2],
  simple: [0],
};

function run(c: Call, cell: Cell): readonly Tensor[] {
  if (!has(c, 'batch_first')) throw notSupported(c.g, ['on packed sequences.']);
  const batchFirst = flag(c, 'batch_first');
  const directions = flag(c, 'bidirectional') ? 2 : 1;
  const layers = number(c, 'num_layers');
  const states: RecurrentOutputs[] = [];
  const input = tensor(c, 'input');
  let x = batchFirst ? transpose(c.g, input, [1, 0, 2]) : input;
  for (let layer = 0; layer < layers; layer++) {
    const found: RecurrentOutputs[] = [];
    for (let direction = 0; direction < directions; direction++)
      found.push(oneDirection(c, cell, x, layer * directions + direction, direction === 1));
    x = concat(
      c.g,
      found.map(({ sequence }) => sequence),
      2,
    );
    states.push(...found);
  }
  const stacked = (list: readonly Tensor[]): Tensor => stack(c.g, list, 0);
  const out = [batchFirst ? transpose(c.g, x, [1, 0, 2]) : x, stacked(states.map(({ state }) => state))];
  return cell.outputs === 'lstm' ? [...out, stacked(states.map((s) => s.cell!))] : out;
}

function oneDirection(c: Call, cell: Cell, x: Tensor, at: number, reverse: boolean): RecurrentOutputs {
  const perLayer = flag(c, 'has_biases') ? 4 : 2;
  const params = tensors(c, 'params');
  const directions = flag(c, 'bidirectional') ? 2 : 1;
  if (params.length !== perLayer * number(c, 'num_layers') * directions)
    throw notSupported(c.g, ['with a projection of its state.']);
  const own = params.slice(at * perLayer, (at + 1) * perLayer);
  const [kernel, recurrentKernel, bias, recurrentBias] = own.map((param) => {
    if (param.kind !== 'constant')
      throw notSupported(c.g, ['with weights that are computed from the input of the network.']);
    return gatesInOrder(c.g, param, GATES[cell.cell]);
  });
  const [state, cellState] = initial(c, cell, at);
  return recurrent(c.g, x, {
    cell: cell.cell,
    kernel: transposed(kernel!, [1, 0]),
    recurrentKernel: transposed(recurrentKernel!, [1, 0]),
    bias,
    recurrentBias,
    resetAfter: cell.cell === 'gru',
    reverse,
    activation: cell.activation,
    recurrentActivation: { fn: 'sigmoid' },
    initialState: state,
    initialCell: cellState,
  });
}

/** States of this layer and direction; a start from zero needs none. */
function initial(c: Call, cell: Cell, at: number): readonly (Tensor | undefined)[] {
  const given = cell.outputs === 'lstm' ? tensors(c, 'hx') : [tensor(c, 'hx')];
  return given.map((states) => {
    if (states.kind === 'constant' && states.numbers().every((value) => value === 0)) return undefined;
    return entry(c.g, states, 0, at);
  });
}

const recurrence =
  (cell: Cell): OpFunction =>
  (c) =>
    run(c, cell);

const TANH: Activation = { fn: 'tanh' };
const RELU: Activation = { fn: 'relu', slope: 0, threshold: 0 };

export const RECURRENT: Readonly<Record<string, OpFunction>> = {
  'aten.lstm': recurrence({ cell: 'lstm', activation: TANH, outputs: 'lstm' }),
  'aten.gru': recurrence({ cell: 'gru', activation: TANH, outputs: 'plain' }),
  'aten.rnn_tanh': recurrence({ cell: 'simple', activation: TANH, outputs: 'plain' }),
  'aten.rnn_relu': recurrence({ cell: 'simple', activation: RELU, outputs: 'plain' }),
};
