// Dense kernels with ReuseFactor > 1 (hls4ml's Resource strategy): ⌈weights/RF⌉ multipliers that read the weights
// from a ROM of RF words. Fitted to 871 public csynth runs of dense layers with 16-bit data (32 to 256 inputs and
// outputs, Vivado HLS 2020.1, xcu250, 5 ns): DSP exact up to one, BRAM within one in 99.8 %, FF 6.6 % mean error.

import { bramBlocks } from './bram.ts';
import { usesDsp } from './multiply.ts';

export interface FoldedKernel {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: number;
  readonly weightBits: number;
  readonly inputBits: number;
  readonly accumulatorBits: number;
  readonly reuse: number;
}

/** Data width of the runs the coefficients come from. */
const CALIBRATED_BITS = 16;

/** Multipliers that work in parallel. */
export function blockFactor(weights: number, reuse: number): number {
  return Math.ceil(weights / reuse);
}

/**
 * One DSP per multiplier; weights of up to 4 bits are multiplied in LUTs. With 6-bit weights HLS saved one DSP in
 * most runs; 5 and 7 bits were not measured and are counted the same.
 */
export function foldedDsp(kernel: FoldedKernel): number {
  const { weightBits, inputBits } = kernel;
  if (Math.min(weightBits, inputBits) <= 4 || !usesDsp(weightBits, inputBits)) return 0;
  const block = blockFactor(kernel.weights, kernel.reuse);
  return weightBits < 8 ? Math.max(1, block - 1) : block;
}

/** Weight ROM, and an index ROM when one input serves several words. */
export function foldedBram(kernel: FoldedKernel): number {
  const width = blockFactor(kernel.weights, kernel.reuse) * kernel.weightBits;
  return bramBlocks(kernel.reuse, width) + (kernel.reuse > 2 * kernel.inputs ? 1 : 0);
}

export function foldedFf(kernel: FoldedKernel): number {
  return 16.8 * kernel.outputs + 5.2 * blockFactor(kernel.weights, kernel.reuse) + 130;
}

/**
 * LUTs. RF ≥ 3 inputs: 0.9 % mean error; RF = 2 inputs: 0.7 %. Below, where no run was public, interpolated over
 * the number of multipliers between the unrolled layer and RF = 2 inputs. Terms that move data are scaled with its
 * width, which the runs did not vary.
 */
export function foldedLut(kernel: FoldedKernel, unrolled: () => number): number {
  const { inputs, weights, reuse } = kernel;
  if (reuse >= 3 * inputs) return lutOfManyRounds(kernel);
  const twoRounds = lutOfTwoRounds(kernel);
  if (reuse >= 2 * inputs) return twoRounds;
  const least = blockFactor(weights, 2 * inputs);
  const share = (blockFactor(weights, reuse) - least) / Math.max(1, weights - least);
  return twoRounds + share * (unrolled() - twoRounds);
}

function lutOfManyRounds(kernel: FoldedKernel): number {
  const { inputs, outputs, weights, reuse, inputBits, accumulatorBits } = kernel;
  const accumulators =
    5.47 * blockFactor(weights, reuse) * 2 ** Math.ceil(Math.log2(outputs)) + 22.25 * outputs;
  return scaled(accumulators, accumulatorBits) + scaled(30.7 * inputs, inputBits) + 4809;
}

function lutOfTwoRounds(kernel: FoldedKernel): number {
  const { inputs, weights, inputBits, accumulatorBits } = kernel;
  const accumulators = 90.3 * blockFactor(weights, 2 * inputs);
  return scaled(accumulators, accumulatorBits) + scaled(32.3 * inputs, inputBits) + 4649;
}

function scaled(lut: number, bits: number): number {
  return (lut * bits) / CALIBRATED_BITS;
}
