// Recurrent layers of Keras in a SavedModel: a function whose attributes name the layer it implements. Its loop is not
// interpreted: the layer is one recurrence. Reference: keras/layers/rnn/gru_lstm_utils.py (generate_defun_backend),
// keras/layers/rnn/{lstm,gru}.py (standard_lstm, standard_gru).

import type { Activation } from '../../ir/ops.ts';
import { scalar } from '../tensors/constants.ts';
import { entry, reverse as reverseAxes } from '../tensors/parts.ts';
import { recurrent, type RecurrentOutputs } from '../tensors/recurrent.ts';
import { transpose } from '../tensors/shape.ts';
import type { Constant, Tensor } from '../tensors/tensor.ts';
import type { TensorGraph } from '../tensors/tensorGraph.ts';
import { attributesOf, type Attributes } from './attributes.ts';
import type { FunctionDef } from './graphDef.ts';
import type { Value } from './values.ts';

/** Arguments of the functions without a mask, in order. */
const ARGUMENTS = {
  lstm: ['inputs', 'init_h', 'init_c', 'kernel', 'recurrent_kernel', 'bias'],
  gru: ['inputs', 'init_h', 'kernel', 'recurrent_kernel', 'bias'],
} as const;

export interface RecurrentCall {
  readonly cell: 'lstm' | 'gru';
  readonly x: Tensor;
  readonly kernel: Constant;
  readonly recurrentKernel: Constant;
  readonly bias: Constant;
  readonly initialState: Tensor;
  readonly initialCell?: Tensor | undefined;
  readonly attrs: Attributes;
}

/** The layer that a function of a file implements; undefined when it is an ordinary one. */
export function recurrentCall(
  file: string,
  definition: FunctionDef,
  values: readonly Value[],
): RecurrentCall | undefined {
  const attrs = attributesOf(file, { name: definition.name, op: 'function', attrs: definition.attrs });
  const cell = /^(lstm|gru)_/.exec(attrs.text('api_implements', ''))?.[1] as 'lstm' | 'gru' | undefined;
  if (!cell || definition.args.join() !== ARGUMENTS[cell].join()) return undefined;
  const at = (name: string): Value | undefined => values[definition.args.indexOf(name)];
  const [x, state, memory] = [at('inputs'), at('init_h'), at('init_c')].map(asTensor);
  const [kernel, recurrentKernel, bias] = ['kernel', 'recurrent_kernel', 'bias'].map((name) =>
    asConstant(at(name)),
  );
  const batch = attrs.flag('time_major', false) ? 1 : 0;
  if (x?.kind !== 'computed' || !state || !kernel || !recurrentKernel || !bias) return undefined;
  if (x.shape.length !== 3 || x.shape[batch] !== 1) return undefined;
  return { cell, x, kernel, recurrentKernel, bias, initialState: state, initialCell: memory, attrs };
}

const asTensor = (value: Value | undefined): Tensor | undefined =>
  value?.kind === 'constant' || value?.kind === 'computed' ? value : undefined;

const asConstant = (value: Value | undefined): Constant | undefined =>
  value?.kind === 'constant' ? value : undefined;

const TANH: Activation = { fn: 'tanh' };
const SIGMOID: Activation = { fn: 'sigmoid' };

/** What the function returns: last output, all outputs in the order they were computed, states, a mark of the run time. */
export function recurrentLayer(g: TensorGraph, call: RecurrentCall): readonly Tensor[] {
  const { cell, attrs, bias } = call;
  const timeMajor = attrs.flag('time_major', false);
  const reverse = attrs.flag('go_backwards', false);
  const row = (at: number): Constant => entry(g, bias, 0, at) as Constant;
  const outputs = recurrent(g, timeMajor ? call.x : transpose(g, call.x, [1, 0, 2]), {
    cell,
    kernel: call.kernel,
    recurrentKernel: call.recurrentKernel,
    ...(cell === 'gru' ? { bias: row(0), recurrentBias: row(1) } : { bias }),
    resetAfter: cell === 'gru',
    reverse,
    activation: TANH,
    recurrentActivation: SIGMOID,
    initialState: known(call.initialState),
    initialCell: call.initialCell && known(call.initialCell),
  });
  const ordered = reverse ? reverseAxes(g, outputs.sequence, [0]) : outputs.sequence;
  const sequence = timeMajor ? ordered : transpose(g, ordered, [1, 0, 2]);
  return [outputs.state, sequence, ...states(outputs), scalar(0)];
}

const states = ({ state, cell }: RecurrentOutputs): readonly Tensor[] => (cell ? [state, cell] : [state]);

/** A state of zeros is as good as none. */
const known = (state: Tensor): Tensor | undefined =>
  state.kind === 'constant' && state.numbers().every((value) => value === 0) ? undefined : state;
