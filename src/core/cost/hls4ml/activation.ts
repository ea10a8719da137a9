// Activation functions and softmax. Fed by the types of the chain; feeds ../hls4ml.ts.
// Figures: csynth reports of hls4ml jet taggers (Vivado HLS 2019.2, 2020.1, Vitis HLS 2022.2, 2024.1).

import { elements, type GraphNode } from '../../ir/graph.ts';
import type { Activation } from '../../ir/ops.ts';
import type { CostView } from '../costs.ts';
import { formatType, inputTypes, parameterType } from '../dataTypes.ts';
import { sameType, type FixedType } from '../fixedPoint.ts';
import { beside, NOTHING, type Hardware } from './hardware.ts';
import { dspBlocks, fabricLut, usesDsp } from './multiply.ts';
import { elementwiseCycles, isStreamed, lanesOf } from './stream.ts';

/** Compare and select: 28 LUT at 16 bits. */
const RELU_LUT_PER_BIT = 1.75;
/** Rounding to even and saturating to a QKeras format: 72 LUT with the ReLU at 16 bits, 121 at 27. */
const QUANTIZER_LUT_PER_BIT = 2.75;
/** hls4ml stores the constants of parametrised activations in up to 9 bits. */
const CONSTANT_BITS = 9;
/** hls4ml tables: 1024 entries of 18 bits, one BRAM18 that two values can read at once. */
const TABLE_BITS = 18;

/** LUTs of rounding and saturating one value. */
export function quantizerLut(inputBits: number): number {
  return QUANTIZER_LUT_PER_BIT * inputBits;
}

/** Values computed side by side: all of them, or those of one pixel. */
export function parallelValues(node: GraphNode, view: CostView): number {
  return isStreamed(view.graph) ? lanesOf(node.shape) : elements(node.shape);
}

/** Quantizer of a node's own output, when it has one and it changes the type. */
export function ownQuantizer(node: GraphNode, view: CostView, computed: FixedType): number {
  const slot = view.slots.output(node.id);
  const output = slot ? formatType(view.format(slot.id)) : undefined;
  if (output?.kind !== 'fixed' || sameType(output, computed)) return 0;
  return quantizerLut(computed.bits);
}

/** An activation function on a fixed-point input. */
export function activationHardware(
  node: GraphNode,
  activation: Activation,
  input: FixedType,
  view: CostView,
): Hardware {
  const count = parallelValues(node, view);
  const cycles = elementwiseCycles(node.shape);
  const lut = count * ownQuantizer(node, view, input);
  const stage: Hardware = { ...NOTHING, lut, latency: cycles, ii: Math.max(1, cycles) };
  switch (activation.fn) {
    case 'relu': {
      const compares = activation.max === undefined ? 1 : 2;
      const rectifier = count * compares * RELU_LUT_PER_BIT * input.bits;
      const slope = activation.slope === 0 ? {} : multiplications(count, input.bits, CONSTANT_BITS);
      return beside(beside(stage, { lut: rectifier }), slope);
    }
    case 'hardSigmoid':
    case 'hardTanh':
      return beside(
        beside(stage, { lut: count * 3 * RELU_LUT_PER_BIT * input.bits }),
        multiplications(count, input.bits, CONSTANT_BITS),
      );
    case 'hardSilu':
      return beside(
        beside(stage, { lut: count * 3 * RELU_LUT_PER_BIT * input.bits }),
        multiplications(count, input.bits, input.bits),
      );
    default:
      return beside(stage, tables(count, input.bits));
  }
}

/** A leaky ReLU with one learned slope per value. */
export function preluHardware(node: GraphNode, input: FixedType, view: CostView): Hardware {
  const alpha = parameterType(view, node);
  const count = parallelValues(node, view);
  const cycles = elementwiseCycles(node.shape);
  const lut = count * (RELU_LUT_PER_BIT * input.bits + ownQuantizer(node, view, input));
  const stage: Hardware = { ...NOTHING, lut, latency: cycles, ii: Math.max(1, cycles) };
  return beside(stage, multiplications(count, input.bits, alpha.bits));
}

/** One multiplication per value, by a variable or by a constant that is not known here. */
export function multiplications(count: number, a: number, b: number): Partial<Hardware> {
  return usesDsp(a, b) ? { dsp: count * dspBlocks(a, b), lut: 5 * count } : { lut: count * fabricLut(a, b) };
}

/** Look-up tables: clamping the index costs about two LUTs per bit, reading two cycles. */
function tables(count: number, inputBits: number): Partial<Hardware> {
  return { lut: count * 2 * inputBits, ff: count * TABLE_BITS, bram: Math.ceil(count / 2), latency: 2 };
}

/**
 * Softmax (`stable`): 4 BRAM18, one DSP per class; for 5 classes in parallel 484 to 664 LUT, 144 to 236 FF and 3 to 5
 * cycles; for 10 streamed classes 3096 LUT, 788 FF and 7 cycles. Scaled with the number of classes; the adder and
 * maximum trees with its logarithm.
 */
export function softmaxHardware(node: GraphNode, view: CostView): Hardware {
  const classes = lanesOf(node.shape);
  const streamed = isStreamed(view.graph);
  const depth = (streamed ? 3 : 1) + Math.ceil(Math.log2(Math.max(2, classes)));
  const cycles = elementwiseCycles(node.shape) + depth;
  return {
    lut: classes * (streamed ? 310 : 115),
    dsp: classes,
    ff: classes * (streamed ? 79 : 38),
    bram: 4,
    latency: cycles,
    ii: streamed ? cycles : 1,
  };
}

/** The fixed-point operand of an element-wise node; undefined when it is float. */
export function fixedInput(node: GraphNode, view: CostView): FixedType | undefined {
  const [input] = inputTypes(view, node);
  return input?.kind === 'fixed' ? input : undefined;
}
