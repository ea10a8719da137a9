// What the weights of an unrolled layer mean for HLS: which constants become shifts and adds and which need a
// multiplier. HLS shares one product among all outputs that multiply the same input by the same constant, so
// every input row counts each distinct signed code once; −v is not shared with v.

import { bitLength, csdDigits } from './csd.ts';

export interface CodeStatistics {
  /** Non-zero weights: the terms to add up. */
  readonly nonzero: number;
  /** Σ (CSD digits − 1) over the distinct constants that are shifted and added. */
  readonly extraDigits: number;
  /** Distinct constants that need a multiplier, by their width with sign: `multipliers[5]` of 5 bits. */
  readonly multipliers: readonly number[];
}

/** A constant of this many CSD digits or more is multiplied, not shifted and added. */
const MULTIPLIER_DIGITS = 3;
const WIDEST = 18;

/**
 * `rows`: the integers each input value is multiplied by. `minimumBits`: shorter constants
 * are shifted and added whatever their digits, where length is bitlength(|c|) + (c < 0): 5 in Vivado HLS (which
 * exempts 11 and 13), 0 in Vitis HLS.
 */
export function codeStatistics(rows: Iterable<Int32Array>, minimumBits: number): CodeStatistics {
  let nonzero = 0;
  let extraDigits = 0;
  const multipliers = new Array<number>(WIDEST + 1).fill(0);
  const seenIn = new Map<number, number>();
  let row = 0;
  for (const codes of rows) {
    row++;
    for (const code of codes) {
      if (code === 0) continue;
      nonzero++;
      if (seenIn.get(code) === row) continue;
      seenIn.set(code, row);
      const digits = csdDigits(code);
      const length = bitLength(code);
      if (digits < MULTIPLIER_DIGITS || length + Number(code < 0) < minimumBits) extraDigits += digits - 1;
      else multipliers[Math.min(length + 1, WIDEST)]!++;
    }
  }
  return { nonzero, extraDigits, multipliers };
}
