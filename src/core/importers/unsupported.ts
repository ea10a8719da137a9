// Operations that cannot be read are collected over the whole model and told in one error.

import { BitLensError, say, type Sentence } from '../errors.ts';
import { grouped } from './grouped.ts';

export interface Issue {
  /** As the file names it. */
  readonly layer: string;
  /** The operation with its version, and what stands against it: `Conv (opset 11): a kernel computed from …`. */
  readonly reason: string;
}

/** Layers that are named in one list. */
const NAMED = 20;

/** What is said of an operation without a row, and nothing else. */
export const NO_ROW = 'not an operation that BitLens runs';

/** @param read layers that can be read; those with an issue are left out of them */
export function unsupportedError(
  file: string,
  issues: readonly Issue[],
  read: Iterable<string>,
): BitLensError {
  const byReason = grouped(issues, ({ reason }) => reason);
  const list = [...byReason].map(([reason, group]) => `${reason}: ${some(group.map(({ layer }) => layer))}`);
  const refused = new Set(issues.map(({ layer }) => layer));
  return new BitLensError(
    'unsupported',
    ['{0} cannot be imported because of some of its operations. {1}.', file, list.join('; ')],
    hintFor([...new Set(read)].filter((layer) => !refused.has(layer))),
  );
}

const some = (names: readonly string[]): string =>
  names.length <= NAMED
    ? names.join(', ')
    : `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;

const hintFor = (read: readonly string[]): Sentence =>
  read.length === 0
    ? ['Replace them by others, or export the part of the model without them.']
    : ['Export the part of the model without them. Layers that can be read: {0}.', some(read)];

/** What an error says, without the file and the layer that stand beside it in the list. */
export function reasonOf(error: BitLensError, file: string, layer: string): string {
  const prefix = [`${file}: layer ${layer}: `, `${file}: `].find((head) => say(error.what).startsWith(head));
  return say(error.what)
    .slice(prefix?.length ?? 0)
    .replace(/\.$/, '');
}
