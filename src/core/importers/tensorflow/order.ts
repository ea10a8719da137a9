// The nodes that some results need, each after those it reads; the file's own order where that is one.

import { BitLensError } from '../../errors.ts';
import { inOrder } from '../order.ts';
import type { NodeDef, Nodes } from './graphDef.ts';

export interface Reference {
  readonly node: string;
  /** Name of the output, in functions. */
  readonly output?: string | undefined;
  readonly index: number;
  /** Runs before, gives nothing. */
  readonly control: boolean;
}

export function parseReference(text: string): Reference {
  const control = text.startsWith('^');
  const [node = '', first, second] = text.slice(control ? 1 : 0).split(':');
  if (second !== undefined) return { node, output: first, index: Number(second), control };
  const numbered = first === undefined || /^\d+$/.test(first);
  return numbered ? { node, index: Number(first ?? 0), control } : { node, output: first, index: 0, control };
}

/**
 * What a node reads. The back edge of a loop of TensorFlow 1 is left out: no row runs such loops, so that they are told as
 * unsupported instead of as a cycle.
 */
export const referencesOf = ({ op, inputs }: NodeDef): readonly Reference[] =>
  op === 'NextIteration' ? [] : inputs.map(parseReference);

/**
 * @param skip names that are values already: arguments and fed inputs
 * @param control whether nodes that only run before others count
 * @throws `bad-file` for a cycle or a node that is not there
 */
export function neededOrder(
  file: string,
  nodes: Nodes,
  wanted: readonly string[],
  skip: (name: string) => boolean,
  control: boolean,
): readonly NodeDef[] {
  const parentsOf = (node: NodeDef): readonly string[] => {
    const references = referencesOf(node).filter((ref) => control || !ref.control);
    return references.map((ref) => ref.node).filter((name) => !skip(name));
  };
  const find = (name: string): NodeDef => {
    const node = nodes.get(name);
    if (node) return node;
    throw broken(file, `a node reads ${name}, which is not there`);
  };
  const needed = reachable(
    wanted.filter((name) => !skip(name)),
    (name) => parentsOf(find(name)),
  );
  return inOrder(
    [...nodes.keys()].filter((name) => needed.has(name)),
    (name) => parentsOf(find(name)),
    (name, reader) => broken(file, `node ${name} reads itself through ${reader}`),
  ).map(find);
}

function reachable(
  wanted: readonly string[],
  parents: (name: string) => readonly string[],
): ReadonlySet<string> {
  const seen = new Set(wanted);
  const pending = [...seen];
  while (pending.length > 0)
    for (const parent of parents(pending.pop()!))
      if (!seen.has(parent)) {
        seen.add(parent);
        pending.push(parent);
      }
  return seen;
}

const broken = (file: string, what: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0}: {1}.', file, what],
    ['The file is damaged or was edited; save the model again.'],
  );
