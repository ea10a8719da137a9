// Files that hold integer networks compute on codes; the IR computes on the real values they stand for, with quantizers
// in between. A tensor of codes is written as real / scale + zero, and where an op only turns codes back into real values,
// the real tensor is taken as it was.

import { elements, type Shape } from '../../ir/graph.ts';
import { STORED_TYPES, type StoredType } from '../elementTypes.ts';
import { broadcastIndices, constant, indices, rearranged, scalar, stridesOf } from '../tensors/constants.ts';
import { activate, map, merge } from '../tensors/elementwise.ts';
import type { Constant, Tensor } from '../tensors/tensor.ts';
import type { TensorGraph } from '../tensors/tensorGraph.ts';
import { ONNX } from './arithmetic.ts';
import type { OnnxNode } from './node.ts';
import { axisOf, broken, refuse } from './refuse.ts';
import { codeBounds, isSingle, quantizeUniform, wordsOf, type Uniform } from './uniform.ts';

/** Scale and zero point of codes, both broadcasting to the tensor. */
export interface Encoding {
  readonly scale: Constant;
  readonly zero: Constant;
}

interface Coded extends Encoding {
  readonly real: Tensor;
  /** Before it was quantized. */
  readonly source: Tensor;
  readonly uniform: Uniform;
}

const codedTensors = new WeakMap<Tensor, Coded>();
/** Codes of the file that are clipped to fewer bits. */
const narrowed = new WeakMap<Constant, Width>();

/** What codes stand for, where they were made here. */
export const codedAs = (codes: Tensor): Coded | undefined => codedTensors.get(codes);

/** x quantized, as codes. */
export const toCodes = (g: TensorGraph, source: Tensor, uniform: Uniform): Tensor =>
  asCodes(g, { real: quantizeUniform(g, source, uniform), source, uniform });

/** The codes of values that are on the grid of a quantizer already: its codes in other places. */
export const movedCodes = (g: TensorGraph, real: Tensor, { uniform }: Coded): Tensor =>
  asCodes(g, { real, source: real, uniform });

function asCodes(g: TensorGraph, coded: Pick<Coded, 'real' | 'source' | 'uniform'>): Tensor {
  const { real, uniform } = coded;
  const { scale, zero, bits, signed } = uniform;
  const name = `${signed ? '' : 'u'}int${bits}`;
  const made = codesOf(g, real, uniform);
  const whole = made.kind === 'constant' ? map(g, 'round', made) : made;
  const stored = isStoredType(name) ? { stored: name } : {};
  const codes: Tensor = { ...whole, type: 'int', ...(whole.kind === 'constant' ? stored : {}) };
  codedTensors.set(codes, { ...coded, scale, zero });
  return codes;
}

const isStoredType = (name: string): name is StoredType => Object.hasOwn(STORED_TYPES, name);

/** real / scale + zero */
export const codesOf = (
  g: TensorGraph,
  real: Tensor,
  { scale, zero }: { scale: Tensor; zero: Tensor },
): Tensor => merge(g, 'add', [merge(g, 'divide', [real, scale]), zero]);

/** The real values of codes: those they were made from, or (codes − zero) · scale. */
export function toReal(g: TensorGraph, codes: Tensor, encoding: Encoding): Tensor {
  const known = codedAs(codes);
  if (known && same(known.scale, encoding.scale) && same(known.zero, encoding.zero)) return known.real;
  if (codes.kind === 'constant') return storedReal(codes, encoding);
  return merge(g, 'multiply', [merge(g, 'subtract', [codes, encoding.zero]), encoding.scale]);
}

type Width = Pick<Uniform, 'bits' | 'signed' | 'narrow'>;

/**
 * Codes clipped between the quantizer and its inverse: how Brevitas writes widths below 8.
 * @returns undefined when the bounds are not those of a width
 */
export function clippedCodes(g: TensorGraph, codes: Tensor, low: number, high: number): Tensor | undefined {
  const known = codedAs(codes);
  if (known) {
    const width = widthOf(known.uniform, low, high);
    return width && toCodes(g, known.source, { ...known.uniform, ...width });
  }
  const type = codes.kind === 'constant' ? integerType(codes.stored ?? 'float32') : undefined;
  if (codes.kind !== 'constant' || !type) return undefined;
  const width = widthOf({ ...type, narrow: false }, low, high);
  if (!width) return undefined;
  const clipped = activate(g, { fn: 'clip', low, high }, codes);
  if (clipped.kind !== 'constant') return undefined;
  const made = { ...clipped, stored: codes.stored };
  narrowed.set(made, { ...width, signed: type.signed });
  return made;
}

/** Bounds beyond those of the codes bound nothing. One signed bit would be ±1 to us. */
function widthOf(own: Width, low: number, high: number): Pick<Uniform, 'bits' | 'narrow'> | undefined {
  const { signed } = own;
  const outer = codeBounds(own);
  const [least, most] = [Math.max(low, outer.low), Math.min(high, outer.high)];
  for (let bits = signed ? 2 : 1; bits <= own.bits; bits++)
    for (const narrow of [false, true]) {
      const bounds = codeBounds({ bits, signed, narrow });
      if (bounds.low === least && bounds.high === most) return { bits, narrow };
    }
  return undefined;
}

const same = (a: Constant, b: Constant): boolean =>
  a === b || (a.shape.join() === b.shape.join() && a.numbers().join() === b.numbers().join());

/** A parameter stored as codes: its quantizer is known, values before it are not. */
function storedReal(codes: Constant, { scale, zero }: Encoding): Constant {
  const { shape, weight, stored = 'int8' } = codes;
  const values = (): Float32Array => {
    const [at, zeroAt] = [broadcastIndices(scale.shape, shape), broadcastIndices(zero.shape, shape)];
    const [scales, zeros] = [scale.weight.read(), zero.weight.read()];
    return weight.read().map((code, i) => (code - zeros[zeroAt[i]!]!) * scales[at[i]!]!);
  };
  const single = isSingle({ scale, zero });
  const blocks = [scale, zero].some((one) => one.shape.filter((extent) => extent > 1).length > 1);
  const encoding = single ? `scale=${scale.numbers()[0]}` : blocks ? 'per-block' : 'per-channel';
  const name = `${stored} ${encoding}`;
  const quantizer = wordsOf({ scale, zero, ...storedWidth(codes, scale, zero), arithmetic: ONNX, name });
  const real = constant(weight.name, shape, 'float', values);
  return { ...real, weight: { ...real.weight, quantizer } };
}

/** Weights with the zero point 0 leave the most negative code unused; with a power of two as scale they are fixed point. */
function storedWidth(codes: Constant, scale: Constant, zero: Constant): Width {
  const known = narrowed.get(codes);
  if (known) return known;
  const { stored = 'int8' } = codes;
  const signed = !stored.startsWith('u');
  const symmetric = signed && zero.numbers().every((value) => value === 0);
  const isPoint = isSingle({ scale, zero }) && Number.isInteger(Math.log2(scale.numbers()[0]!));
  return { bits: STORED_TYPES[stored].bits, signed, narrow: symmetric && !isPoint };
}

/**
 * A scale or zero point so that it broadcasts to the tensor: one value, one per entry of the axis, or one per block of
 * entries.
 */
export function spread(node: OnnxNode, values: Constant, shape: Shape, axis: number): Constant {
  if (elements(values.shape) === 1) return rearranged(values, []);
  const at = axisOf(node, axis, shape.length);
  if (values.shape.length === 1) {
    if (values.shape[0] !== shape[at])
      throw broken(node, `it has ${values.shape[0]} scales for ${shape[at]} entries of axis ${at}`);
    return rearranged(
      values,
      shape.map((extent, own) => (own === at ? extent : 1)),
    );
  }
  const block = node.int('block_size', 0);
  const blocked = shape.map((extent, own) => (own === at && block > 0 ? Math.ceil(extent / block) : extent));
  if (block < 1 || blocked.join() !== values.shape.join())
    throw broken(node, `its scales have the shape [${values.shape.join()}]`);
  const strides = stridesOf(blocked);
  const inner = stridesOf(shape)[at]!;
  return rearranged(values, shape, () => {
    const from = indices(
      shape,
      strides.map((stride, own) => (own === at ? 0 : stride)),
    );
    return from.map(
      (start, i) => start + Math.floor((Math.floor(i / inner) % shape[at]!) / block) * strides[at]!,
    );
  });
}

/** What the zero point is when it is left out. */
export const noZero = (): Constant => scalar(0, 'int');

/** Codes of an integer type. @throws `unsupported` for the others */
export function integerCodes(node: OnnxNode, stored: StoredType): { bits: number; signed: boolean } {
  const type = integerType(stored);
  if (type) return type;
  throw refuse(node, `codes of type ${stored}`);
}

function integerType(stored: StoredType): { bits: number; signed: boolean } | undefined {
  const integer = /^(u?)int(2|4|8|16)$/.exec(stored);
  return integer ? { bits: Number(integer[2]), signed: integer[1] === '' } : undefined;
}
