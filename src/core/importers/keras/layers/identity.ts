// Layers that do nothing at inference: dropout, noise, activity regularization.

import { inputOf, type LayerKind } from '../scope.ts';

export const identity: LayerKind = {
  build(scope) {
    const input = inputOf(scope);
    return scope.emit({ kind: 'identity' }, [input], input.shape);
  },
};
