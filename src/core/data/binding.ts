// Bind options once they are checked, and what every kind of data set does with them.

import { BitLensError } from '../errors.ts';
import type { Fit } from './fitImage.ts';
import type { Labels } from './rawData.ts';

/** Options with everything filled in and checked. */
export interface Binding {
  readonly scale: number;
  readonly offset: number;
  readonly fit: Fit;
  readonly antialias: boolean;
  readonly classes: number | undefined;
  readonly labels: Labels | undefined;
  /** Number of samples to use, given how many there are. */
  used(count: number): number;
}

/** What the samples went through, for the notes of a data set. */
export function bindingNotes(binding: Binding, count: number, bytes: boolean): string[] {
  const { scale, offset } = binding;
  const used = binding.used(count);
  const notes = used < count ? [`first ${used} of ${count} samples`] : [];
  if (scale !== 1 || offset !== 0) notes.push(`values enter as ${affine(scale, offset)}`);
  else if (bytes) notes.push('pixel values enter as stored, 0 … 255 (no scale given)');
  return notes;
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
