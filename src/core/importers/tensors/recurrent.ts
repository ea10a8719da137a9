// One direction of a recurrent layer: a dense projection of all steps, then the recurrence over them.

import { elements } from '../../ir/graph.ts';
import type { Activation, RecurrenceOp } from '../../ir/ops.ts';
import { arrange, asComputed, constantNode } from './arrange.ts';
import { constant } from './constants.ts';
import { vector } from './convolution.ts';
import { merge } from './elementwise.ts';
import { impossible, notSupported } from './errors.ts';
import { emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, Tensor } from './tensor.ts';

export interface Recurrent {
  readonly cell: RecurrenceOp['cell'];
  /** [inputs, gates · units], gates as Keras orders them: lstm i f c o, gru z r h. */
  readonly kernel: Constant;
  /** [units, gates · units] */
  readonly recurrentKernel: Constant;
  /** [gates · units] */
  readonly bias?: Constant | undefined;
  readonly recurrentBias?: Constant | undefined;
  /** GRU: the reset gate acts after the product with the recurrent kernel. */
  readonly resetAfter: boolean;
  /** From the last step to the first; the sequence stays in the order of the inputs. */
  readonly reverse: boolean;
  readonly activation: Activation;
  readonly recurrentActivation: Activation;
  /** [1, units]; zero when absent. */
  readonly initialState?: Tensor | undefined;
  readonly initialCell?: Tensor | undefined;
}

export interface RecurrentOutputs {
  /** [steps, 1, units] */
  readonly sequence: Computed;
  /** [1, units] after the last step taken: the first of the sequence, when reversed. */
  readonly state: Computed;
  readonly cell?: Computed | undefined;
}

const GATES: Readonly<Record<RecurrenceOp['cell'], number>> = { lstm: 4, gru: 3, simple: 1 };

/** @param x [steps, 1, inputs] */
export function recurrent(g: TensorGraph, x: Tensor, layer: Recurrent): RecurrentOutputs {
  const { cell, kernel, recurrentKernel, reverse, activation, recurrentActivation } = layer;
  const { steps, units } = checkShapes(g, x, layer);
  const { projected, recurrentBias } = biases(g, layer);
  const rows = arrange(g, asComputed(g, x), [0, 2]);
  const projection = emit(g, { kind: 'dense', kernel: kernel.weight, bias: projected?.weight }, [rows], {
    shape: [steps, 1, kernel.shape[1]!],
    axes: [0, 2],
  });
  const op = {
    kind: 'recurrence',
    cell,
    kernel: recurrentKernel.weight,
    bias: recurrentBias?.weight,
    resetAfter: layer.resetAfter,
    reverse,
    activation,
    recurrentActivation,
  } as const;
  const operands = [projection, ...initialStates(g, layer, units)];
  // A node for each output; finish() drops those nobody reads.
  const last = { shape: [1, units], axes: [1] };
  return {
    sequence: emit(g, { ...op, output: 'sequence' }, operands, { shape: [steps, 1, units], axes: [0, 2] }),
    state: emit(g, { ...op, output: 'state' }, operands, last),
    ...(cell === 'lstm' ? { cell: emit(g, { ...op, output: 'cell' }, operands, last) } : {}),
  };
}

function checkShapes(g: TensorGraph, x: Tensor, layer: Recurrent): { steps: number; units: number } {
  const [steps, samples, inputs] = x.shape as [number, number, number];
  const { kernel, recurrentKernel, bias, recurrentBias } = layer;
  const units = recurrentKernel.shape[0]!;
  const width = GATES[layer.cell] * units;
  const fits =
    x.shape.length === 3 &&
    kernel.shape.join() === [inputs, width].join() &&
    recurrentKernel.shape.join() === [units, width].join() &&
    [bias, recurrentBias].every((weight) => !weight || elements(weight.shape) === width) &&
    [layer.initialState, layer.initialCell].every((state) => !state || elements(state.shape) === units);
  if (!fits)
    throw impossible(g, [
      'recurrent kernels of [{0}] and [{1}] on [{2}].',
      kernel.shape.join(),
      recurrentKernel.shape.join(),
      x.shape.join(),
    ]);
  if (samples > 1) throw notSupported(g, ['a recurrent layer over {0} sequences at once.', samples]);
  return { steps, units };
}

/** Only a GRU that resets after the product needs the recurrent bias apart. */
function biases(
  g: TensorGraph,
  { cell, resetAfter, bias, recurrentBias }: Recurrent,
): { readonly projected: Constant | undefined; readonly recurrentBias?: Constant | undefined } {
  const [inner, outer] = [recurrentBias && vector(recurrentBias), bias && vector(bias)];
  if (cell === 'gru' && resetAfter) return { projected: outer, recurrentBias: inner };
  if (!inner || !outer) return { projected: inner ?? outer };
  return { projected: merge(g, 'add', [outer, inner]) as Constant };
}

/** Operands of the recurrence behind its inputs; zeros stand in for a state when only the cell is given. */
function initialStates(g: TensorGraph, layer: Recurrent, units: number): readonly Computed[] {
  const given = [layer.initialState, layer.cell === 'lstm' ? layer.initialCell : undefined];
  const states = given.map((state) => (state && isZero(state) ? undefined : state));
  const count = states.findLastIndex((state) => state !== undefined) + 1;
  const zero = constant('zero state', [1, units], 'float', new Float32Array(units));
  return states.slice(0, count).map((state = zero) => {
    const axes = [state.shape.length - 1];
    return state.kind === 'constant' ? constantNode(g, state, axes) : arrange(g, state, axes);
  });
}

const isZero = (state: Tensor): boolean =>
  state.kind === 'constant' && state.numbers().every((value) => value === 0);
