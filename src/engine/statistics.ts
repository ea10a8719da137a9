// Statistics of activations, gathered batch by batch: exact extremes, and an evenly spaced sample of bounded size.

import { concatenate } from '../core/float32.ts';
import type { ValueStatistics } from '../core/quantizers/range.ts';

/** Values kept per tensor over all batches. */
const SAMPLE_LIMIT = 16384;

export interface StatisticsCollector {
  add(values: Float32Array): void;
  result(): ValueStatistics;
}

/** @param batches how many times `add` will be called: each contributes an equal share of the sample */
export function createCollector(batches: number): StatisticsCollector {
  let min = Infinity;
  let max = -Infinity;
  const parts: Float32Array[] = [];
  const share = Math.max(1, Math.floor(SAMPLE_LIMIT / batches));
  return {
    add(values) {
      for (const value of values) {
        if (value < min) min = value;
        if (value > max) max = value;
      }
      const stride = Math.max(1, Math.ceil(values.length / share));
      parts.push(values.filter((_, i) => i % stride === 0));
    },
    result() {
      return { min, max, sample: concatenate(parts) };
    },
  };
}
