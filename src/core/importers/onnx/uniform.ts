// Uniform quantizers as ONNX and QONNX write them: scale · (code − zero), the scale and the zero point given once, per entry
// of one axis, or per block of entries. What one value becomes is in arithmetic.ts.

import { elements, type Shape } from '../../ir/graph.ts';
import { MAX_BITS, printFormat, type Format } from '../../quantizers/format.ts';
import type { Grid } from '../../quantizers/grid.ts';
import type { Quantizer } from '../../quantizers/quantizer.ts';
import { arrange } from '../tensors/arrange.ts';
import { broadcastIndices } from '../tensors/constants.ts';
import { quantize } from '../tensors/elementwise.ts';
import { notSupported } from '../tensors/errors.ts';
import type { Constant, Tensor } from '../tensors/tensor.ts';
import type { TensorGraph } from '../tensors/tensorGraph.ts';
import { BIPOLAR, type Arithmetic, type Bounds } from './arithmetic.ts';
import { rectified } from './rectified.ts';

export interface Uniform {
  /** Broadcasts to the tensor, as does the zero point. */
  readonly scale: Constant;
  readonly zero: Constant;
  /** Width of the codes; may be no integer in QONNX. */
  readonly bits: number;
  readonly signed: boolean;
  /** Signed: the most negative code is not used. Unsigned: the largest. */
  readonly narrow: boolean;
  readonly arithmetic: Arithmetic;
  /** For messages where our grammar has no word. */
  readonly name: string;
}

/** Codes of a uniform quantizer. */
export function codeBounds({ bits, signed, narrow }: Pick<Uniform, 'bits' | 'signed' | 'narrow'>): Bounds {
  if (!signed) return { low: 0, high: 2 ** bits - (narrow ? 2 : 1) };
  return { low: -(2 ** (bits - 1)) + (narrow ? 1 : 0), high: 2 ** (bits - 1) - 1 };
}

/** Puts the quantizer on a tensor. */
export function quantizeUniform(g: TensorGraph, x: Tensor, uniform: Uniform): Tensor {
  if (x.kind === 'constant') return quantize(g, x, onConstant(uniform, x.shape));
  const wide = [uniform.scale, uniform.zero].filter((constant) => elements(constant.shape) > 1);
  const source = rectified(g, x, uniform.scale, uniform.zero, codeBounds(uniform));
  if (wide.length === 0) return quantize(g, source, perTensor(uniform));
  const axis = channelAxis(g, x.shape, wide);
  const last = arrange(g, source, [...x.axes.filter((own) => own !== axis), axis]);
  return quantize(g, last, perChannel(uniform, x.shape[axis]!));
}

/** The axes along which scale or zero point change, counted in a tensor of this rank. */
function axesOf(rank: number, constants: readonly Constant[]): readonly number[] {
  const axes = constants.flatMap(({ shape }) =>
    shape.flatMap((extent, axis) => (extent > 1 ? [axis - shape.length + rank] : [])),
  );
  return [...new Set(axes)];
}

/** The one axis along which scale and zero point change. */
function channelAxis(g: TensorGraph, shape: Shape, constants: readonly Constant[]): number {
  const [axis, ...others] = axesOf(shape.length, constants);
  if (axis !== undefined && others.length === 0) return axis;
  throw notSupported(g, ['an activation with a scale for more than one axis.']);
}

function perTensor(uniform: Uniform): Quantizer {
  const [scale, zero] = [Math.fround(uniform.scale.numbers()[0]!), uniform.zero.numbers()[0]!];
  const bounds = codeBounds(uniform);
  const { real } = uniform.arithmetic;
  return {
    ...wordsOf(uniform),
    grid: gridOf(uniform, scale, zero, bounds),
    apply: (values) => values.map((x) => real(x, scale, zero, bounds)),
  };
}

/** @param channels extent of the last axis */
function perChannel(uniform: Uniform, channels: number): Quantizer {
  const spread = (constant: Constant): Float32Array => {
    const values = constant.weight.read();
    return values.length === channels ? values : new Float32Array(channels).fill(values[0]!);
  };
  const bounds = codeBounds(uniform);
  const { real } = uniform.arithmetic;
  return {
    ...wordsOf(uniform),
    apply(values) {
      const [scale, zero] = [spread(uniform.scale), spread(uniform.zero)];
      return values.map((x, i) => real(x, scale[i % channels]!, zero[i % channels]!, bounds));
    },
  };
}

function onConstant(uniform: Uniform, shape: Shape): Quantizer {
  if (isSingle(uniform)) return perTensor(uniform);
  const bounds = codeBounds(uniform);
  const { real } = uniform.arithmetic;
  return {
    ...wordsOf(uniform),
    apply(values) {
      const [scales, zeros] = [uniform.scale.weight.read(), uniform.zero.weight.read()];
      const scaleAt = broadcastIndices(uniform.scale.shape, shape);
      const zeroAt = broadcastIndices(uniform.zero.shape, shape);
      return values.map((x, i) => real(x, scales[scaleAt[i]!]!, zeros[zeroAt[i]!]!, bounds));
    },
  };
}

export const isSingle = ({ scale, zero }: Pick<Uniform, 'scale' | 'zero'>): boolean =>
  elements(scale.shape) === 1 && elements(zero.shape) === 1;

function gridOf(
  { arithmetic }: Uniform,
  scale: number,
  zero: number,
  { low, high }: Bounds,
): Grid | undefined {
  if (!Number.isInteger(zero) || !arithmetic.isGrid(zero, { low, high })) return undefined;
  return {
    scale: Float32Array.of(scale),
    low: Float32Array.of(low - zero),
    high: Float32Array.of(high - zero),
    zero: Int32Array.of(zero),
    bipolar: arithmetic === BIPOLAR,
    inner: 1,
  };
}

/** How the quantizer is named: in our words where we have them. */
export function wordsOf(uniform: Uniform): Pick<Quantizer, 'text' | 'bits' | 'format'> {
  const { name, bits } = uniform;
  const format = isSingle(uniform) ? formatOf(uniform) : channelFormat(uniform);
  return { text: format ? printFormat(format) : name, bits: Math.ceil(bits), format };
}

/** Fixed point when the scale is a power of two. */
function formatOf(uniform: Uniform): Format | undefined {
  const { bits, signed, narrow } = uniform;
  const [scale, zero] = [uniform.scale.numbers()[0]!, uniform.zero.numbers()[0]!];
  if (!hasWords(uniform, [zero]) || !(scale > 0)) return undefined;
  const point = Math.log2(scale);
  const isOne = bits === 1 && signed;
  if (zero === 0 && Number.isInteger(point) && (!narrow || isOne))
    return { kind: 'fixed', width: bits, integer: isOne ? point + 1 : point + bits, signed };
  if (signed && zero === 0 && (narrow || isOne))
    return { kind: 'int', bits, signed, symmetric: true, perChannel: false, scale };
  if (narrow) return undefined;
  return { kind: 'int', bits, signed, symmetric: false, perChannel: false, scale, zero };
}

function channelFormat(uniform: Uniform): Format | undefined {
  const { bits, signed, narrow, scale, zero } = uniform;
  const zeros = zero.numbers();
  const rank = Math.max(scale.shape.length, zero.shape.length);
  if (!hasWords(uniform, zeros) || axesOf(rank, [scale, zero]).length > 1) return undefined;
  const symmetric = signed && zeros.every((value) => value === 0);
  return narrow && !symmetric ? undefined : { kind: 'int', bits, signed, symmetric, perChannel: true };
}

function hasWords(uniform: Uniform, zeros: readonly number[]): boolean {
  const { bits, arithmetic } = uniform;
  const bounds = codeBounds(uniform);
  return (
    Number.isInteger(bits) &&
    bits >= 1 &&
    bits <= MAX_BITS &&
    zeros.every((zero) => Number.isInteger(zero) && arithmetic.isGrid(zero, bounds))
  );
}
