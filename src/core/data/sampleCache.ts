// Keeps decoded samples up to a number of bytes, the first that come, and never replaces them: passes go through all
// samples in the same order, where replacing the oldest would never hit.

export type Sample = Uint8Array | Float32Array;

export interface SampleCache {
  get(index: number): Sample | undefined;
  /** Keeps the sample if there is room. */
  keep(index: number, sample: Sample): void;
}

export function sampleCache(limitBytes: number): SampleCache {
  const kept = new Map<number, Sample>();
  let free = limitBytes;
  return {
    get: (index) => kept.get(index),
    keep(index, sample) {
      if (kept.has(index) || sample.byteLength > free) return;
      kept.set(index, sample);
      free -= sample.byteLength;
    },
  };
}
