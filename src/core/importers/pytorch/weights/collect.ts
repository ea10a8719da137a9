// Names the tensors in what a pickle describes: state dicts, dicts in dicts, checkpoints, whole pickled modules.

import { BitLensError } from '../../../errors.ts';
import { calleeOf, isPickle, type PickleCall, type PickleValue } from '../pickle/values.ts';
import { rebuildTensor, type Storages } from './rebuild.ts';
import type { NamedTensor } from './storedTensor.ts';

export interface Collected {
  readonly tensors: readonly NamedTensor[];
  /** Class of the pickled module, when it is one. */
  readonly module: string | undefined;
  /** Numbers and texts beside the tensors: `epoch`, `version` … */
  readonly metadata: Readonly<Record<string, string>>;
  /** `model_state_dict`, when the tensors were taken from there. */
  readonly part: string | undefined;
  /** Tensors of the other parts, such as the state of an optimizer. */
  readonly others: number;
}

/** Deepest nesting of modules and dicts. */
const MAX_DEPTH = 100;
const MAX_METADATA = 50;

/** Where training scripts keep the network in a checkpoint. */
const NETWORK = ['model_state_dict', 'state_dict', 'model_state', 'model', 'net', 'network', 'module'];

/** @throws `bad-file` when it is nested too deeply, and as {@link rebuildTensor} */
export function collect(storages: Storages, root: PickleValue): Collected {
  const all = walk(storages, root);
  const parts = new Map(entriesOf(root));
  const part = isModule(root)
    ? undefined
    : NETWORK.find(
        (key) => all.some(({ name }) => name.startsWith(`${key}.`)) && isContainer(parts.get(key)),
      );
  const value = part === undefined ? root : parts.get(part)!;
  const own = part === undefined ? all : walk(storages, value);
  return {
    tensors: own,
    module: isModule(value) ? calleeName(value) : undefined,
    metadata: scalars(root),
    part,
    others: all.length - own.length,
  };
}

function walk(storages: Storages, root: PickleValue): NamedTensor[] {
  const found: NamedTensor[] = [];
  const seen = new Set<PickleValue>();
  const visit = (value: PickleValue, path: readonly string[]): void => {
    const tensor = rebuildTensor(storages, value);
    if (tensor) found.push({ name: path.join('.') || 'tensor', tensor });
    else if (!seen.has(value)) {
      if (path.length > MAX_DEPTH)
        throw new BitLensError(
          'bad-file',
          ['{0} nests its contents more than {1} levels deep.', storages.file, MAX_DEPTH],
          ['Save the state dict alone: torch.save(model.state_dict(), "weights.pth").'],
        );
      if (isContainer(value)) seen.add(value);
      for (const [key, child] of childrenOf(value)) visit(child, [...path, key]);
    }
  };
  visit(root, []);
  return found;
}

const isContainer = (value: PickleValue | undefined): boolean =>
  isPickle(value, 'dict') || isPickle(value, 'list') || isPickle(value, 'tuple') || isPickle(value, 'call');

function childrenOf(value: PickleValue): readonly (readonly [string, PickleValue])[] {
  if (isPickle(value, 'list') || isPickle(value, 'tuple'))
    return value.items.map((item, at) => [String(at), item] as const);
  if (isModule(value)) return moduleParts(value);
  return entriesOf(value);
}

/** Entries of a dict or of an object that acts as one, by text; of equal keys the last. */
function entriesOf(value: PickleValue): readonly (readonly [string, PickleValue])[] {
  if (!isPickle(value, 'dict') && !isPickle(value, 'call')) return [];
  const last = new Map<string, PickleValue>();
  for (const [key, child] of [...pairsOf(value), ...value.entries])
    if (typeof key === 'string' || typeof key === 'number') last.set(String(key), child);
  return [...last];
}

/** Python 2 writes an OrderedDict as a call with a list of its pairs. */
function pairsOf(value: PickleValue): readonly (readonly [PickleValue, PickleValue])[] {
  if (!isPickle(value, 'call') || calleeOf(value) !== 'collections.OrderedDict') return [];
  const list = isPickle(value.args, 'tuple') ? value.args.items[0] : undefined;
  if (!isPickle(list, 'list')) return [];
  return list.items.flatMap((pair) =>
    (isPickle(pair, 'list') || isPickle(pair, 'tuple')) && pair.items.length === 2
      ? [[pair.items[0]!, pair.items[1]!] as const]
      : [],
  );
}

const stateOf = (value: PickleValue, key: string): PickleValue | undefined =>
  isPickle(value, 'call') && isPickle(value.state, 'dict')
    ? value.state.entries.findLast(([name]) => name === key)?.[1]
    : undefined;

/** torch/nn/modules/module.py: every module has these attributes. */
const isModule = (value: PickleValue): value is PickleCall =>
  stateOf(value, '_parameters') !== undefined && stateOf(value, '_modules') !== undefined;

function moduleParts(value: PickleCall): readonly (readonly [string, PickleValue])[] {
  return ['_parameters', '_buffers', '_modules'].flatMap((key) => {
    const part = stateOf(value, key);
    return part === undefined ? [] : entriesOf(part);
  });
}

/** Old files name a class together with its source: (`module`, class, file, text). */
function calleeName({ callee }: PickleCall): string {
  const id = isPickle(callee, 'reference') && isPickle(callee.id, 'tuple') ? callee.id.items[1] : callee;
  return isPickle(id, 'name') ? id.name : 'a class of its own';
}

function scalars(root: PickleValue): Record<string, string> {
  const plain = entriesOf(root).flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[key, String(value).slice(0, 200)] as const]
      : [],
  );
  return Object.fromEntries(plain.slice(0, MAX_METADATA));
}
