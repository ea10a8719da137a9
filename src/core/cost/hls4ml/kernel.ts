// Dense and convolution nodes. A convolution is one dense kernel of kh·kw·cin inputs that is evaluated once per
// pixel; with io_stream a line buffer gathers its window. Fed by the view; feeds ../hls4ml.ts.

import { BitLensError } from '../../errors.ts';
import type { CostView } from '../costs.ts';
import { biasType, inputTypes, weightType } from '../dataTypes.ts';
import { growth, type DataType, type FixedType } from '../fixedPoint.ts';
import { kernelShape, weightRows, type KernelNode, type KernelShape } from '../kernelShape.ts';
import type { Calibration } from './calibration.ts';
import { codeStatistics } from './codeStatistics.ts';
import type { Hardware } from './hardware.ts';
import { kernelCycles } from './kernelCycles.ts';
import { foldedBram, foldedDsp, foldedFf, foldedLut, type FoldedKernel } from './resource.ts';
import { legalReuse } from './reuseFactor.ts';
import { unrolledFf } from './sevenSeries.ts';
import { placeMultipliers, unrolledLut } from './unrolled.ts';
import { withSurroundings } from './window.ts';

export interface KernelEstimate {
  readonly hardware: Hardware;
  /** ReuseFactor hls4ml would take. */
  readonly reuse: number;
  readonly shape: KernelShape;
}

/** undefined when weights, bias or input are not fixed point: such a layer has no hls4ml build to estimate. */
export function kernelEstimate(
  node: KernelNode,
  view: CostView,
  calibration: Calibration,
): KernelEstimate | undefined {
  const [input] = inputTypes(view, node);
  const weight = weightType(view, node);
  const bias = biasType(view, node);
  if (input?.kind !== 'fixed' || weight.kind !== 'fixed' || bias?.kind === 'float') return undefined;
  const shape = kernelShape(node.op);
  const reuse = legalReuse(shape.inputs, shape.columns, view.target.reuse);
  const kernel: FoldedKernel = {
    inputs: shape.inputs,
    outputs: shape.outputs,
    weights: shape.weights,
    weightBits: weight.bits,
    inputBits: input.bits,
    accumulatorBits: adderBits(weight, input, shape.fanIn, bias),
    reuse,
  };
  const unrolled = (): Area => unrolledArea(node, view, kernel, calibration);
  const area = reuse === 1 ? unrolled() : foldedArea(kernel, unrolled);
  const timed = { ...area, ...kernelCycles(node, view, shape, reuse) };
  return { hardware: withSurroundings(node, view, kernel, timed), reuse, shape };
}

/**
 * Width of the adders: the accumulator of hls4ml's precision inference without the fraction bits that only a wide
 * bias has, because those are constants no adder has to carry.
 */
function adderBits(weight: FixedType, input: FixedType, fanIn: number, bias: DataType | undefined): number {
  return weight.bits + input.bits + growth(fanIn) + (bias ? 1 : 0);
}

type Area = Pick<Hardware, 'lut' | 'dsp' | 'ff' | 'bram'>;

function unrolledArea(
  node: KernelNode,
  view: CostView,
  kernel: FoldedKernel,
  calibration: Calibration,
): Area {
  const rows = weightRows(node.op, codesOf(node, view));
  const statistics = codeStatistics(rows, calibration.minimumBits);
  const multipliers = placeMultipliers(statistics, kernel.inputBits);
  const lut = unrolledLut(statistics, multipliers, kernel.inputBits, kernel.accumulatorBits, calibration);
  const ff = unrolledFf(statistics.nonzero, multipliers.dsp, view.target.part, calibration);
  return { lut, dsp: multipliers.dsp, ff, bram: 0 };
}

function foldedArea(kernel: FoldedKernel, unrolled: () => Area): Area {
  return {
    lut: foldedLut(kernel, () => unrolled().lut),
    dsp: foldedDsp(kernel),
    ff: foldedFf(kernel),
    bram: foldedBram(kernel),
  };
}

function codesOf(node: KernelNode, view: CostView): Int32Array {
  const codes = view.codes(node.id);
  if (codes) return codes;
  const layer = view.graph.layers[node.layer]!.id;
  throw new BitLensError('internal', ['The weights of layer “{0}” have a format but no codes.', layer]);
}
