// What stands around a kernel: its own output quantizer and, with io_stream, the padding stage, the line buffers
// and the window in front of it and the FIFOs behind it.

import type { Shape } from '../../ir/graph.ts';
import type { CostView } from '../costs.ts';
import { formatType } from '../dataTypes.ts';
import { quantizerLut } from './activation.ts';
import { beside, type Hardware } from './hardware.ts';
import { inputPixels } from './kernelCycles.ts';
import type { KernelNode } from '../kernelShape.ts';
import type { FoldedKernel } from './resource.ts';
import { fifos, isStreamed, laneOverhead, positionsOf, readersOf, streamSource } from './stream.ts';

export function withSurroundings(
  node: KernelNode,
  view: CostView,
  kernel: FoldedKernel,
  hardware: Hardware,
): Hardware {
  const own = view.slots.output(node.id);
  const output = own ? formatType(view.format(own.id)) : undefined;
  const quantizer = output?.kind === 'fixed' ? kernel.outputs * quantizerLut(kernel.accumulatorBits) : 0;
  const quantized = beside(hardware, { lut: quantizer });
  if (!isStreamed(view.graph)) return quantized;
  const bits = output?.kind === 'fixed' ? output.bits : kernel.accumulatorBits;
  const pixels = inputPixels(node, view);
  return [
    windowBuffer(node, pixels, kernel),
    paddingStage(node, view, pixels, kernel.inputBits),
    fifos(node.shape, bits, readersOf(view.graph, node.id)),
  ].reduce(beside, quantized);
}

/**
 * Window registers and their multiplexers, 2.6 LUT and 2 FF per bit (fitted to the five hidden layers of the SVHN
 * network), and line buffers of shift registers, 32 pixels deep per LUT.
 */
function windowBuffer(node: KernelNode, pixels: Shape, kernel: FoldedKernel): Partial<Hardware> {
  const window = kernel.inputs * kernel.inputBits;
  const height = node.op.kind === 'dense' || node.op.kernel.shape.length < 4 ? 1 : node.op.kernel.shape[0]!;
  const lineBits = (pixels.at(-1) ?? 1) * kernel.inputBits;
  const lines = (height - 1) * lineBits * Math.ceil((pixels.at(-2) ?? 1) / 32);
  return { lut: 2.6 * window + lines, ff: 2 * window };
}

/** hls4ml pads in a layer of its own, with its own FIFOs. */
function paddingStage(node: KernelNode, view: CostView, pixels: Shape, bits: number): Partial<Hardware> {
  const unpadded = streamSource(view.graph, node.inputs[0]!).shape;
  if (positionsOf(pixels) === positionsOf(unpadded)) return {};
  return beside(
    { lut: 0, dsp: 0, ff: 0, bram: 0, latency: 0, ii: 1, ...laneOverhead(pixels) },
    fifos(pixels, bits, 1),
  );
}
