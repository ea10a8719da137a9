// Loops whose number of turns is known are unrolled; the tensors they collect are lists.
// Reference: tensorflow/core/ops/list_ops.cc, tensorflow/core/kernels/functional_ops.cc (While).

import type { Tensor } from '../tensors/tensor.ts';
import { stack, unstack } from '../tensors/parts.ts';
import { scalar } from '../tensors/constants.ts';
import { refuse } from './call.ts';
import { isTensor, type TensorList, type Value } from './values.ts';
import { callFunction, truth, valueAt, type ValueCall, type ValueRow } from './valueRows.ts';

/** A recurrent layer over a thousand steps is not one for an FPGA. */
const MAX_TURNS = 1000;

const LOOP =
  'a loop whose end depends on its input (build the layer with unroll=True, or open the Keras model)';

function whileRow(call: ValueCall): readonly Value[] {
  const { attrs } = call;
  let values = call.inputs;
  for (let turn = 0; turn <= MAX_TURNS; turn++) {
    const [condition] = callFunction(call, attrs.func('cond'), values);
    if (condition?.kind === 'unknown') return [condition];
    if (condition?.kind !== 'constant') throw refuse(LOOP);
    if (!truth(condition)) return values;
    values = callFunction(call, attrs.func('body'), values);
  }
  throw refuse('a loop of more than {0} turns', MAX_TURNS);
}

function tensorAt(call: ValueCall, at: number): Tensor {
  const value = valueAt(call, at);
  if (!isTensor(value)) throw refuse('it reads a {0}', value.kind);
  return value;
}

function listAt(call: ValueCall): TensorList {
  const value = valueAt(call, 0);
  if (value.kind !== 'list') throw refuse('it reads a {0}', value.kind);
  return value;
}

function wholeAt(call: ValueCall, at: number): number {
  const value = tensorAt(call, at);
  if (value.kind !== 'constant') throw refuse(LOOP);
  return value.numbers()[0] ?? 0;
}

function reserve(call: ValueCall): readonly Value[] {
  const count = wholeAt(call, 1);
  if (!(count >= 0 && count <= MAX_TURNS)) throw refuse('a list of {0} tensors', count);
  return [{ kind: 'list', items: new Array<undefined>(count).fill(undefined) }];
}

function listFrom(call: ValueCall): readonly Value[] {
  const x = tensorAt(call, 0);
  const [count = 0] = x.shape;
  if (count > MAX_TURNS) throw refuse('a list of {0} tensors', count);
  return [{ kind: 'list', items: unstack(call.run.g, x, 0) }];
}

function stackList(call: ValueCall): readonly Value[] {
  const items = listAt(call).items.map((item) => {
    if (!item) throw refuse('a list that was not filled');
    return item;
  });
  return [stack(call.run.g, items, 0)];
}

function getItem(call: ValueCall): readonly Value[] {
  const item = listAt(call).items[wholeAt(call, 1)];
  if (!item) throw refuse('an element of a list that was not set');
  return [item];
}

function setItem(call: ValueCall): readonly Value[] {
  const items = [...listAt(call).items];
  const at = wholeAt(call, 1);
  if (!(at >= 0 && at < Math.max(items.length, MAX_TURNS))) throw refuse('element {0} of a list', at);
  items[at] = tensorAt(call, 2);
  return [{ kind: 'list', items }];
}

export const listRows: Readonly<Record<string, ValueRow>> = {
  While: whileRow,
  StatelessWhile: whileRow,
  TensorListReserve: reserve,
  TensorListFromTensor: listFrom,
  TensorListStack: stackList,
  TensorListGetItem: getItem,
  TensorListSetItem: setItem,
  TensorListLength: (call) => [scalar(listAt(call).items.length, 'int')],
};
