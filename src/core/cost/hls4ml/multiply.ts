// Which multiplications HLS puts into DSP blocks when nobody says (`impl = auto`), and what the others take in LUTs.

/**
 * Products up to this width stay in LUTs. Seen in csynth reports: LUT for 6×6, 7×6, 8×7 and 9×6 bits, DSP for
 * 11×7, 12×8 and 16×5 bits (Vitis HLS 2024.1 and 2024.2); the widths between are not observed.
 */
const FABRIC_BITS = 16;

/** Widths include the sign. */
export function usesDsp(a: number, b: number): boolean {
  return a + b > FABRIC_BITS;
}

/** LUTs of a multiplication that gets no DSP: 23 at 6×5 and 6×6 bits, 64 at 7×6, 77 at 8×7, 101 at 9×6. */
export function fabricLut(a: number, b: number): number {
  return a * b < 42 ? 23 : 1.4 * a * b;
}

/** DSP blocks of one multiplication of two variables: one block multiplies 27 × 18 bits. */
export function dspBlocks(a: number, b: number): number {
  if (!usesDsp(a, b)) return 0;
  return Math.ceil(Math.min(a, b) / 18) * Math.ceil(Math.max(a, b) / 27);
}
