// The options of an operator: which table it is by the format's number, read with the generated accessors.

import type { ByteBuffer } from 'flatbuffers';
import type { FileOperator } from './readModel.ts';
import * as tables from './schema/tflite.ts';

interface Table<T> {
  __init(position: number, buffer: ByteBuffer): T;
}

interface Kind<T> {
  /** Numbers of BuiltinOptions that have this layout. */
  readonly numbers: readonly number[];
  readonly make: () => Table<T>;
}

const kind = <T>(numbers: readonly number[], make: () => Table<T>): Kind<T> => ({ numbers, make });

/** Reference: union BuiltinOptions in tensorflow/compiler/mlir/lite/schema/schema.fbs. */
export const OPTIONS = {
  conv2D: kind([1], () => new tables.Conv2DOptions()),
  depthwiseConv2D: kind([2], () => new tables.DepthwiseConv2DOptions()),
  pool2D: kind([5], () => new tables.Pool2DOptions()),
  fullyConnected: kind([8], () => new tables.FullyConnectedOptions()),
  softmax: kind([9], () => new tables.SoftmaxOptions()),
  concatenation: kind([10], () => new tables.ConcatenationOptions()),
  /** Add, Mul, Sub, Div, L2Norm. */
  fused: kind([11, 12, 21, 28, 29], () => new tables.FusedOptions()),
  localResponseNormalization: kind([13], () => new tables.LocalResponseNormalizationOptions()),
  resizeBilinear: kind([15], () => new tables.ResizeBilinearOptions()),
  reshape: kind([17], () => new tables.ReshapeOptions()),
  /** SpaceToDepth, DepthToSpace. */
  block: kind([19, 94], () => new tables.BlockOptions()),
  gather: kind([23], () => new tables.GatherOptions()),
  reducer: kind([27], () => new tables.ReducerOptions()),
  squeeze: kind([30], () => new tables.SqueezeOptions()),
  sequenceRNN: kind([31], () => new tables.SequenceRNNOptions()),
  stridedSlice: kind([32], () => new tables.StridedSliceOptions()),
  split: kind([35, 79], () => new tables.SplitOptions()),
  transposeConv: kind([49], () => new tables.TransposeConvOptions()),
  fakeQuant: kind([58], () => new tables.FakeQuantOptions()),
  pack: kind([59], () => new tables.PackOptions()),
  oneHot: kind([61], () => new tables.OneHotOptions()),
  unpack: kind([64], () => new tables.UnpackOptions()),
  sequenceLSTM: kind([71], () => new tables.UnidirectionalSequenceLSTMOptions()),
  resizeNearest: kind([74], () => new tables.ResizeNearestNeighborOptions()),
  leakyRelu: kind([75], () => new tables.LeakyReluOptions()),
  mirrorPad: kind([77], () => new tables.MirrorPadOptions()),
  batchMatMul: kind([101], () => new tables.BatchMatMulOptions()),
  cumsum: kind([102], () => new tables.CumsumOptions()),
  gelu: kind([116], () => new tables.GeluOptions()),
} as const;

/** Undefined when the operator has no such options: then every one of them has its default. */
export function optionsOf<T>({ table }: FileOperator, { numbers, make }: Kind<T>): T | undefined {
  if (!numbers.includes(table.optionsKind())) return undefined;
  const options = table.options();
  return options?.bb ? make().__init(options.bb_pos, options.bb) : undefined;
}
