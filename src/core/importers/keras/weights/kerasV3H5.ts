// Weights as Keras 3 (and Keras 2's `.keras`) store them: a tree of groups that follows the nesting of the model,
// `layers/dense_1/vars/0`. The groups are named after classes and counted per model, not after the layers; newer
// versions note the name of the layer beside.
// Reference: keras/src/saving/saving_lib.py (_save_container_state, _walk_saveable).

import { snakeCase } from '../../../source/naming.ts';
import type { Hdf5File } from '../../hdf5.ts';
import type { KerasLayer, KerasModel } from '../model.ts';
import type { Variable } from './variable.ts';

/** Keras 2.12 to 2.14 used the second name. */
const CONTAINERS = ['layers', '_layer_checkpoint_dependencies'];

export function isKerasV3(file: Hdf5File): boolean {
  return CONTAINERS.some((name) => file.kindOf(`/${name}`) === 'group');
}

/** @throws `missing-weights`, `bad-file` */
export function fillFromKerasV3(file: Hdf5File, model: KerasModel, variables: readonly Variable[]): void {
  const byLayer = new Map<string, Variable[]>();
  for (const variable of variables) {
    const key = JSON.stringify(variable.path);
    byLayer.set(key, [...(byLayer.get(key) ?? []), variable]);
  }
  const weighted = new Set(
    variables.flatMap(({ path }) => path.map((_, end) => JSON.stringify(path.slice(0, end + 1)))),
  );
  const visit = (inside: KerasModel, group: string, path: readonly string[]) => {
    const needed = inside.layers.filter((layer) => weighted.has(JSON.stringify([...path, layer.name])));
    const groups = groupsOf(file, group, inside, needed);
    for (const layer of needed) {
      const below = [...path, layer.name];
      const found = groups.get(layer.name);
      if (layer.model) visit(layer.model, found ?? '', below);
      else fillLayer(file, found, byLayer.get(JSON.stringify(below)) ?? []);
    }
  };
  visit(model, '', []);
}

function fillLayer(file: Hdf5File, group: string | undefined, variables: readonly Variable[]): void {
  for (const variable of variables.filter(({ needed }) => needed)) {
    const owner = variable.within === '' ? group : `${group ?? ''}/${variable.within}`;
    const path = `${owner ?? ''}/vars/${variable.index}`;
    if (group === undefined || file.kindOf(path) !== 'dataset') throw variable.missing(file.name);
    variable.fill({ name: path, shape: file.shape(path), read: () => file.numbers(path) });
  }
}

/** Path of the group of each layer that has weights. */
function groupsOf(
  file: Hdf5File,
  parent: string,
  model: KerasModel,
  needed: readonly KerasLayer[],
): ReadonlyMap<string, string> {
  const container = CONTAINERS.map((name) => `${parent}/${name}`).find(
    (path) => file.kindOf(path) === 'group',
  );
  if (container === undefined) return new Map();
  const members = file.members(container);
  const pathed = (names: ReadonlyMap<string, string>) =>
    new Map([...names].map(([layer, group]) => [layer, `${container}/${group}`]));
  const candidates = [byNote(file, container, members), byClass(model), byName(needed)];
  const exists = new Set(members);
  const complete = (names: ReadonlyMap<string, string>) =>
    needed.every((layer) => exists.has(names.get(layer.name) ?? ''));
  return pathed(candidates.find(complete) ?? new Map());
}

/** The `name` attribute that newer versions write. */
function byNote(file: Hdf5File, container: string, members: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    members.flatMap((member): [string, string][] => {
      const vars = `${container}/${member}/vars`;
      const name = file.kindOf(vars) === 'group' ? file.strings(vars, 'name')?.[0] : undefined;
      return name === undefined ? [] : [[name, member]];
    }),
  );
}

/** Keras's own rule: class in snake case, with a counter from the second on. */
function byClass({ layers }: KerasModel): ReadonlyMap<string, string> {
  const used = new Map<string, number>();
  return new Map(
    layers.map(({ name, className }) => {
      const family = snakeCase(className);
      const count = used.get(family) ?? 0;
      used.set(family, count + 1);
      return [name, count === 0 ? family : `${family}_${count}`];
    }),
  );
}

const byName = (needed: readonly KerasLayer[]): ReadonlyMap<string, string> =>
  new Map(needed.map(({ name }) => [name, name]));
