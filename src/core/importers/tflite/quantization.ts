// The quantizers of a TensorFlow Lite file: value = scale · (code − zero), per tensor or per entry of one axis.
// Reference: "TensorFlow Lite 8-bit quantization specification", ai.google.dev/edge/litert/models/quantization_spec.
//
// Integer networks run here on real numbers. Every integer tensor of the file is read as its real values; an operator
// computes in float32 on them, its fused activation function included, and what it computes is put back on the grid of its
// output tensor: y = scale · clip(round(x / scale), low − zero, high − zero), halves to even. That is how the XNNPACK
// kernels, which TensorFlow Lite runs by default, requantize their int32 accumulators. The reference kernels multiply by a
// 31-bit factor instead and round twice, halves away from zero: one code in a thousand comes out one step apart, and deep
// networks amplify that. Averages over codes of one grid (pooling, mean, bilinear resizing) meet halves all the time; all
// kernels round those away from zero, and so does this. Functions that TensorFlow Lite approximates in integers (hard
// swish, softmax in 16 bits) may differ by a step; states inside a fused LSTM are not put on their grids.

import { elements, type Shape, type Weight } from '../../ir/graph.ts';
import { affineQuantizer, realValues } from '../../quantizers/affine.ts';
import { printFormat, type IntFormat } from '../../quantizers/format.ts';
import { codeRange } from '../../quantizers/grid.ts';
import type { Quantizer } from '../../quantizers/quantizer.ts';
import type { DecodedValues } from '../elementTypes.ts';
import type { FileTensor, Quantization } from './readModel.ts';
import { storedType, typeName } from './tensorTypes.ts';

/** Integer types that our formats have words for; wider ones (biases of int32 and int64) are named as they are. */
const FORMATS: Readonly<Record<string, Pick<IntFormat, 'bits' | 'signed'>>> = {
  int4: { bits: 4, signed: true },
  int8: { bits: 8, signed: true },
  uint8: { bits: 8, signed: false },
  int16: { bits: 16, signed: true },
};

const WIDE_BITS: Readonly<Record<string, number>> = { int32: 32, int64: 64 };

/** Does the tensor hold codes of real values? Index lists and shapes carry an empty quantization at most. */
export function isQuantized({ type, quantization }: FileTensor): boolean {
  const stored = storedType(type) ?? '';
  return quantization !== undefined && (stored in FORMATS || stored in WIDE_BITS);
}

/** Says what is wrong with the encoding of a quantized tensor, if anything is. */
export function encodingFault(tensor: FileTensor): string | undefined {
  const { quantization, shape } = tensor;
  if (tensor.customQuantization) return 'a quantization of its own kind';
  if (!quantization) return undefined;
  const { scales, zeros, axis } = quantization;
  if (scales.length > 1 && scales.length !== shape[axis])
    return `${scales.length} scales for ${shape[axis] ?? 0} channels`;
  if (scales.some((scale) => !(scale > 0 && Number.isFinite(scale)))) return 'a scale that is not positive';
  return zeros.every(Number.isSafeInteger) ? undefined : 'a zero point that is no integer';
}

/**
 * Codes use the full range of their type. Only weights are symmetric in the sense of our formats: codes of signed weights
 * leave the most negative one unused.
 */
function weightFormat({ type, quantization }: FileTensor): IntFormat | undefined {
  const known = FORMATS[storedType(type) ?? ''];
  if (!known || !quantization) return undefined;
  const { scales, zeros } = quantization;
  const symmetric = known.signed && zeros.every((zero) => zero === 0);
  const perChannel = scales.length > 1;
  const format = { kind: 'int', ...known, symmetric, perChannel } as const;
  if (perChannel) return format;
  return { ...format, scale: scales[0]!, ...(symmetric ? {} : { zero: zeros[0]! }) };
}

/** What names the codes of a parameter. The file holds no values before them. */
export function weightQuantizer(tensor: FileTensor): NonNullable<Weight['quantizer']> {
  const format = weightFormat(tensor);
  if (format) return { text: printFormat(format), bits: format.bits, format };
  const stored = storedType(tensor.type) ?? typeName(tensor.type);
  const [scale, ...others] = tensor.quantization?.scales ?? [];
  const encoding = others.length > 0 ? 'per-channel' : `scale=${scale}`;
  return { text: `${stored} ${encoding}`, bits: WIDE_BITS[stored] ?? 32 };
}

/** The quantizer of an activation; undefined for tensors that hold no codes, and for the wide codes of accumulators. */
export function activationQuantizer({ type, quantization }: FileTensor): Quantizer | undefined {
  const known = FORMATS[storedType(type) ?? ''];
  if (!known || !quantization || quantization.scales.length > 1) return undefined;
  const { scales, zeros } = quantization;
  const codes = codeRange({ kind: 'int', ...known, symmetric: false, perChannel: false });
  return affineQuantizer({ scale: scales, zero: zeros, ...codes, inner: 1 });
}

/** Sums in float32 miss a half by less, and averages of up to 5000 codes their next neighbour by more. */
const NEARLY_HALF = 1e-4;

/** The same for averages of codes: a code that lies half-way goes away from code 0. */
export function averageQuantizer(tensor: FileTensor): Quantizer | undefined {
  const { grid, ...named } = activationQuantizer(tensor) ?? {};
  if (!grid || !('text' in named)) return undefined;
  const [scale, low, high, zero] = [grid.scale[0]!, grid.low[0]!, grid.high[0]!, grid.zero[0]!];
  const onGrid = (x: number): number => {
    const code = x / scale + zero;
    const rounded = Math.sign(code) * Math.floor(Math.abs(code) + 0.5 + NEARLY_HALF) - zero;
    return scale * Math.min(high, Math.max(low, rounded));
  };
  return { ...named, apply: (values) => values.map(onGrid) };
}

export const sameEncoding = (a: FileTensor, b: FileTensor): boolean =>
  a.type === b.type &&
  a.quantization?.scales.join() === b.quantization?.scales.join() &&
  a.quantization?.zeros.join() === b.quantization?.zeros.join();

/** Real values of codes. */
export const dequantized = (
  codes: DecodedValues,
  shape: Shape,
  { scales, zeros, axis }: Quantization,
): Float32Array => realValues(codes, { scale: scales, zero: zeros, inner: elements(shape.slice(axis + 1)) });
