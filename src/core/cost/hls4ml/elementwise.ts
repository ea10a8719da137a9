// Normalization that could not be folded, merges, pooling, and ops that only move data. Fed by the types; feeds
// model.ts. Figures: csynth report of the hls4ml tutorial's SVHN network (Vivado HLS 2020.1, xcu250).

import { elements, type GraphNode } from '../../ir/graph.ts';
import type { GlobalPoolOp, MergeOp, PoolOp } from '../../ir/ops.ts';
import type { CostView } from '../costs.ts';
import { inputTypes, parameterType, unquantizedType } from '../dataTypes.ts';
import type { FixedType } from '../fixedPoint.ts';
import { multiplications, ownQuantizer, parallelValues } from './activation.ts';
import { beside, NOTHING, type Hardware } from './hardware.ts';
import { elementwiseCycles, isStreamed, lanesOf, laneOverhead, positionsOf } from './stream.ts';

/** x · scale + offset per channel: one multiplier and one adder each (42 and 64 channels: 40 and 64 DSP, 48 LUT each). */
export function affineHardware(node: GraphNode, input: FixedType, view: CostView): Hardware | undefined {
  const scale = parameterType(view, node);
  const output = unquantizedType(view, node);
  if (scale.kind === 'float' || output.kind === 'float') return undefined;
  const count = parallelValues(node, view);
  const cycles = elementwiseCycles(node.shape) + 1;
  const lut = count * (input.bits + ownQuantizer(node, view, output));
  const adders: Hardware = {
    ...NOTHING,
    lut,
    ff: count * input.bits,
    latency: cycles,
    ii: Math.max(1, cycles),
  };
  return beside(adders, multiplications(count, input.bits, scale.bits));
}

/** Element-wise merge of fixed-point operands: an adder is one LUT per bit. */
export function mergeHardware(node: GraphNode, fn: MergeOp['fn'], view: CostView): Hardware | undefined {
  const operands = inputTypes(view, node);
  const output = unquantizedType(view, node);
  if (output.kind === 'float') return undefined;
  const count = parallelValues(node, view);
  const steps = count * (operands.length - 1);
  const cycles = elementwiseCycles(node.shape);
  const lut = count * ownQuantizer(node, view, output);
  const stage: Hardware = { ...NOTHING, lut, latency: cycles, ii: Math.max(1, cycles) };
  switch (fn) {
    case 'multiply':
      return beside(stage, multiplications(steps, operands[0]!.bits, operands.at(-1)!.bits));
    case 'maximum':
    case 'minimum':
      return beside(stage, { lut: steps * 2 * output.bits });
    default: // a comparison is as wide as what it compares
      return beside(stage, { lut: steps * Math.max(output.bits, ...operands.map(({ bits }) => bits)) });
  }
}

/**
 * Pooling of a stream: 525 LUT and 240 FF, and per channel 79 + 3.6 LUT and 66 + 2.6 FF per bit for a 2×2 window
 * (six pooling layers of 16 and 24 channels with 6 and 16 bits). Averaging adds an adder per channel.
 */
export function poolHardware(
  node: GraphNode,
  op: PoolOp | GlobalPoolOp,
  input: FixedType,
  view: CostView,
): Hardware {
  const source = view.graph.nodes[node.inputs[0]!]!.shape;
  const channels = lanesOf(node.shape);
  const window = op.kind === 'pool' ? elements(op.size) : 1;
  const scale = window / 4;
  const adders = op.mode === 'average' ? input.bits : 0;
  const cycles = positionsOf(source) + 3;
  return {
    lut: 525 + channels * (scale * (78.8 + 3.62 * input.bits) + adders + ownQuantizer(node, view, input)),
    dsp: 0,
    ff: 240 + channels * scale * (65.7 + 2.61 * input.bits),
    bram: 0,
    latency: cycles,
    ii: cycles,
  };
}

/** Padding, cropping, upsampling, transposing, concatenating: wires with io_parallel, a stage of its own in a stream. */
export function moverHardware(node: GraphNode, view: CostView): Hardware | undefined {
  if (!isStreamed(view.graph)) return undefined;
  const longest = [node.shape, ...node.inputs.map((id) => view.graph.nodes[id]!.shape)];
  const cycles = Math.max(...longest.map(elementwiseCycles));
  return beside({ ...NOTHING, latency: cycles, ii: Math.max(1, cycles) }, laneOverhead(node.shape));
}
