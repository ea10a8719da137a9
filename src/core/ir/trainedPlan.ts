// The plan a quantized model already follows: the quantizers that its file has.

import type { Format } from '../quantizers/format.ts';
import type { Slots } from './slots.ts';

/** Does the file quantize anything? */
export const isTrainedQuantized = ({ list }: Slots): boolean =>
  list.some(({ trained }) => trained !== undefined);

/** Said wherever such a model is measured. */
export const TRAINED_NOTE =
  'the quantizers of the model file are applied, as it was trained (in float32, on the values their codes stand for)';

/** Formats by slot id; what the file leaves in float has none. Undefined when our grammar lacks words for a quantizer. */
export function trainedFormats({ list }: Slots): ReadonlyMap<string, Format> | undefined {
  const formats = new Map<string, Format>();
  for (const { id, kind, trained } of list) {
    if (!trained) continue;
    if (trained.format) formats.set(id, trained.format);
    else if (kind !== 'bias') return undefined; // a bias has few bits to save: it may stay in float
  }
  return formats;
}
