// Embedding: rows of a table by index.

import { inputOf, refuse, type LayerKind } from '../scope.ts';

export const embedding: LayerKind = {
  check: (config) => (config.flag('mask_zero', false) ? refuse('masks of an Embedding') : undefined),
  build(scope) {
    const { config } = scope;
    const input = inputOf(scope);
    const [rows, width] = [config.count('input_dim'), config.count('output_dim')];
    const kernel = scope.weight('embeddings', [rows, width]);
    return scope.emit({ kind: 'embedding', kernel }, [input], [...input.shape, width]);
  },
};
