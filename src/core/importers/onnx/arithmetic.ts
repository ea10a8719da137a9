// The arithmetic of uniform quantizers for one value, in float32 as the frameworks compute it. Where halves are rounded to
// even, all of them agree but for the order of steps: ONNX rounds before it adds the zero point, QONNX after it has clipped.
// References: QuantizeLinear in docs/Operators.md of ONNX; int_quant and trunc in qonnx/custom_op/general.

import { roundHalfEven } from '../../quantizers/grid.ts';

export interface Bounds {
  /** Least and greatest code. */
  readonly low: number;
  readonly high: number;
}

export interface Arithmetic {
  /** The real value that stands for x. */
  real(x: number, scale: number, zero: number, bounds: Bounds): number;
  /** Is it the grid scale · clip(round(x / scale), low − zero, high − zero), halves to even? */
  isGrid(zero: number, bounds: Bounds): boolean;
}

const clip = (x: number, { low, high }: Bounds): number => Math.min(Math.max(x, low), high);

/** scale · (clip(round(x / scale) + zero) − zero) */
export const ONNX: Arithmetic = {
  real(x, scale, zero, bounds) {
    const code = clip(roundHalfEven(Math.fround(x / scale)) + zero, bounds);
    return Math.fround((code - zero) * scale);
  },
  isGrid: () => true,
};

/** scale · (round(clip(x / scale + zero)) − zero) */
export const qonnx = (round: (x: number) => number): Arithmetic => ({
  real(x, scale, zero, bounds) {
    const code = round(clip(Math.fround(Math.fround(x / scale) + zero), bounds));
    return Math.fround(Math.fround(code - zero) * scale);
  },
  // Halves to even codes are halves to even multiples of the scale when the zero point is even.
  isGrid: (zero, { low, high }) =>
    round === roundHalfEven && zero % 2 === 0 && Number.isInteger(low) && Number.isInteger(high),
});

/** ±scale */
export const BIPOLAR: Arithmetic = {
  real: (x, scale, zero) => Math.fround(((Math.fround(x / scale) + zero >= 0 ? 1 : -1) - zero) * scale),
  isGrid: (zero) => zero === 0,
};

/** Rounds to codes, drops their low bits, and gives the rest on a coarser grid. */
export interface Truncation {
  readonly round: (x: number) => number;
  /** 2 to the number of bits dropped. */
  readonly factor: number;
  /** Scale of the result. */
  readonly output: (scale: number) => number;
  /** Zero point of the result. */
  readonly outputZero: (zero: number) => number;
  readonly saturates: boolean;
}

export const truncating = (truncation: Truncation): Arithmetic => ({
  real(x, scale, zero, bounds) {
    const fine = roundHalfEven(Math.fround(Math.fround(x / scale) + zero)) / truncation.factor;
    const code = truncation.round(truncation.saturates ? clip(fine, bounds) : fine);
    return Math.fround(Math.fround(code - truncation.outputZero(zero)) * truncation.output(scale));
  },
  isGrid: () => false,
});
