// A uniform quantizer ready to apply: the grid of values a format can hold for one tensor.
//   y = scale · clip(round(x / scale), low, high)      round: half to even
// A zero point z is absorbed into the bounds (low − z, high − z): the values are the same, the codes differ by z.

import { BitLensError } from '../errors.ts';
import type { ChannelLayout } from '../ir/foldBatchNorm.ts';
import { printFormat, type FixedFormat, type Format } from './format.ts';

export interface Grid {
  /** One entry, or one per channel. Float32, as in the frameworks. */
  readonly scale: Float32Array;
  readonly low: Float32Array;
  readonly high: Float32Array;
  /** Code of the real value 0: one entry, or one per channel. */
  readonly zero: Int32Array;
  /** One signed bit has no zero: y = ±scale (QONNX: bitwidth 1 and signed is bipolar), 0 → +scale. */
  readonly bipolar: boolean;
  /** Consecutive elements that share a channel; 1 when the channel is the last axis. */
  readonly inner: number;
}

/** Code bounds of a format before the zero point is absorbed. */
export function codeRange(format: Exclude<Format, { kind: 'float32' }>): { low: number; high: number } {
  const bits = format.kind === 'fixed' ? format.width : format.bits;
  if (!format.signed) return { low: 0, high: 2 ** bits - 1 };
  const narrow = format.kind === 'int' && format.symmetric && bits > 1;
  return { low: -(2 ** (bits - 1)) + (narrow ? 1 : 0), high: 2 ** (bits - 1) - 1 };
}

/**
 * Grid of a fixed-point format: scale 2^(integer − width).
 * One signed bit: ±2^(integer − 1), so fixed<1,1> is the ±1 of quantized_bits(1, 0).
 * @param integers integer bits per channel; the format's own when there is one binary point
 */
export function fixedGrid(
  format: FixedFormat,
  integers: readonly number[] = [format.integer],
  inner = 1,
): Grid {
  const bipolar = format.width === 1 && format.signed;
  const { low, high } = codeRange(format);
  return {
    scale: Float32Array.from(integers, (integer) => 2 ** (bipolar ? integer - 1 : integer - format.width)),
    low: new Float32Array(integers.length).fill(low),
    high: new Float32Array(integers.length).fill(high),
    zero: new Int32Array(integers.length),
    bipolar,
    inner: integers.length > 1 ? inner : 1,
  };
}

/** Grid of an integer format with given encodings, one per channel or one in all. */
export function intGrid(
  format: Extract<Format, { kind: 'int' }>,
  scale: Float32Array,
  zero: Int32Array,
  layout: ChannelLayout,
): Grid {
  const { low, high } = codeRange(format);
  return {
    scale,
    low: Float32Array.from(zero, (z) => low - z),
    high: Float32Array.from(zero, (z) => high - z),
    zero,
    bipolar: format.bits === 1 && format.signed,
    inner: scale.length > 1 ? layout.inner : 1,
  };
}

/** Grid of a format that says all by itself; `bad-plan` when it has no encoding of its own. */
export function selfContainedGrid(format: Format): Grid | undefined {
  if (format.kind === 'float32') return undefined;
  if (format.kind === 'fixed') return fixedGrid(format);
  if (format.scale === undefined) {
    throw new BitLensError(
      'bad-plan',
      ['The format “{0}” has no scale.', printFormat(format)],
      ['Give calibration data, or write scale=… in the plan.'],
    );
  }
  return intGrid(format, Float32Array.of(format.scale), Int32Array.of(format.zero ?? 0), {
    channels: 1,
    inner: 1,
  });
}

const MAGIC = 1.5 * 2 ** 23;

/** Rounds half to even, exactly as float32 hardware does, for |x| < 2^22; larger values are returned as they are. */
export function roundHalfEven(x: number): number {
  if (x > 4194304 || x < -4194304) return x;
  return Math.fround(Math.fround(x + MAGIC) - MAGIC);
}

/** Fake-quantization in float32: the values on the grid. */
export function fakeQuantize(values: Float32Array, grid: Grid): Float32Array {
  const channels = grid.scale.length;
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const c = channels === 1 ? 0 : Math.floor(i / grid.inner) % channels;
    const scale = grid.scale[c]!;
    out[i] = grid.bipolar ? (values[i]! >= 0 ? scale : -scale) : scale * step(values[i]!, scale, grid, c);
  }
  return out;
}

/** The integers behind the values: value = scale · integer, the zero point already subtracted. Bipolar ones are ±1. */
export function integerMultiples(values: Float32Array, grid: Grid): Int32Array {
  const channels = grid.scale.length;
  const out = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const c = channels === 1 ? 0 : Math.floor(i / grid.inner) % channels;
    out[i] = grid.bipolar ? (values[i]! >= 0 ? 1 : -1) : step(values[i]!, grid.scale[c]!, grid, c);
  }
  return out;
}

function step(x: number, scale: number, grid: Grid, channel: number): number {
  const rounded = roundHalfEven(Math.fround(x / scale));
  return Math.min(Math.max(rounded, grid.low[channel]!), grid.high[channel]!);
}
