// The pieces of QKeras' `str()`.

import type { Alpha } from './parameters.ts';

/** `alpha=0.5`, `alpha='auto'`; nothing for None and for a factor of 0. */
export function alphaFlag(alpha: Alpha): string[] {
  if (alpha === undefined) return [];
  if (typeof alpha === 'string') return [`alpha='${alpha}'`];
  if (alpha.length > 1) return [`alpha=[${alpha.join(' ')}]`];
  return alpha[0] === 0 ? [] : [`alpha=${alpha[0]}`];
}

/** `key=value` where the value is not the default. */
export const flagUnless = (key: string, value: number | boolean, standard: number | boolean): string[] =>
  Number(value) === Number(standard) ? [] : [`${key}=${Number(value)}`];

export const call = (name: string, flags: readonly (string | number)[]): string =>
  `${name}(${flags.join(',')})`;
