// Finds the variables of an architecture among named tensors: `dense_1/kernel`, with the names of enclosing models
// before it or not, and `dense_1/vars/0` where a `.keras` file was converted.

import { BitLensError } from '../../errors.ts';
import type { Variable } from '../keras/weights/variable.ts';
import type { NamedWeight } from './manifest.ts';

/** @throws `missing-weights` for a variable that is not there, `bad-file` when several fit or shapes differ */
export function fillByName(
  file: string,
  weights: readonly NamedWeight[],
  variables: readonly Variable[],
): void {
  const byLeaf = new Map<string, NamedWeight[]>();
  for (const weight of weights) {
    const leaf = leafOf(weight.name);
    byLeaf.set(leaf, [...(byLeaf.get(leaf) ?? []), weight]);
  }
  for (const variable of variables.filter(({ needed }) => needed)) {
    const named = (byLeaf.get(variable.name) ?? []).filter((weight) => belongsTo(weight, variable));
    const numbered = (byLeaf.get(String(variable.index)) ?? []).filter((weight) =>
      belongsTo(weight, variable),
    );
    const found = mostSpecific(named.length > 0 ? named : numbered, variable);
    if (found.length === 0) throw variable.missing(file);
    if (found.length > 1)
      throw new BitLensError(
        'bad-file',
        [
          '{0}: several weights fit {1} of layer {2}: {3}.',
          file,
          variable.name,
          variable.path.join('/'),
          found.map((weight) => weight.name).join(', '),
        ],
        ['Give the layers of the model different names and convert it again.'],
      );
    variable.fill(found[0]!);
  }
}

const segmentsOf = (name: string): readonly string[] => name.replace(/:\d+$/, '').split('/');

const leafOf = (name: string): string => segmentsOf(name).at(-1)!;

/** Layer names may themselves contain slashes. */
function belongsTo({ name }: NamedWeight, { path }: Variable): boolean {
  return `/${name}`.includes(`/${path.at(-1)!}/`);
}

/** Those that name the most of the enclosing models; of these the shortest. */
function mostSpecific(weights: readonly NamedWeight[], { path }: Variable): readonly NamedWeight[] {
  const named = (weight: NamedWeight) => path.filter((part) => segmentsOf(weight.name).includes(part)).length;
  const best = Math.max(...weights.map(named));
  const close = weights.filter((weight) => named(weight) === best);
  const shortest = Math.min(...close.map((weight) => segmentsOf(weight.name).length));
  return close.filter((weight) => segmentsOf(weight.name).length === shortest);
}
