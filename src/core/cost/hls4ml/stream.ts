// io_stream: tensors travel one pixel at a time through FIFOs between layers, as hls4ml builds networks with
// convolutions. Facts about the graph, and what the streams themselves cost.
// Figures: csynth report of the hls4ml tutorial's SVHN network (Vivado HLS 2020.1, xcu250).

import { consumers, elements, type Graph, type GraphNode, type NodeId, type Shape } from '../../ir/graph.ts';
import { bramBlocks } from './bram.ts';
import type { Hardware } from './hardware.ts';

interface GraphFacts {
  readonly streamed: boolean;
  readonly readers: readonly number[];
}

const known = new WeakMap<Graph, GraphFacts>();

function factsOf(graph: Graph): GraphFacts {
  const facts = known.get(graph) ?? {
    streamed: graph.nodes.some(walksPixels),
    readers: consumers(graph).map((list) => list.length),
  };
  known.set(graph, facts);
  return facts;
}

function walksPixels({ op, shape }: GraphNode): boolean {
  switch (op.kind) {
    case 'conv':
    case 'depthwiseConv':
    case 'convTranspose':
    case 'pool':
    case 'globalPool':
      return true;
    case 'dense':
      return positionsOf(shape) > 1;
    default:
      return false;
  }
}

/** Dense networks run with io_parallel; networks with convolutions or pooling with io_stream, as in the tutorial. */
export function isStreamed(graph: Graph): boolean {
  return factsOf(graph).streamed;
}

/** Words in which a tensor streams: its pixels; one for a vector. */
export function positionsOf(shape: Shape): number {
  return elements(shape.slice(0, -1));
}

/** Values that travel side by side in one word. */
export function lanesOf(shape: Shape): number {
  return shape.at(-1) ?? 1;
}

/** The node whose words arrive: reshapes and identities pass the stream on as it is. */
export function streamSource(graph: Graph, id: NodeId): GraphNode {
  const node = graph.nodes[id]!;
  const passes = node.op.kind === 'reshape' || node.op.kind === 'identity';
  return passes ? streamSource(graph, node.inputs[0]!) : node;
}

/** Depth from which HLS builds a FIFO of block RAM instead of shift registers (seen: 16 registers, 36 block RAM). */
const BLOCK_RAM_DEPTH = 33;

/** Nodes that read a node's tensor; the stream is cloned for each. */
export function readersOf(graph: Graph, id: NodeId): number {
  return factsOf(graph).readers[id]!;
}

/**
 * The FIFOs a tensor streams through, one per lane and reader. Shift-register FIFOs took 2.33 LUT per bit + 4.1;
 * block RAM ones 15 LUT (fitted to the FIFO totals of three reports).
 */
export function fifos(shape: Shape, bits: number, readers: number): Partial<Hardware> {
  const depth = positionsOf(shape);
  const count = lanesOf(shape) * readers;
  const address = Math.ceil(Math.log2(Math.max(2, depth)));
  if (depth < BLOCK_RAM_DEPTH) return { lut: count * (2.33 * bits + 4.1), ff: count * (depth > 4 ? 7 : 5) };
  return { lut: count * 15, ff: count * (bits + 3 * address), bram: count * bramBlocks(depth, bits) };
}

/** Handshake and output registers of an element-wise stage: 47 instead of 28 LUT per lane of a ReLU. */
export function laneOverhead(shape: Shape): Partial<Hardware> {
  return { lut: 19 * lanesOf(shape) + 24 + (positionsOf(shape) > 1 ? 80 : 0) };
}

/** Cycles of an element-wise stage: one word per cycle, two to start; a vector passes in the cycle it arrives. */
export function elementwiseCycles(shape: Shape): number {
  const positions = positionsOf(shape);
  return positions > 1 ? positions + 2 : 0;
}
