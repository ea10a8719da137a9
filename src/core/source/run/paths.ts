// What the names in a callee stand for: `L.Dense` is keras.layers.Dense where the file says
// `from tensorflow.keras import layers as L`.

import type { Expression } from '../syntax/syntax.ts';
import { resolve, type Scope } from './bindings.ts';

/** Aliases of aliases beyond this are not followed. */
const MAX_DEPTH = 5;
/** `try: import a as x` … `except: import b as x` binds a name twice; more than a few ways are not followed. */
const MAX_WAYS = 3;

/**
 * All paths an expression may stand for; [] when it may be something else than an import. A name that the file does not
 * bind is looked for in the packages imported with a star, and stands for itself (the global `tf` of a web page); so does
 * a parameter (`def build(keras):`).
 */
export function pathsOf(expression: Expression, scope: Scope, depth = 0): readonly (readonly string[])[] {
  if (depth > MAX_DEPTH) return [];
  switch (expression.kind) {
    case 'path':
      return [expression.path];
    case 'member':
      return pathsOf(expression.object, scope, depth).map((path) => [...path, expression.property]);
    case 'name': {
      const found = resolve(scope, expression.name);
      if (!found) return [...stars(scope).map((path) => [...path, expression.name]), [expression.name]];
      const ways = found.bindings.map((binding) => {
        if (binding.kind === 'parameter') return [[expression.name]];
        return binding.kind === 'value' ? pathsOf(binding.value, found.scope, depth + 1) : [];
      });
      if (ways.some((way) => way.length === 0)) return [];
      const distinct = new Map(ways.flat().map((path) => [path.join('\0'), path]));
      return distinct.size <= MAX_WAYS ? [...distinct.values()] : [];
    }
    default:
      return [];
  }
}

function stars(scope: Scope): (readonly string[])[] {
  return [...scope.stars, ...(scope.parent ? stars(scope.parent) : [])];
}
