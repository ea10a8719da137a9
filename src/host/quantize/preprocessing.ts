// How values are fed to the network, as the user writes it in the wizard: `1/255, 0`, or with one number for each
// channel: `1/58.4 1/57.1 1/57.4; -2.12 -2.04 -1.8`.

import { numbersIn, parsePerChannel, type PerChannel, type Scaling } from '../../core/data/perChannel.ts';

/** x · scale + offset. */
export type Preprocessing = Scaling;

/**
 * Scale and offset, each a number or fraction, or a list of them; the offset is 0 when left out. Lists need a semicolon
 * after the scale; two numbers need none. Undefined for what is none, and for lists of different lengths.
 */
export function parsePreprocessing(text: string): Preprocessing | undefined {
  const parts = text.split(text.includes(';') ? ';' : /[,\s]+/).filter((part) => part.trim() !== '');
  const [scale, offset] = [...parts.map(parsePerChannel), ...(parts.length === 1 ? [0] : [])];
  if (parts.length > 2 || scale === undefined || offset === undefined) return undefined;
  const lengths = [scale, offset].map((value) => numbersIn(value).length).filter((length) => length > 1);
  return numbersIn(scale).includes(0) || new Set(lengths).size > 1 ? undefined : { scale, offset };
}

/** What parsePreprocessing reads as the same. */
export function printPreprocessing({ scale, offset }: Preprocessing): string {
  const separator = typeof scale === 'number' && typeof offset === 'number' ? ',' : ';';
  return `${numbersIn(scale).join(' ')}${separator} ${numbersIn(offset).join(' ')}`;
}

/** `0.5`, or the numbers of a list in short: `(0.01712 0.01751 0.01743)`. */
export function briefly(value: PerChannel): string {
  if (typeof value === 'number') return String(value);
  return `(${value.map((number) => Number(number.toPrecision(4))).join(' ')})`;
}
