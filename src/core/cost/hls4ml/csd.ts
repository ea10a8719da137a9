// Canonical signed digits: a constant as the fewest sums and differences of powers of two.

/**
 * Non-zero digits of the canonical signed-digit form, which are the terms of a shift-and-add multiplication:
 * 0 → 0, 8 → 1, 7 = 8 − 1 → 2, 11 = 8 + 4 − 1 → 3. For |n| < 2^29.
 * They are the ones of n XOR 3n (Prodinger, "On binary representations of integers with digits −1, 0, 1", 2000).
 */
export function csdDigits(n: number): number {
  const magnitude = Math.abs(n);
  return ones(magnitude ^ (3 * magnitude));
}

/** Bits of the magnitude: 0 → 0, 1 → 1, 4 → 3. */
export function bitLength(n: number): number {
  return 32 - Math.clz32(Math.abs(n));
}

function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
