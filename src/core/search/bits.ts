// Candidate widths of a quantizer group: `W4A8` for a group with weights, `A8` for one without, and the same spelling
// for networks quantized alike everywhere.

import { BitLensError } from '../errors.ts';
import type { Group } from '../ir/groups.ts';
import { MAX_BITS, MIN_BITS } from '../quantizers/format.ts';

export interface Bits {
  /** null: the group has no weights. */
  readonly weight: number | null;
  readonly activation: number;
}

/** Candidate widths of weights and of activations. */
export interface Widths {
  readonly weight: readonly number[];
  readonly activation: readonly number[];
}

export function printBits({ weight, activation }: Bits): string {
  return weight === null ? `A${activation}` : `W${weight}A${activation}`;
}

/** `W8A8`, in any case. Throws `bad-option`. */
export function parseUniform(text: string): { readonly weight: number; readonly activation: number } {
  const match = /^w(\d+)a(\d+)$/i.exec(text.trim());
  const weight = Number(match?.[1]);
  const activation = Number(match?.[2]);
  const valid = [weight, activation].every((bits) => bits >= MIN_BITS && bits <= MAX_BITS);
  if (!valid) {
    throw new BitLensError(
      'bad-option',
      ['“{0}” is no pair of widths.', text],
      ['Write W8A8 for 8-bit weights and activations; {0} to {1} bits are possible.', MIN_BITS, MAX_BITS],
    );
  }
  return { weight, activation };
}

/**
 * All pairs of the given widths, widest first; activations only when the group has no weights. A group without
 * activations, such as a table of embeddings, is listed at the widest of them: it makes no difference.
 */
export function candidateBits(
  { weights, activations }: Pick<Group, 'weights' | 'activations'>,
  { weight, activation }: Widths,
): readonly Bits[] {
  const descending = (list: readonly number[]): number[] => [...new Set(list)].sort((a, b) => b - a);
  const forActivations = descending(activation).slice(0, activations.length > 0 ? undefined : 1);
  if (weights.length === 0) return forActivations.map((bits) => ({ weight: null, activation: bits }));
  return forActivations.flatMap((bits) =>
    descending(weight).map((weightBits) => ({ weight: weightBits, activation: bits })),
  );
}
