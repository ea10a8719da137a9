// The calls of a model in an order in which each comes after those it depends on; the file's order where it allows.

import { damaged } from './damaged.ts';
import { INPUT_LAYER, type KerasLayer, type KerasModel } from './model.ts';

export interface CallOf {
  readonly layer: KerasLayer;
  readonly call: number;
}

/** @throws `bad-file` for calls that depend on themselves, and for layers or calls that do not exist */
export function callOrder(model: KerasModel, file: string): readonly CallOf[] {
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  const done: CallOf[] = [];
  const state = new Map<string, 'waiting' | 'done'>();

  const find = (from: string, name: string, call: number): CallOf => {
    const layer = byName.get(name);
    if (!layer)
      throw damaged(['{0}: {1} refers to layer {2}, which the file does not hold.', file, from, name]);
    if (call < 0 || call >= callsOf(layer))
      throw damaged([
        '{0}: {1} refers to call {2} of layer {3}, which does not exist.',
        file,
        from,
        call,
        name,
      ]);
    return { layer, call };
  };

  // Depth first with a stack of its own: a chain of layers may be longer than the call stack.
  const visit = (start: CallOf) => {
    const stack = [{ ...start, pending: dependencies(start, find) }];
    state.set(keyOf(start), 'waiting');
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.pending.pop();
      if (!next) {
        done.push({ layer: top.layer, call: top.call });
        state.set(keyOf(top), 'done');
        stack.pop();
        continue;
      }
      const reached = state.get(keyOf(next));
      if (reached === 'waiting')
        throw damaged(['{0}: layer {1} depends on its own output.', file, next.layer.name]);
      if (reached === 'done') continue;
      state.set(keyOf(next), 'waiting');
      stack.push({ ...next, pending: dependencies(next, find) });
    }
  };

  for (const layer of model.layers)
    for (let call = 0; call < callsOf(layer); call++)
      if (!state.has(keyOf({ layer, call }))) visit({ layer, call });
  for (const ref of [...model.inputs, ...model.outputs]) find(`the model ${model.name}`, ref.layer, ref.call);
  return done;
}

const keyOf = ({ layer, call }: CallOf): string => `${call} ${layer.name}`;

/** An input layer stands for one call without arguments. */
const callsOf = (layer: KerasLayer): number => (layer.className === INPUT_LAYER ? 1 : layer.calls.length);

function dependencies(
  { layer, call }: CallOf,
  find: (from: string, name: string, call: number) => CallOf,
): CallOf[] {
  const tensors = (layer.calls[call] ?? []).filter((argument) => typeof argument !== 'number');
  // Last first: they are taken from the end.
  return tensors.map((ref) => find(`layer ${layer.name}`, ref.layer, ref.call)).reverse();
}
