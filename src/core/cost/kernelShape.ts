// A kernel op as the matrix-vector product that hardware builds once and feeds with one window after another:
// rows of weights that multiply the same input value. Fed by the graph; read by the QTools and hls4ml models.

import { elements, type GraphNode } from '../ir/graph.ts';
import type { ConvTransposeOp, KernelOp } from '../ir/ops.ts';

/** A node of the graph that multiplies by weights. */
export type KernelNode = GraphNode & { readonly op: KernelOp };

export interface KernelShape {
  /** Input values of one evaluation: features of a dense layer, kh·kw·cin of a convolution. */
  readonly inputs: number;
  /** Weights that multiply one input value. */
  readonly columns: number;
  /** Output values of one evaluation. */
  readonly outputs: number;
  /** Products summed into one output value. */
  readonly fanIn: number;
  /** Multiplications of one evaluation. */
  readonly weights: number;
}

/** hls4ml treats a convolution as a dense layer of kh·kw·cin inputs. */
export function kernelShape(op: KernelOp): KernelShape {
  const { shape } = op.kernel;
  const weights = elements(shape);
  const last = shape.at(-1)!;
  switch (op.kind) {
    case 'dense':
      return { inputs: shape[0]!, columns: last, outputs: last, fanIn: shape[0]!, weights };
    case 'conv': {
      const fanIn = weights / last;
      return { inputs: fanIn * op.groups, columns: last / op.groups, outputs: last, fanIn, weights };
    }
    case 'depthwiseConv': {
      const channels = shape.at(-2)!;
      const inputs = weights / last;
      return { inputs, columns: last, outputs: channels * last, fanIn: inputs / channels, weights };
    }
    case 'convTranspose':
      return transposeShape(op);
    case 'recurrence':
      return { inputs: shape[0]!, columns: last, outputs: last, fanIn: shape[0]!, weights };
    case 'embedding': // a table: nothing is multiplied, one row is read
      return { inputs: 1, columns: 0, outputs: weights / shape[0]!, fanIn: 1, weights: 0 };
  }
}

/**
 * A transposed convolution is one ordinary convolution per output phase (stride² of them in two dimensions):
 * each input value meets every phase and every output channel.
 */
function transposeShape(op: ConvTransposeOp): KernelShape {
  const { shape } = op.kernel;
  const [channelsOut, channelsIn] = [shape.at(-2)!, shape.at(-1)!];
  const taps = op.strides.map((stride, axis) => Math.ceil(shape[axis]! / stride));
  const fanIn = elements(taps) * channelsIn;
  const outputs = elements(op.strides) * channelsOut;
  return { inputs: fanIn, columns: outputs, outputs, fanIn, weights: elements(shape) };
}

/**
 * The weights that multiply one input value, for every input value. `codes` is row-major like the kernel, whose last
 * axis holds the columns of one input after another: those of its groups in a grouped convolution.
 */
export function* weightRows(op: KernelOp, codes: Int32Array): Generator<Int32Array> {
  if (op.kind === 'convTranspose') {
    yield* transposeRows(op, codes);
    return;
  }
  const { columns } = kernelShape(op);
  for (let start = 0; start < codes.length; start += columns) yield codes.subarray(start, start + columns);
}

/** Rows are (tap, input channel); columns are (phase, output channel). */
function transposeRows(op: ConvTransposeOp, codes: Int32Array): Iterable<Int32Array> {
  const { shape } = op.kernel;
  const [kw, channelsOut, channelsIn] = [shape.at(-3)!, shape.at(-2)!, shape.at(-1)!];
  const [strideY, strideX] = [op.strides[0]!, op.strides.at(-1)!];
  const tapsX = Math.ceil(kw / strideX);
  const rows = new Map<number, number[]>();
  for (let i = 0; i < codes.length; i++) {
    const channel = i % channelsIn;
    const position = Math.floor(i / (channelsIn * channelsOut));
    const [y, x] = [Math.floor(position / kw), position % kw];
    const row = (Math.floor(y / strideY) * tapsX + Math.floor(x / strideX)) * channelsIn + channel;
    const list = rows.get(row);
    if (list) list.push(codes[i]!);
    else rows.set(row, [codes[i]!]);
  }
  return [...rows.values()].map((row) => Int32Array.from(row));
}
