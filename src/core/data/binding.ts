// Bind options once they are checked, and what every kind of data set does with them.

import { BitLensError } from '../errors.ts';
import type { Fit } from './fitImage.ts';
import { ofChannel, type Scaling } from './perChannel.ts';
import type { Labels } from './rawData.ts';

/** Options with everything filled in and checked. */
export interface Binding {
  readonly scaling: Scaling;
  /** Channels that scale and offset are for; undefined when they are single numbers. */
  readonly channels: number | undefined;
  readonly fit: Fit;
  readonly antialias: boolean;
  readonly classes: number | undefined;
  readonly labels: Labels | undefined;
  /** Number of samples to use, given how many there are. */
  used(count: number): number;
}

/** What the samples went through, for the notes of a data set. */
export function bindingNotes(binding: Binding, count: number, bytes: boolean): string[] {
  const used = binding.used(count);
  const notes = used < count ? [`first ${used} of ${count} samples`] : [];
  const entry = entryNote(binding, bytes);
  return entry === undefined ? notes : [...notes, entry];
}

/** Formulas of so many channels are written out. */
const SHOWN = 4;

function entryNote({ scaling, channels }: Binding, bytes: boolean): string | undefined {
  const formula = (channel: number) =>
    affine(ofChannel(scaling.scale, channel), ofChannel(scaling.offset, channel));
  if (channels !== undefined) {
    const formulas = Array.from({ length: Math.min(channels, SHOWN) }, (_, channel) => formula(channel));
    const rest = channels > SHOWN ? ` … (${channels} channels)` : '';
    return `values enter, channel by channel, as ${formulas.join(', ')}${rest}`;
  }
  if (formula(0) !== 'x') return `values enter as ${formula(0)}`;
  return bytes ? 'pixel values enter as stored, 0 … 255 (no scale given)' : undefined;
}

/** `x·0.00784314 − 1` */
function affine(scale: number, offset: number): string {
  const short = (value: number) => String(Number(value.toPrecision(6)));
  const product = scale === 1 ? 'x' : `x·${short(scale)}`;
  return offset === 0 ? product : `${product} ${offset < 0 ? '−' : '+'} ${short(Math.abs(offset))}`;
}

/** @throws `internal` when a batch is asked for that the data set does not have */
export function checkBatch(count: number, start: number, length: number): void {
  if (
    Number.isInteger(start) &&
    Number.isInteger(length) &&
    start >= 0 &&
    length > 0 &&
    start + length <= count
  )
    return;
  throw new BitLensError('internal', [
    'Samples {0} to {1} of {2} were asked for.',
    start,
    start + length - 1,
    count,
  ]);
}
