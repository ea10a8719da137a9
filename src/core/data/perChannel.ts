// Scale and offset of the preprocessing: a number for all channels, or a list with one for each.

import { BitLensError } from '../errors.ts';

export type PerChannel = number | readonly number[];

/** Every value enters as x · scale + offset. */
export interface Scaling {
  readonly scale: PerChannel;
  readonly offset: PerChannel;
}

/** A list of one number is that number for every channel. */
export const ofChannel = (value: PerChannel, channel: number): number =>
  typeof value === 'number' ? value : value[value.length === 1 ? 0 : channel]!;

export const numbersIn = (value: PerChannel): readonly number[] =>
  typeof value === 'number' ? [value] : value;

/**
 * The number of channels that lists are for; undefined when there are only numbers (a list of one is a number).
 * @throws `bad-option` when two lists differ in length
 */
export function channelsOf(...values: readonly PerChannel[]): number | undefined {
  const lengths = values.map((value) => numbersIn(value).length).filter((length) => length !== 1);
  const other = lengths.find((length) => length !== lengths[0]);
  if (other !== undefined)
    throw new BitLensError(
      'bad-option',
      ['The preprocessing is given for {0} channels and for {1}.', lengths[0]!, other],
      ['Give one number for all channels, or as many as there are channels.'],
    );
  return lengths[0];
}

/**
 * ((x · scale + offset) − mean) / std as one scale and one offset, computed in float64.
 * @throws `bad-option` when lists differ in length
 */
export function standardize(given: {
  readonly scale?: PerChannel | undefined;
  readonly offset?: PerChannel | undefined;
  readonly mean?: PerChannel | undefined;
  readonly std?: PerChannel | undefined;
}): Scaling {
  const { scale = 1, offset = 0, mean = 0, std = 1 } = given;
  const channels = channelsOf(scale, offset, mean, std);
  const combine = (formula: (channel: number) => number): PerChannel =>
    channels === undefined ? formula(0) : Array.from({ length: channels }, (_, channel) => formula(channel));
  return {
    scale: combine((c) => ofChannel(scale, c) / ofChannel(std, c)),
    offset: combine((c) => (ofChannel(offset, c) - ofChannel(mean, c)) / ofChannel(std, c)),
  };
}

/**
 * Numbers and fractions (`0.5`, `1/255`) between commas or blanks; a single one is not a list. Undefined for what is
 * none.
 */
export function parsePerChannel(text: string): PerChannel | undefined {
  const parts = text.trim().split(/\s*,\s*|\s+/);
  const numbers = parts.map(parseNumber);
  if (!numbers.every(Number.isFinite)) return undefined;
  return numbers.length === 1 ? numbers[0] : numbers;
}

function parseNumber(text: string): number {
  const [top, bottom, ...rest] = text.split('/');
  if (rest.length > 0 || !top || bottom === '') return NaN;
  return bottom === undefined ? Number(top) : Number(top) / Number(bottom);
}
