// FPGA estimate for networks built with hls4ml: LUT, DSP, FF and BRAM18 as Vivado or Vitis HLS (csynth) reports
// them, latency and initiation interval in cycles. Fed by the view of a plan; one of the models of registry.ts.
// The parts are in hls4ml/; the data behind every figure is named there and in the basis.

import type { GraphNode } from '../ir/graph.ts';
import { isKernel } from '../ir/opFacts.ts';
import type { Activation, OpKind } from '../ir/ops.ts';
import type { Basis, Costs, CostName, CostView, NodeCosts } from './costs.ts';
import { tensorType } from './dataTypes.ts';
import type { DescribedModel } from './describedModel.ts';
import type { FixedType } from './fixedPoint.ts';
import { activationHardware, fixedInput, preluHardware, softmaxHardware } from './hls4ml/activation.ts';
import {
  ACTIVATION_BASIS,
  AFFINE_BASIS,
  basesOf,
  FLOAT_BASIS,
  MERGE_BASIS,
  MOVER_BASIS,
  POOL_BASIS,
  SOFTMAX_BASIS,
  TABLE_BASIS,
  UNPRICED_BASIS,
  type Bases,
} from './hls4ml/bases.ts';
import { POOLED, type Calibration } from './hls4ml/calibration.ts';
import { affineHardware, mergeHardware, moverHardware, poolHardware } from './hls4ml/elementwise.ts';
import { beside, rounded, type Hardware } from './hls4ml/hardware.ts';
import { kernelEstimate, type KernelEstimate } from './hls4ml/kernel.ts';
import type { KernelNode } from './kernelShape.ts';
import { networkTiming } from './hls4ml/pipeline.ts';
import { fifos, isStreamed, laneOverhead, readersOf } from './hls4ml/stream.ts';
import { UNROLL_LIMIT } from './hls4ml/unrolled.ts';
import { isComplete, sumCosts, type MutableCosts } from './totals.ts';

const AREAS: readonly CostName[] = ['lut', 'dsp', 'ff', 'bram'];

/** They compute, and nothing says what that takes. */
const UNPRICED: ReadonlySet<OpKind> = new Set<OpKind>([
  'recurrence',
  'embedding',
  'matmul',
  'map',
  'where',
  'reduce',
  'cumulate',
  'arg',
  'topK',
  'gatherElements',
  'layerNorm',
  'groupNorm',
  'lrn',
]);

interface NodeEstimate {
  /** undefined: the node is float, which hls4ml does not build. */
  readonly hardware: Hardware | undefined;
  readonly basis: Basis;
}

export function hls4ml(calibration: Calibration = POOLED): DescribedModel {
  const bases = basesOf(calibration);
  return {
    id: 'hls4ml',
    title: 'hls4ml on FPGA',
    costs: [...AREAS, 'latency', 'ii'],
    node(node, view) {
      const estimate = estimateNode(node, view, calibration, bases);
      if (!estimate) return undefined;
      const { hardware, basis } = estimate;
      if (!hardware) return { node: node.id, costs: {}, basis: FLOAT_BASIS };
      const costs: Costs = { ...rounded(hardware) };
      return { node: node.id, costs, basis };
    },
    total: (nodes, view) => totalCosts(nodes, view),
    basis: () => bases.network,
  };
}

function totalCosts(nodes: readonly NodeCosts[], view: CostView): Costs {
  const total: MutableCosts = { ...sumCosts(nodes, AREAS) };
  if (!isComplete(nodes, 'latency') || !isComplete(nodes, 'ii')) return total;
  return { ...total, ...networkTiming(nodes, view.graph) };
}

function estimateNode(
  node: GraphNode,
  view: CostView,
  calibration: Calibration,
  bases: Bases,
): NodeEstimate | undefined {
  const { op } = node;
  if (UNPRICED.has(op.kind)) return { hardware: undefined, basis: UNPRICED_BASIS };
  if (isKernel(op)) {
    const estimate = kernelEstimate({ ...node, op }, view, calibration);
    return { hardware: estimate?.hardware, basis: kernelBasis({ ...node, op }, estimate, view, bases) };
  }
  switch (op.kind) {
    case 'input':
    case 'identity':
    case 'reshape':
    case 'constant':
    case 'quantize':
      return undefined;
    case 'affine':
      return op.preprocessing ? undefined : elementwise(node, view, AFFINE_BASIS, affineHardware);
    case 'batchNorm':
      return elementwise(node, view, AFFINE_BASIS, affineHardware);
    case 'activation': {
      const isTable = usesTable(op.activation.fn);
      return elementwise(node, view, isTable ? TABLE_BASIS : ACTIVATION_BASIS, (_, input) =>
        activationHardware(node, op.activation, input, view),
      );
    }
    case 'prelu':
      return elementwise(node, view, ACTIVATION_BASIS, preluHardware);
    case 'softmax':
      return whenFixed(node, view, SOFTMAX_BASIS, () => behindFifos(node, view, softmaxHardware(node, view)));
    case 'pool':
    case 'globalPool':
      return whenFixed(node, view, POOL_BASIS, (input) =>
        behindFifos(node, view, poolHardware(node, op, input, view)),
      );
    case 'merge':
      return elementwise(node, view, MERGE_BASIS, () => mergeHardware(node, op.fn, view));
    default: {
      const hardware = moverHardware(node, view);
      if (!hardware) return undefined;
      return whenFixed(node, view, MOVER_BASIS, () => behindFifos(node, view, hardware));
    }
  }
}

/** A stage that handles one value per lane: with io_stream it gets handshakes and FIFOs. */
function elementwise(
  node: GraphNode,
  view: CostView,
  basis: Basis,
  hardware: (node: GraphNode, input: FixedType, view: CostView) => Hardware | undefined,
): NodeEstimate {
  return whenFixed(node, view, basis, (input) => {
    const stage = hardware(node, input, view);
    if (!stage || !isStreamed(view.graph)) return stage;
    return behindFifos(node, view, beside(stage, laneOverhead(node.shape)));
  });
}

function whenFixed(
  node: GraphNode,
  view: CostView,
  basis: Basis,
  hardware: (input: FixedType) => Hardware | undefined,
): NodeEstimate {
  const input = fixedInput(node, view);
  const estimate = input && hardware(input);
  return { hardware: estimate, basis: estimate ? basis : FLOAT_BASIS };
}

function behindFifos(node: GraphNode, view: CostView, hardware: Hardware): Hardware {
  if (!isStreamed(view.graph)) return hardware;
  return beside(hardware, fifos(node.shape, tensorType(view, node.id).bits, readersOf(view.graph, node.id)));
}

function usesTable(fn: Activation['fn']): boolean {
  return fn !== 'relu' && fn !== 'hardSigmoid' && fn !== 'hardTanh' && fn !== 'hardSilu';
}

function kernelBasis(
  node: KernelNode,
  estimate: KernelEstimate | undefined,
  view: CostView,
  bases: Bases,
): Basis {
  if (!estimate) return FLOAT_BASIS;
  if (node.op.kind === 'depthwiseConv') return bases.depthwise;
  if (node.op.kind === 'convTranspose') return bases.transpose;
  const streamed = isStreamed(view.graph);
  if (estimate.reuse > 1) return streamed ? bases.foldedStream : bases.folded;
  if (estimate.shape.weights > UNROLL_LIMIT) return streamed ? bases.tooLargeStream : bases.tooLarge;
  return streamed ? bases.unrolledStream : bases.unrolled;
}
