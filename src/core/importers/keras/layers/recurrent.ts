// SimpleRNN, LSTM and GRU, and Bidirectional around them: the product with the inputs for all steps at once, then the
// recurrence, one per direction.
// Reference: keras/src/layers/rnn/{lstm,gru,simple_rnn,bidirectional}.py.

import type { Weight } from '../../../ir/graph.ts';
import type { Activation, MergeOp, RecurrenceOp } from '../../../ir/ops.ts';
import { isObject } from '../../../jsonObject.ts';
import { entryOf } from '../../entryOf.ts';
import { activationOf } from '../activations.ts';
import type { Config } from '../config.ts';
import {
  imageOf,
  isRefusal,
  ownedBy,
  refuse,
  type LayerKind,
  type Refusal,
  type Scope,
  type Tensor,
} from '../scope.ts';
import { channelsOf } from '../spatial.ts';

type Cell = RecurrenceOp['cell'];

const GATES: Readonly<Record<Cell, number>> = { lstm: 4, gru: 3, simple: 1 };

export const recurrent = (cell: Cell): LayerKind => ({
  check: checkRecurrent,
  build(scope) {
    const backwards = scope.config.flag('go_backwards', false);
    const made = direction(ownedBy(scope, 'cell'), cell, backwards);
    if (!backwards || !scope.config.flag('return_sequences', false)) return made;
    // Keras leaves the steps in the order in which they were taken.
    return turned(scope, made);
  },
});

function checkRecurrent(config: Config): Refusal | undefined {
  for (const flag of ['return_state', 'stateful', 'time_major'])
    if (config.flag(flag, false)) return refuse(`${flag} of a recurrent layer`);
  const found = [
    functionAt(config, 'activation', 'tanh'),
    functionAt(config, 'recurrent_activation', 'sigmoid'),
  ];
  return found.find((entry) => isRefusal(entry));
}

function functionAt(config: Config, key: string, fallback: string): Activation | Refusal {
  const op = activationOf(config.raw(key) === undefined ? fallback : config.raw(key), config.keras);
  if (isRefusal(op)) return op;
  if (op.kind === 'activation') return op.activation;
  if (op.kind === 'identity') return { fn: 'relu', slope: 1, threshold: 0 };
  return refuse('softmax inside a recurrent layer');
}

/** @returns all steps in the order of the inputs, or the last state */
function direction(scope: Scope, cell: Cell, reverse: boolean): Tensor {
  const { config } = scope;
  const input = imageOf(scope, 1);
  const [steps, units] = [input.shape[0]!, config.count('units')];
  const width = GATES[cell] * units;
  const kernel = scope.weight('kernel', [channelsOf(input.shape), width]);
  const recurrentKernel = scope.weight('recurrent_kernel', [units, width]);
  const resetAfter = cell === 'gru' && config.flag('reset_after', true);
  const { bias, recurrentBias } = biasesOf(scope, width, resetAfter);
  const projected = scope.emit({ kind: 'dense', kernel, bias }, [input], [steps, width]);
  const activation = functionAt(config, 'activation', 'tanh');
  const recurrentActivation = functionAt(config, 'recurrent_activation', 'sigmoid');
  if (isRefusal(activation) || isRefusal(recurrentActivation)) throw config.bad('activation');
  const sequence = config.flag('return_sequences', false);
  const op: RecurrenceOp = {
    kind: 'recurrence',
    cell,
    kernel: recurrentKernel,
    bias: recurrentBias,
    resetAfter,
    reverse,
    activation,
    recurrentActivation,
    output: sequence ? 'sequence' : 'state',
  };
  return scope.emit(op, [projected], sequence ? [steps, units] : [units]);
}

/** A GRU that resets after the product has a second row of biases for it. */
function biasesOf(scope: Scope, width: number, twoRows: boolean): { bias?: Weight; recurrentBias?: Weight } {
  if (!scope.config.flag('use_bias', true)) return {};
  if (!twoRows) return { bias: scope.weight('bias', [width]) };
  const both = scope.weight('bias', [2, width]);
  const rowOf = (row: number, name: string): Weight => ({
    name: `${both.name}/${name}`,
    shape: [width],
    read: () => both.read().slice(row * width, (row + 1) * width),
  });
  return { bias: rowOf(0, 'input'), recurrentBias: rowOf(1, 'recurrent') };
}

const turned = (scope: Scope, x: Tensor): Tensor =>
  scope.emit({ kind: 'slice', starts: [x.shape[0]! - 1, 0], steps: [-1, 1] }, [x], x.shape);

const MERGES: Readonly<Record<string, MergeOp['fn'] | 'concat'>> = {
  concat: 'concat',
  sum: 'add',
  mul: 'multiply',
  ave: 'average',
};

/** @param cells the layers that may be inside, by class */
export function bidirectional(cells: ReadonlyMap<string, Cell>): LayerKind {
  const inside = ({ raw, inner, bad }: Config, key: string) => {
    const layer = raw(key);
    if (!isObject(layer) || !isObject(layer['config'])) throw bad(key);
    const className = String(layer['class_name']);
    const cell = cells.get(className);
    return cell
      ? { cell, config: inner(className, layer['config']) }
      : refuse(`runs ${className} in two directions`);
  };
  const both = (config: Config) => {
    const forward = inside(config, 'layer');
    return {
      forward,
      backward: isObject(config.raw('backward_layer')) ? inside(config, 'backward_layer') : forward,
    };
  };
  return {
    check(config) {
      if (!Object.hasOwn(MERGES, config.text('merge_mode', ''))) return refuse('two outputs of a layer');
      const { forward, backward } = both(config);
      if (isRefusal(forward)) return forward;
      return isRefusal(backward)
        ? backward
        : (checkRecurrent(forward.config) ?? checkRecurrent(backward.config));
    },
    build(scope) {
      const { forward, backward } = both(scope.config);
      if (isRefusal(forward)) return forward;
      if (isRefusal(backward)) return backward;
      const run = ({ cell, config }: typeof forward, attribute: string, reverse: boolean) =>
        direction(ownedBy(ownedBy({ ...scope, config }, attribute), 'cell'), cell, reverse);
      // The direction is that of the layer inside; the copy for the way back turns it around.
      const turns = forward.config.flag('go_backwards', false);
      const there = run(forward, 'forward_layer', turns);
      const back = run(backward, 'backward_layer', !turns);
      return merged(scope, there, back);
    },
  };
}

function merged(scope: Scope, there: Tensor, back: Tensor): Tensor | Refusal {
  const fn = entryOf(MERGES, scope.config.text('merge_mode', ''));
  if (there.shape.join() !== back.shape.join() || !fn) return refuse('directions that do not fit');
  if (fn !== 'concat') return scope.emit({ kind: 'merge', fn }, [there, back], there.shape);
  const axis = there.shape.length - 1;
  return scope.emit(
    { kind: 'concat', axis },
    [there, back],
    there.shape.with(axis, 2 * channelsOf(there.shape)),
  );
}
