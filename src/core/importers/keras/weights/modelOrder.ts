// Variables in the order of the layers in the file, which may differ from the order in which layers are called.

import type { KerasModel } from '../model.ts';
import type { Variable } from './variable.ts';

export function inFileOrder(model: KerasModel, variables: readonly Variable[]): readonly Variable[] {
  const rank = new Map<string, number>();
  const visit = ({ layers }: KerasModel, path: readonly string[]) => {
    for (const layer of layers) {
      const inside = [...path, layer.name];
      if (layer.model) visit(layer.model, inside);
      else rank.set(JSON.stringify(inside), rank.size);
    }
  };
  visit(model, []);
  const rankOf = (variable: Variable) => rank.get(JSON.stringify(variable.path)) ?? rank.size;
  return variables
    .map((variable) => ({ variable, rank: rankOf(variable) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ variable }) => variable);
}
