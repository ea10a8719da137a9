// Quantizers of ONNX: QuantizeLinear, DequantizeLinear, and the one that sets its range as it goes.

import { elements, type Shape } from '../../../ir/graph.ts';
import { roundHalfEven } from '../../../quantizers/grid.ts';
import type { Quantizer } from '../../../quantizers/quantizer.ts';
import { STORED_TYPES, type StoredType } from '../../elementTypes.ts';
import { constant, scalar } from '../../tensors/constants.ts';
import { activate, map, merge, quantize } from '../../tensors/elementwise.ts';
import { reduce } from '../../tensors/reduction.ts';
import type { Constant, Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import { ONNX } from '../arithmetic.ts';
import { codesOf, integerCodes, noZero, spread, toCodes, toReal } from '../codes.ts';
import { dynamicCodes, markDynamic } from '../dynamicCodes.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { constantOperand, operand, optionalConstant, refuse } from '../refuse.ts';
import { storedTypeOf } from '../tensorData.ts';
import type { Uniform } from '../uniform.ts';

/** The quantizer whose scale and zero point are the operands `at` and `at + 1`. */
export function uniformAt(node: OnnxNode, at: number, shape: Shape, axis: number): Uniform {
  const zero = optionalConstant(node, at + 1, 'a zero point');
  const stored = zero?.stored ?? storedTypeOf(node.int('output_dtype', 0)) ?? 'uint8';
  return {
    scale: spread(node, constantOperand(node, at, 'a scale'), shape, axis),
    zero: zero ? spread(node, zero, shape, axis) : noZero(),
    ...integerCodes(node, stored),
    narrow: false,
    arithmetic: ONNX,
    name: `${stored} per-block`,
  };
}

/** The real values of operand `at`, whose scale and zero point follow it. */
export function realAt(g: TensorGraph, node: OnnxNode, at: number, axis: number): Tensor {
  const codes = operand(node, at);
  if (operand(node, at + 1).kind === 'computed') return dynamicReal(g, node, at);
  const scale = spread(node, constantOperand(node, at + 1, 'a scale'), codes.shape, axis);
  const zero = optionalConstant(node, at + 2, 'a zero point');
  return toReal(g, codes, { scale, zero: zero ? spread(node, zero, codes.shape, axis) : noZero() });
}

/** Codes whose scale is computed: one for the whole tensor. */
function dynamicReal(g: TensorGraph, node: OnnxNode, at: number): Tensor {
  const [codes, scale, zero] = [operand(node, at), operand(node, at + 1), node.inputs[at + 2]];
  const known = dynamicCodes(codes, zero);
  if (known?.scale === scale) return known.real;
  if (elements(scale.shape) !== 1)
    throw refuse(node, 'several scales computed from the input of the network');
  const shifted = zero ? merge(g, 'subtract', [codes, zero]) : codes;
  return merge(g, 'multiply', [asFloat(shifted), scale]);
}

export const asFloat = (x: Tensor): Tensor => (x.type === 'float' ? x : { ...x, type: 'float' });

const axisAttribute = (node: OnnxNode, { length }: Shape): number =>
  length === 0 ? 0 : Math.min(node.int('axis', 1), length - 1);

const quantizeLinear: OpRow = (g, node) => {
  const x = operand(node, 0);
  return [toCodes(g, x, uniformAt(node, 1, x.shape, axisAttribute(node, x.shape)))];
};

const dequantizeLinear: OpRow = (g, node) => [
  realAt(g, node, 0, axisAttribute(node, operand(node, 0).shape)),
];

/** 8 bits between the least and the greatest value of each sample, 0 among them. */
const dynamicQuantizer: Quantizer = {
  text: 'uint8 dynamic',
  bits: 8,
  apply(values, shape) {
    const out = new Float32Array(values.length);
    const size = elements(shape.slice(1));
    for (let start = 0; start < values.length; start += size) {
      const { scale, zero } = dynamicRange(values.subarray(start, start + size));
      for (let i = start; i < start + size; i++) {
        const code = Math.min(Math.max(roundHalfEven(Math.fround(values[i]! / scale)) + zero, 0), 255);
        out[i] = (code - zero) * scale;
      }
    }
    return out;
  },
};

function dynamicRange(values: Float32Array): { scale: number; zero: number } {
  const low = values.reduce((least, x) => Math.min(least, x), 0);
  const high = values.reduce((most, x) => Math.max(most, x), 0);
  const scale = high === low ? 1 : Math.fround((high - low) / 255);
  return { scale, zero: roundHalfEven(Math.min(Math.max(Math.fround(-low / scale), 0), 255)) };
}

const dynamicQuantizeLinear: OpRow = (g, node) => {
  const x = operand(node, 0);
  const axes = x.shape.map((_, axis) => axis);
  const bound = (fn: 'max' | 'min'): Tensor =>
    merge(g, fn === 'max' ? 'maximum' : 'minimum', [reduce(g, fn, x, axes, false), scalar(0)]);
  const [low, high] = [bound('min'), bound('max')];
  const scale = merge(g, 'divide', [merge(g, 'subtract', [high, low]), scalar(255)]);
  const start = map(g, 'negate', merge(g, 'divide', [low, scale]));
  const zero = map(g, 'round', activate(g, { fn: 'clip', low: 0, high: 255 }, start));
  const real = quantize(g, x, dynamicQuantizer);
  const codes = codesOf(g, real, { scale, zero });
  markDynamic(codes, { real, scale, zero });
  return [codes, scale, zero];
};

export const quantizationRows: OpRows = {
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
};

/** A bias in int32 codes: their scale is the product of those of input and kernel, and of a factor. */
export function storedBias(bias: Constant, scales: readonly Constant[], factor = 1): Constant {
  const stored: StoredType = bias.stored ?? 'int32';
  const single = scales.every((scale) => elements(scale.shape) === 1);
  const real = constant(bias.weight.name, bias.shape, 'float', () => {
    const lists = scales.map((scale) => scale.weight.read());
    return bias.weight
      .read()
      .map((code, i) =>
        lists.reduce((value, list) => Math.fround(value * list[list.length === 1 ? 0 : i]!), code * factor),
      );
  });
  const product = scales.reduce((value, scale) => value * scale.numbers()[0]!, factor);
  const text = `${stored} ${single ? `scale=${product}` : 'per-channel'}`;
  return { ...real, weight: { ...real.weight, quantizer: { text, bits: STORED_TYPES[stored].bits } } };
}
