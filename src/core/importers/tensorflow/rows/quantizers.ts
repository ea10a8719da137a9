// Quantizers that training put into the graph: values on a grid, in floating point.
// Reference: tensorflow/core/kernels/fake_quant_ops_functor.h (Nudge, FakeQuantWithMinMaxArgsFunctor),
// tensorflow/core/kernels/quantize_and_dequantize_op.h.

import type { IntFormat } from '../../../quantizers/format.ts';
import { roundHalfEven } from '../../../quantizers/grid.ts';
import type { Quantizer } from '../../../quantizers/quantizer.ts';
import { entryOf } from '../../entryOf.ts';
import { quantize } from '../../tensors/elementwise.ts';
import { broken, known, numberAt, operand, refuse, type OpCall, type OpRow, type OpRows } from '../call.ts';

const f = Math.fround;

interface Nudged {
  readonly scale: number;
  readonly low: number;
  readonly high: number;
  /** Code of 0, counted from the lowest code. */
  readonly zero: number;
}

/** The range moved so that 0 is on the grid. All in float32. */
function nudge(min: number, max: number, lowest: number, highest: number): Nudged {
  const scale = f(f(max - min) / f(highest - lowest));
  const fromMin = f(lowest - f(min / scale));
  const zero = Math.min(Math.max(Math.floor(fromMin + 0.5), lowest), highest);
  return { scale, low: f(f(lowest - zero) * scale), high: f(f(highest - zero) * scale), zero };
}

function onGrid(x: number, { scale, low, high }: Nudged): number {
  if (scale === 0) return 0;
  const inverse = f(1 / scale);
  const zero = Math.floor(f(f(-low * inverse) + f(0.5)));
  const shifted = f(Math.max(Math.min(x, high), low) - low);
  return f(Math.floor(f(f(f(shifted * inverse) - zero) + f(0.5))) * scale);
}

/** @param ranges one, or one per entry of the last axis */
function fakeQuant(call: OpCall, ranges: readonly (readonly [number, number])[]): Quantizer {
  const bits = call.attrs.int('num_bits', 8);
  const lowest = call.attrs.flag('narrow_range', false) ? 1 : 0;
  if (!(bits >= 2 && bits <= 16)) throw broken(call, `it has ${bits} bits`);
  const grids = ranges.map(([min, max]) => {
    if (!(min <= max)) throw broken(call, `its range is ${min} to ${max}`);
    return nudge(f(min), f(max), lowest, 2 ** bits - 1);
  });
  const [first] = grids as [Nudged, ...Nudged[]];
  const own = grids.length === 1 ? { scale: first.scale, zero: first.zero } : {};
  const format: IntFormat = {
    kind: 'int',
    bits,
    signed: false,
    symmetric: false,
    perChannel: grids.length > 1,
    ...own,
  };
  const name = `${call.op}<${bits}${lowest === 1 ? ',narrow' : ''}>`;
  return {
    text: name,
    bits,
    ...(grids.every(({ scale }) => scale > 0) ? { format } : {}),
    apply: (values) => values.map((x, i) => onGrid(x, grids[i % grids.length]!)),
  };
}

const withAttributes: OpRow = (call) => {
  const range = [call.attrs.float('min', -6), call.attrs.float('max', 6)] as const;
  return quantize(call.g, operand(call, 0), fakeQuant(call, [range]));
};

const withVariables: OpRow = (call) => {
  const x = operand(call, 0);
  const [low, high] = [known(call, 1, 'range').numbers(), known(call, 2, 'range').numbers()];
  const channels = call.op.endsWith('PerChannel') ? x.shape.at(-1)! : 1;
  if (low.length !== channels || high.length !== channels || channels === 0)
    throw broken(call, `it has ${low.length} ranges for ${channels} channels`);
  const ranges = low.map((min, at) => [min, high[at]!] as const);
  return quantize(call.g, x, fakeQuant(call, ranges));
};

interface Range {
  readonly low: number;
  readonly high: number;
  readonly scale: number;
  readonly inverse: number;
}

/** The range that the codes cover exactly, with 0 at code 0; it contains the given one. */
function symmetricRange(min: number, max: number, lowest: number, highest: number): Range {
  const largest = 3.4028234663852886e38;
  const fromMin = lowest * min > 0 ? f(lowest / min) : largest;
  const fromMax = highest * max > 0 ? f(highest / max) : largest;
  if (fromMin < fromMax) {
    const inverse = f(min / lowest);
    return { low: min, high: f(highest * inverse), scale: fromMin, inverse };
  }
  const inverse = f(max / highest);
  return { low: f(lowest * inverse), high: max, scale: fromMax, inverse };
}

const ROUNDINGS: Readonly<Record<string, (x: number) => number>> = {
  HALF_TO_EVEN: roundHalfEven,
  HALF_UP: (x) => Math.floor(f(x + 0.5)),
};

/** Versions 2 to 4; the third has its bits as an operand. */
const quantizeAndDequantize: OpRow = (call) => {
  const { attrs } = call;
  const bits = call.op.endsWith('V3') ? numberAt(call, 3, 'bits') : attrs.int('num_bits', 8);
  const signed = attrs.flag('signed_input', true);
  const narrow = attrs.flag('narrow_range', false);
  const round = entryOf(ROUNDINGS, attrs.text('round_mode', 'HALF_TO_EVEN'));
  if (attrs.int('axis', -1) !== -1) throw refuse('a range for each channel');
  if (!round || !(bits >= 1 && bits <= 24))
    throw broken(call, `it has ${bits} bits, or rounds in an unknown way`);
  const lowest = signed ? -(2 ** (bits - 1)) + (narrow ? 1 : 0) : 0;
  const highest = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const given = attrs.flag('range_given', call.op.endsWith('V3'))
    ? symmetricRange(f(numberAt(call, 1, 'range')), f(numberAt(call, 2, 'range')), lowest, highest)
    : undefined;
  const quantizer: Quantizer = {
    text: `${call.op}<${bits}${signed ? ',signed' : ''}${narrow ? ',narrow' : ''}>`,
    bits,
    format: {
      kind: 'int',
      bits,
      signed,
      symmetric: true,
      perChannel: false,
      ...(given ? { scale: given.inverse } : {}),
    },
    apply(values) {
      const { low, high, scale, inverse } = given ?? rangeOf(values, lowest, highest);
      return values.map((x) => f(round(f(Math.min(Math.max(x, low), high) * scale)) * inverse));
    },
  };
  return quantize(call.g, operand(call, 0), quantizer);
};

function rangeOf(values: Float32Array, lowest: number, highest: number): Range {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return symmetricRange(min, max, lowest, highest);
}

export const quantizerRows: OpRows = {
  FakeQuantWithMinMaxArgs: withAttributes,
  FakeQuantWithMinMaxVars: withVariables,
  FakeQuantWithMinMaxVarsPerChannel: withVariables,
  QuantizeAndDequantizeV2: quantizeAndDequantize,
  QuantizeAndDequantizeV3: quantizeAndDequantize,
  QuantizeAndDequantizeV4: quantizeAndDequantize,
};
