// The tensors that the nodes of a graph can read by name: those of the graph itself and, for a graph inside a node, those
// around it.

import type { Tensor, Unknown } from '../tensors/tensor.ts';
import type { Attributes } from './attributes.ts';

export interface Scope {
  readonly tensors: Map<string, Tensor | Unknown>;
  readonly outer: Scope | undefined;
  /** Versions of the operator sets; a function has its own. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Attributes of the call, inside a function. */
  readonly attributes: Attributes | undefined;
  /** What names of layers begin with: the node that calls the function, or holds the graph. */
  readonly prefix: string;
  readonly depth: number;
}

export function lookUp(scope: Scope, name: string): Tensor | Unknown | undefined {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const found = at.tensors.get(name);
    if (found) return found;
  }
  return undefined;
}
