// LSTM, GRU and the simple recurrent layer: one recurrence per direction.
// ONNX orders the gates of an LSTM i o f c and those of a GRU z r h; one bias for the input follows one for the state.

import { entryOf } from '../../entryOf.ts';
import { merge } from '../../tensors/elementwise.ts';
import { gatesInOrder } from '../../tensors/gates.ts';
import { sliceAxis } from '../../tensors/moving.ts';
import { entry, stack } from '../../tensors/parts.ts';
import { recurrent, type RecurrentOutputs } from '../../tensors/recurrent.ts';
import { transpose } from '../../tensors/shape.ts';
import type { Constant, Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { broken, constantOperand, operand, optionalConstant, refuse } from '../refuse.ts';
import { gateActivations, type Cell } from './gates.ts';

/** Where the gates that Keras orders i f c o, and z r h, stand. */
const GATES: Readonly<Record<Cell, readonly number[]>> = { lstm: [0, 2, 3, 1], gru: [0, 1, 2], simple: [0] };

const DIRECTIONS: Readonly<Record<string, readonly boolean[]>> = {
  forward: [false],
  reverse: [true],
  bidirectional: [false, true],
};

const recurrentRow =
  (cell: Cell): OpRow =>
  (g, node) => {
    const batchFirst = node.int('layout', 0) !== 0;
    const x = batchFirst ? transpose(g, operand(node, 0), [1, 0, 2]) : operand(node, 0);
    checkSupported(node, x);
    const directions = entryOf(DIRECTIONS, node.text('direction', 'forward'));
    if (!directions) throw broken(node, 'its direction is unknown');
    const runs = directions.map((reverse, at) => runDirection(g, node, { cell, x, reverse, at, batchFirst }));
    return assembled(g, runs, batchFirst);
  };

function checkSupported(node: OnnxNode, x: Tensor): void {
  const steps = x.shape[0];
  if (x.shape.length !== 3) throw broken(node, `its input has ${x.shape.length} axes, not 3`);
  if (x.shape[1] !== 1) throw refuse(node, `a batch of ${x.shape[1] ?? 0} sequences inside one sample`);
  const lengths = optionalConstant(node, 4, 'lengths of sequences')?.numbers() ?? [];
  if (lengths.some((length) => length !== steps)) throw refuse(node, 'sequences shorter than the input');
  if (node.inputs[7]) throw refuse(node, 'peephole connections');
  if (node.has('clip')) throw refuse(node, 'clipped gates');
  if (node.int('input_forget', 0) !== 0) throw refuse(node, 'coupled input and forget gates');
}

interface Direction {
  readonly cell: Cell;
  /** [steps, 1, inputs] */
  readonly x: Tensor;
  readonly reverse: boolean;
  /** Index of the direction in weights and states. */
  readonly at: number;
  readonly batchFirst: boolean;
}

function runDirection(g: TensorGraph, node: OnnxNode, direction: Direction): RecurrentOutputs {
  const { cell, x, reverse, at, batchFirst } = direction;
  const matrix = (input: number): Constant =>
    gatesInOrder(g, part(g, constantOperand(node, input, 'weights'), at), GATES[cell]);
  const resetAfter = cell === 'gru' && node.int('linear_before_reset', 0) !== 0;
  const initial = (input: number): Tensor | undefined => {
    const state = node.inputs[input];
    return state && entry(g, state, batchFirst ? 1 : 0, at);
  };
  return recurrent(g, x, {
    cell,
    kernel: transpose(g, matrix(1), [1, 0]) as Constant,
    recurrentKernel: transpose(g, matrix(2), [1, 0]) as Constant,
    ...biasesOf(g, node, direction, resetAfter),
    resetAfter,
    reverse,
    ...gateActivations(node, cell, at),
    initialState: initial(5),
    initialCell: cell === 'lstm' ? initial(6) : undefined,
  });
}

/** The weights of one direction. */
const part = (g: TensorGraph, weights: Constant, at: number): Constant =>
  entry(g, weights, 0, at) as Constant;

/** Both biases add up, but where the reset gate acts on the one of the state. */
function biasesOf(g: TensorGraph, node: OnnxNode, { cell, at }: Direction, resetAfter: boolean) {
  const both = optionalConstant(node, 3, 'a bias');
  if (!both) return {};
  const own = part(g, both, at);
  const size = own.shape[0]! / 2;
  const half = (start: number): Constant =>
    gatesInOrder(g, sliceAxis(g, own, 0, { start, size }) as Constant, GATES[cell]);
  const [bias, recurrentBias] = [half(0), half(size)];
  if (resetAfter) return { bias, recurrentBias };
  return { bias: merge(g, 'add', [bias, recurrentBias]) as Constant };
}

/** Y [steps, directions, 1, units], Y_h and Y_c [directions, 1, units]; batch first: [1, steps, directions, units], [1, directions, units]. */
function assembled(
  g: TensorGraph,
  runs: readonly RecurrentOutputs[],
  batchFirst: boolean,
): readonly Tensor[] {
  const sequence = stack(
    g,
    runs.map((run) => run.sequence),
    1,
  );
  const states = [runs.map((run) => run.state), runs.flatMap((run) => (run.cell ? [run.cell] : []))];
  const ends = states.filter((list) => list.length > 0).map((list) => stack(g, list, 0));
  if (!batchFirst) return [sequence, ...ends];
  return [transpose(g, sequence, [2, 0, 1, 3]), ...ends.map((end) => transpose(g, end, [1, 0, 2]))];
}

export const recurrentRows: OpRows = {
  GRU: recurrentRow('gru'),
  LSTM: recurrentRow('lstm'),
  RNN: recurrentRow('simple'),
};
