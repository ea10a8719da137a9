// When a dense or convolution kernel takes its next input and gives its last output.
// Figures: csynth reports of dense layers (871 folded runs) and of the hls4ml tutorial's SVHN network.

import type { GraphNode, Shape } from '../../ir/graph.ts';
import type { CostView } from '../costs.ts';
import type { KernelShape } from '../kernelShape.ts';
import type { Hardware } from './hardware.ts';
import { pipelineDepth } from './sevenSeries.ts';
import { isStreamed, positionsOf, streamSource } from './stream.ts';

/** A window of more inputs than this took one more cycle to add up. */
const SMALL_WINDOW = 64;

/**
 * io_parallel: RF cycles between evaluations, RF + 1 in all when folded. io_stream: one evaluation per input pixel,
 * which is also the interval; + 3 or 4 cycles for a window, + 2 or 3 for a vector.
 */
export function kernelCycles(
  node: GraphNode,
  view: CostView,
  shape: KernelShape,
  reuse: number,
): Pick<Hardware, 'latency' | 'ii'> {
  const depth = pipelineDepth(view.target.part, view.target.clockNs);
  if (!isStreamed(view.graph)) return { latency: reuse === 1 ? depth : reuse + depth, ii: reuse };
  const words = positionsOf(inputPixels(node, view));
  const isVector = positionsOf(node.shape) === 1 && node.op.kind === 'dense';
  const evaluations = isVector ? reuse - 1 + words : words * reuse;
  const start = isVector ? (words > 1 ? 3 : 2) : shape.inputs > SMALL_WINDOW ? 4 : 3;
  const cycles = evaluations + start + depth - 1;
  return { latency: cycles, ii: cycles };
}

/** Shape in which the input streams in; a convolution sees its padding as pixels of their own. */
export function inputPixels(node: GraphNode, view: CostView): Shape {
  const { shape } = streamSource(view.graph, node.inputs[0]!);
  if (node.op.kind !== 'conv' && node.op.kind !== 'depthwiseConv') return shape;
  const { pads } = node.op;
  return shape.map((extent, axis) => extent + (pads[axis]?.[0] ?? 0) + (pads[axis]?.[1] ?? 0));
}
