// ap_fixed<W,I,Q,O> and ap_ufixed with every mode of rounding and overflow, and a width of its own for each element: what
// HGQ's proxy models quantize activations with.
// Reference: Vivado HLS user guide UG902 (arbitrary precision fixed-point types), HGQ/proxy/fixed_point_quantizer.py.

import { elements, type Shape } from '../ir/graph.ts';
import { MAX_BITS, type Format } from './format.ts';
import { fixedGrid, roundHalfEven } from './grid.ts';
import type { Quantizer } from './quantizer.ts';

/** To an integer. */
const ROUNDINGS = {
  TRN: Math.floor,
  TRN_ZERO: Math.trunc,
  RND: (x: number) => Math.floor(x + 0.5),
  RND_ZERO: (x: number) => -Math.sign(x) * Math.floor(0.5 - Math.abs(x)),
  RND_MIN_INF: (x: number) => -Math.floor(0.5 - x),
  RND_INF: (x: number) => Math.sign(x) * Math.floor(Math.abs(x) + 0.5),
  RND_CONV: roundHalfEven,
} as const satisfies Record<string, (x: number) => number>;

/** Into low … high. */
const OVERFLOWS = {
  SAT: (x: number, low: number, high: number) => Math.min(Math.max(x, low), high),
  SAT_ZERO: (x: number, low: number, high: number) => (x < low || x > high ? 0 : x),
  SAT_SYM: (x: number, low: number, high: number) => Math.min(Math.max(x, low < 0 ? -high : 0), high),
  WRAP: (x: number, low: number, high: number) => modulo(x - low, high - low + 1) + low,
  WRAP_SM(x: number, low: number, high: number) {
    const period = 2 * (high - low + 1);
    return Math.abs(modulo(x - high - 1, period) - period / 2 + 0.5) - 0.5 + low;
  },
} as const satisfies Record<string, (x: number, low: number, high: number) => number>;

export type RoundingMode = keyof typeof ROUNDINGS;
export type OverflowMode = keyof typeof OVERFLOWS;

export const isRoundingMode = (name: string): name is RoundingMode => Object.hasOwn(ROUNDINGS, name);
export const isOverflowMode = (name: string): name is OverflowMode => Object.hasOwn(OVERFLOWS, name);

/** With the sign of the divisor. */
const modulo = (x: number, by: number): number => x - Math.floor(x / by) * by;

/** Types of the elements; the arrays broadcast against the tensor with its batch axis. */
export interface FixedTypes {
  readonly shape: Shape;
  /** 1 for ap_fixed, 0 for ap_ufixed. */
  readonly signed: Float32Array;
  /** 0 makes the element 0. */
  readonly width: Float32Array;
  /** With the sign bit. */
  readonly integer: Float32Array;
  readonly rounding: RoundingMode;
  readonly overflow: OverflowMode;
}

export function apFixed(types: FixedTypes): Quantizer {
  const bits = Math.max(1, ...types.width);
  const format = formatOf(types);
  const cells = Array.from(types.width, (_, at) => cellOf(types, at));
  let known: { key: string; places: Int32Array } = { key: '', places: new Int32Array(0) };
  const apply = (values: Float32Array, shape: Shape) => {
    const key = shape.join();
    if (known.key !== key) known = { key, places: broadcastPlaces(types.shape, shape) };
    const { places } = known;
    const round = ROUNDINGS[types.rounding];
    const into = OVERFLOWS[types.overflow];
    const out = new Float32Array(values.length);
    for (let i = 0; i < out.length; i++) {
      const { step, low, high } = cells[places[i % places.length]!]!;
      out[i] = step === 0 ? 0 : into(round(Math.fround(values[i]! / step)), low, high) * step;
    }
    return out;
  };
  return { text: textOf(types), bits, format, grid: format && fixedGrid(format), apply };
}

/** Step and codes of one type; a width of 0 has a step of 0. */
function cellOf({ signed, width, integer }: FixedTypes, at: number) {
  const [sign, bits] = [signed[at]!, width[at]!];
  const high = 2 ** (bits - sign) - 1;
  return { step: bits === 0 ? 0 : 2 ** (integer[at]! - bits), low: -(high + 1) * sign, high };
}

/** Only rounding half to even and saturation are in our grammar. */
function formatOf(types: FixedTypes): Extract<Format, { kind: 'fixed' }> | undefined {
  const { signed, width, integer, rounding, overflow } = types;
  const [s, w, i] = [signed[0]!, width[0]!, integer[0]!];
  const usual = rounding === 'RND_CONV' && overflow === 'SAT' && isUniform(types);
  // One signed bit is bipolar in our grammar, and −1 or 0 in ap_fixed.
  if (!usual || w < 1 + s || w > MAX_BITS) return undefined;
  return { kind: 'fixed', width: w, integer: i, signed: s === 1 };
}

const isUniform = ({ signed, width, integer }: FixedTypes): boolean =>
  [signed, width, integer].every((list) => list.every((value) => value === list[0]));

/** `fixed<12,5,TRN,WRAP>`; elements of different types give the widths from the narrowest to the widest. */
function textOf(types: FixedTypes): string {
  const { signed, width, integer, rounding, overflow } = types;
  const kind = signed.some((sign) => sign === 1) ? 'fixed' : 'ufixed';
  const span = (list: Float32Array) => {
    const [low, high] = [Math.min(...list), Math.max(...list)];
    return low === high ? `${low}` : `${low}:${high}`;
  };
  return `${kind}<${span(width)},${span(integer)},${rounding},${overflow}>`;
}

/** Place in the smaller tensor of each element of the larger one; for one sample where all samples are alike. */
function broadcastPlaces(small: Shape, large: Shape): Int32Array {
  const full = [...new Array<number>(large.length - small.length).fill(1), ...small];
  const alike = full[0] === 1 ? 1 : 0;
  let places = [0];
  let stride = elements(full);
  for (let axis = alike; axis < large.length; axis++) {
    stride /= full[axis]!;
    const step = full[axis] === 1 ? 0 : stride;
    places = places.flatMap((place) => Array.from({ length: large[axis]! }, (_, at) => place + at * step));
  }
  return Int32Array.from(places);
}
