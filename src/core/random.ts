// Seeded random numbers: the same seed gives the same run on every machine.

/** Uniform numbers in [0, 1). */
export interface Random {
  next(): number;
}

/** mulberry32: a 32-bit generator (public domain, T. Ettinger), enough for sampling, not for cryptography. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    },
  };
}

/** Standard normal variate (Box-Muller; the second variate is discarded). */
export function normal(random: Random): number {
  const u = Math.max(random.next(), Number.MIN_VALUE);
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.next());
}
