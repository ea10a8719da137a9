// Dense: on the last axis, whatever the rank.

import { activated, checkActivation } from '../activations.ts';
import { inputOf, type LayerKind, type Scope } from '../scope.ts';
import { channelsOf, spatialOf } from '../spatial.ts';

export const dense: LayerKind = {
  check: checkActivation,
  build(scope) {
    const input = inputOf(scope);
    const units = scope.config.count('units');
    const kernel = scope.weight('kernel', [channelsOf(input.shape), units]);
    const bias = biasOf(scope, units);
    const shape = [...spatialOf(input.shape), units];
    return activated(scope, scope.emit({ kind: 'dense', kernel, bias }, [input], shape));
  },
};

/** The bias that `use_bias` asks for. */
export function biasOf(scope: Scope, channels: number) {
  return scope.config.flag('use_bias', true) ? scope.weight('bias', [channels]) : undefined;
}
