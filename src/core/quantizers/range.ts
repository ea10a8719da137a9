// Setting the range of a quantizer from the values it will see: min/max, percentile, or the range of least squared
// error on a grid of candidates (Krishnamoorthi, arXiv 1806.08342; Nagel et al., arXiv 2106.08295 §3.1).

import type { Format } from './format.ts';
import { fixedGrid, codeRange, roundHalfEven } from './grid.ts';

export type RangeMethod = 'minmax' | 'percentile' | 'mse';

/** How ranges are chosen for a run: one method throughout, or for each slot the range that hurts the outputs least. */
export type RangeChoice = RangeMethod | 'output';

/** How parameters get what their format leaves open; outputs decide between formats, not within one. */
export function weightRange(choice: RangeChoice): RangeMethod {
  return choice === 'output' ? 'mse' : choice;
}

/** What is known of a tensor's values. */
export interface ValueStatistics {
  readonly min: number;
  readonly max: number;
  /** The values, or an evenly spaced subset of them. */
  readonly sample: Float32Array;
}

/** Share of the values kept by the percentile method. */
export const PERCENTILE = 0.9999;

/** At most this many values are looked at by the percentile and MSE methods. */
const SAMPLE_LIMIT = 16384;

/** Every n-th value so that at most `limit` remain; exact extremes come from all values. */
export function statisticsOf(values: Float32Array, limit = SAMPLE_LIMIT): ValueStatistics {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const stride = Math.ceil(values.length / limit);
  if (stride <= 1) return { min, max, sample: values };
  const sample = new Float32Array(Math.ceil(values.length / stride));
  for (let i = 0; i < sample.length; i++) sample[i] = values[i * stride]!;
  return { min, max, sample };
}

/** The closed range [low, high] of real values a quantizer should cover by min/max or percentile. */
export function coveredRange(
  statistics: ValueStatistics,
  method: RangeMethod,
): readonly [low: number, high: number] {
  if (method !== 'percentile' || statistics.sample.length === 0) return [statistics.min, statistics.max];
  const sorted = Float32Array.from(statistics.sample).sort();
  const cut = Math.floor((1 - PERCENTILE) * (sorted.length - 1));
  return [sorted[cut]!, sorted[sorted.length - 1 - cut]!];
}

/**
 * Integer bits (sign included when signed) of a fixed-point format of `width` bits.
 * min/max and percentile: the fewest that reach the range within half a step. MSE: the best of those and up to
 * eight fewer; on equal error the wider range wins.
 */
export function integerBits(
  statistics: ValueStatistics,
  width: number,
  signed: boolean,
  method: RangeMethod,
): number {
  const [low, high] = coveredRange(statistics, method);
  const widest = fewestIntegerBits(low, high, width, signed);
  if (method !== 'mse') return widest;
  let best = widest;
  let bestError = Infinity;
  for (let integer = widest; integer >= widest - 8; integer--) {
    const error = fixedError(statistics.sample, { kind: 'fixed', width, integer, signed });
    if (error < bestError) [best, bestError] = [integer, error];
  }
  return best;
}

function fewestIntegerBits(low: number, high: number, width: number, signed: boolean): number {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (!(largest > 0)) return signed ? 1 : 0;
  const start = Math.floor(Math.log2(largest)) - 1;
  for (let integer = start; ; integer++) {
    const step = 2 ** (integer - width);
    const codes = codeRange({ kind: 'fixed', width, integer, signed });
    if (high <= (codes.high + 0.5) * step && low >= (codes.low - 0.5) * step) return integer;
    if (integer > start + 4) return integer; // one signed bit never covers both signs exactly
  }
}

function fixedError(sample: Float32Array, format: Extract<Format, { kind: 'fixed' }>): number {
  const grid = fixedGrid(format);
  return squaredError(sample, grid.scale[0]!, grid.low[0]!, grid.high[0]!, grid.bipolar);
}

/** Σ (x − q(x))² over the sample. */
function squaredError(
  sample: Float32Array,
  scale: number,
  low: number,
  high: number,
  bipolar: boolean,
): number {
  let sum = 0;
  for (const x of sample) {
    const q = bipolar ? (x >= 0 ? 1 : -1) : Math.min(Math.max(roundHalfEven(x / scale), low), high);
    const error = x - q * scale;
    sum += error * error;
  }
  return sum;
}

export interface Encoding {
  readonly scale: number;
  readonly zero: number;
}

/** Shares of the full range the MSE method tries. */
const SHRINK_STEPS = 40;
const SMALLEST_SHARE = 0.1;

/** Scale and zero point of an integer format. The range always contains 0, so that padding and ReLU stay exact. */
export function integerEncoding(
  statistics: ValueStatistics,
  format: Extract<Format, { kind: 'int' }>,
  method: RangeMethod,
): Encoding {
  const [coveredLow, coveredHigh] = coveredRange(statistics, method);
  const low = Math.min(coveredLow, 0);
  const high = Math.max(coveredHigh, 0);
  if (format.bits === 1 && format.signed) return { scale: bipolarScale(statistics.sample), zero: 0 };
  if (method !== 'mse') return encodeRange(low, high, format);
  let best = encodeRange(low, high, format);
  let bestError = Infinity;
  for (let k = 0; k <= SHRINK_STEPS; k++) {
    const share = 1 - (k * (1 - SMALLEST_SHARE)) / SHRINK_STEPS;
    const encoding = encodeRange(low * share, high * share, format);
    const codes = codeRange(format);
    const bounds = [codes.low - encoding.zero, codes.high - encoding.zero] as const;
    const error = squaredError(statistics.sample, encoding.scale, ...bounds, false);
    if (error < bestError) [best, bestError] = [encoding, error];
  }
  return best;
}

/** Ranges from the one of least squared error to the whole range, narrowest first. */
export function encodingsBetween(
  statistics: ValueStatistics,
  format: Extract<Format, { kind: 'int' }>,
): Encoding[] {
  const narrow = integerEncoding(statistics, format, 'mse');
  const wide = integerEncoding(statistics, format, 'minmax');
  const low = Math.min(statistics.min, 0);
  const high = Math.max(statistics.max, 0);
  const share = Math.sqrt(narrow.scale / wide.scale);
  const between = encodeRange(low * share, high * share, format);
  return narrow.scale === wide.scale ? [narrow] : [narrow, between, wide];
}

/** Least-squares scale of ±scale: the mean magnitude (Rastegari et al., arXiv 1603.05279 §3.1). */
function bipolarScale(sample: Float32Array): number {
  let sum = 0;
  for (const x of sample) sum += Math.abs(x);
  return Math.fround(positive(sum / Math.max(sample.length, 1)));
}

function encodeRange(low: number, high: number, format: Extract<Format, { kind: 'int' }>): Encoding {
  const codes = codeRange(format);
  if (format.symmetric) {
    const largest = format.signed ? Math.max(-low, high) : high;
    return { scale: Math.fround(positive(largest / codes.high)), zero: 0 };
  }
  const scale = Math.fround(positive((high - low) / (codes.high - codes.low)));
  const zero = Math.min(Math.max(roundHalfEven(codes.low - low / scale), codes.low), codes.high);
  return { scale, zero };
}

/** A tensor of zeros still needs a scale. */
function positive(scale: number): number {
  return scale > 0 && Number.isFinite(scale) ? scale : 1;
}
