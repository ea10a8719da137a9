// The costs we know, and what a cost model is. One model a file; registry.ts lists them.

import type { Graph, GraphNode, NodeId, Shape } from '../ir/graph.ts';
import type { Slots } from '../ir/slots.ts';
import type { Format } from '../quantizers/format.ts';

export type CostName = 'bits' | 'bops' | 'energy' | 'lut' | 'dsp' | 'ff' | 'bram' | 'latency' | 'ii';

export type Costs = Readonly<Partial<Record<CostName, number>>>;

export interface CostInfo {
  readonly id: CostName;
  readonly title: string;
  readonly unit: string;
}

/** In the order tables and axes show them. */
export const COSTS: readonly CostInfo[] = [
  { id: 'bops', title: 'BOPs', unit: 'bit operations' },
  { id: 'bits', title: 'Model size', unit: 'bits' },
  { id: 'energy', title: 'Energy', unit: 'pJ' },
  { id: 'lut', title: 'LUT', unit: '' },
  { id: 'dsp', title: 'DSP', unit: '' },
  { id: 'ff', title: 'FF', unit: '' },
  { id: 'bram', title: 'BRAM18', unit: '' },
  { id: 'latency', title: 'Latency', unit: 'cycles' },
  { id: 'ii', title: 'II', unit: 'cycles' },
];

/** Where a number comes from; shown beside it. */
export interface Basis {
  readonly kind: 'formula' | 'calibrated' | 'measured';
  /** `QTools (qkeras HEAD), 45 nm Horowitz`, `csynth, Vivado HLS 2020.1, 27 runs`. */
  readonly source: string;
  /** Known error: `MAPE 5.5 %`, `±50 %`. */
  readonly error?: string | undefined;
}

/** An FPGA. Counts of one device. */
export interface Part {
  /** `xcvu9p`. */
  readonly id: string;
  readonly title: string;
  readonly family: string;
  readonly lut: number;
  readonly ff: number;
  readonly dsp: number;
  /** BRAM18 units (two per BRAM36). */
  readonly bram: number;
  readonly uram: number;
  readonly source: string;
}

export interface Target {
  readonly part: Part;
  /** hls4ml ReuseFactor: how many multiplications share one multiplier. */
  readonly reuse: number;
  readonly clockNs: number;
}

/** What a cost model sees of one plan. */
export interface CostView {
  /** BatchNorm already folded. */
  readonly graph: Graph;
  readonly slots: Slots;
  readonly target: Target;
  /** Format of a slot in the plan; float32 when the plan leaves it. */
  format(slot: string): Format;
  /**
   * The integers a kernel's weights are multiplied as, row-major like the kernel: value = scale · integer (a zero point
   * is already subtracted). undefined for float32.
   */
  codes(node: NodeId): Int32Array | undefined;
}

export interface NodeCosts {
  readonly node: NodeId;
  readonly costs: Costs;
  readonly basis: Basis;
}

export interface CostModel {
  readonly id: string;
  readonly title: string;
  readonly costs: readonly CostName[];
  /** What one node costs, or undefined when it costs nothing. Depends only on the formats of its operands, parameters and output. */
  node(node: GraphNode, view: CostView): NodeCosts | undefined;
  /** Totals of the network: sums for areas, the pipeline rule for latency and II. */
  total(nodes: readonly NodeCosts[], view: CostView): Costs;
}

/** Shapes of a node's operands. */
export function inputShapes(graph: Graph, node: GraphNode): Shape[] {
  return node.inputs.map((input) => graph.nodes[input]!.shape);
}
