// Resampling of one axis as a table of taps: which entries an output mixes, and with which weights. Fed by the
// importers, read by the executor. The rules are those of Resize in ONNX opset 19, which cover TensorFlow, TFLite and
// PyTorch: onnx/docs/Operators.md#Resize.

import type { Interpolation } from './ops.ts';

export interface Resampling {
  readonly mode: 'nearest' | 'linear' | 'cubic';
  /** Where the centre of an output lies on the input. */
  readonly coordinates:
    'halfPixel' | 'pytorchHalfPixel' | 'alignCorners' | 'asymmetric' | 'halfPixelForNearest';
  /** Nearest only; `roundPreferFloor` when absent. */
  readonly rounding?: 'floor' | 'ceil' | 'roundPreferFloor' | 'roundPreferCeil' | undefined;
  /** Coefficient a of the cubic kernel (Keys 1981), −0.75 when absent. */
  readonly cubicA?: number | undefined;
  /** Entries outside of the input get no weight and the others share it; otherwise the edge is repeated. */
  readonly excludeOutside?: boolean | undefined;
  /** Output by input extent where the file gives it; the quotient of the extents when absent. */
  readonly scale?: number | undefined;
}

interface Tap {
  readonly index: number;
  readonly weight: number;
}

/**
 * @param axis batch not counted
 * @param from extent of the input
 * @param to extent of the output
 */
export function interpolation(axis: number, from: number, to: number, resampling: Resampling): Interpolation {
  const rows = Array.from({ length: to }, (_, o) => {
    const taps = tapsAt(coordinate(o, from, to, resampling), resampling);
    return settle(taps, from, resampling.excludeOutside === true && resampling.mode !== 'nearest');
  });
  const flat = rows.flat();
  return {
    axis,
    taps: rows[0]?.length ?? 1,
    indices: Int32Array.from(flat, ({ index }) => index),
    weights: Float32Array.from(flat, ({ weight }) => weight),
  };
}

/** Position of output `o` on the input. */
function coordinate(o: number, from: number, to: number, { coordinates, scale }: Resampling): number {
  switch (coordinates) {
    case 'halfPixel':
      return scaledDown(o + 0.5, from, to, scale) - 0.5;
    case 'pytorchHalfPixel':
      return to > 1 ? scaledDown(o + 0.5, from, to, scale) - 0.5 : 0;
    case 'alignCorners':
      return to > 1 ? (o * (from - 1)) / (to - 1) : 0;
    case 'asymmetric':
      return scaledDown(o, from, to, scale);
    case 'halfPixelForNearest':
      return scaledDown(o + 0.5, from, to, scale);
  }
}

/** A scale of the file is a float32: 3 / 0.6 is 5 in float32, and 4.9999998 in doubles. */
function scaledDown(x: number, from: number, to: number, scale: number | undefined): number {
  return scale === undefined ? (x * from) / to : Math.fround(x / scale);
}

function tapsAt(x: number, { mode, rounding, cubicA }: Resampling): readonly Tap[] {
  if (mode === 'nearest') return [{ index: ROUNDINGS[rounding ?? 'roundPreferFloor'](x), weight: 1 }];
  const left = Math.floor(x);
  const ratio = x - left;
  const weights = mode === 'linear' ? [1 - ratio, ratio] : cubicWeights(ratio, cubicA ?? -0.75);
  const first = mode === 'linear' ? left : left - 1;
  return weights.map((weight, t) => ({ index: first + t, weight }));
}

const ROUNDINGS: Readonly<Record<NonNullable<Resampling['rounding']>, (x: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  roundPreferFloor: (x) => Math.ceil(x - 0.5),
  roundPreferCeil: (x) => Math.floor(x + 0.5),
};

/** Weights of the entries at distance 1 + s, s, 1 − s and 2 − s: R. Keys, IEEE ASSP 29 (1981), eq. 15. */
function cubicWeights(s: number, a: number): readonly number[] {
  const near = (d: number): number => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number): number => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return [far(1 + s), near(s), near(1 - s), far(2 - s)];
}

/** Brings what lies outside to the edge. */
function settle(taps: readonly Tap[], extent: number, excludeOutside: boolean): readonly Tap[] {
  const inside = ({ index }: Tap): boolean => index >= 0 && index < extent;
  const total = taps.reduce((sum, tap) => sum + (inside(tap) ? tap.weight : 0), 0);
  return taps.map((tap) => ({
    index: Math.min(Math.max(tap.index, 0), extent - 1),
    weight: !excludeOutside ? tap.weight : inside(tap) ? tap.weight / total : 0,
  }));
}
