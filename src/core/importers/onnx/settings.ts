// The hyper-parameters of a layer as its source code may repeat them, in the spelling of the framework that exported it.

import type { Setting } from '../../ir/graph.ts';
import { entryOf } from '../entryOf.ts';
import type { OnnxNode } from './node.ts';

type Settings = Record<string, Setting>;

/** @param producer as the file names it */
export function layerSettings(node: OnnxNode, producer: string): Settings {
  const isKeras = /keras|tf2onnx|tensorflow|onnxmltools/i.test(producer);
  const known = entryOf(SETTINGS, node.op)?.(node) ?? {};
  if (!isKeras) return known;
  return Object.fromEntries(
    Object.entries(known).flatMap(([name, value]) => {
      const spelled = KERAS[name];
      return spelled === undefined ? [] : [[spelled, value]];
    }),
  );
}

/** PyTorch's words in Keras; those that Keras does not write are left out. */
const KERAS: Readonly<Record<string, string>> = {
  out_channels: 'filters',
  kernel_size: 'kernel_size',
  stride: 'strides',
  dilation: 'dilation_rate',
  groups: 'groups',
  out_features: 'units',
  hidden_size: 'units',
  negative_slope: 'negative_slope',
};

const window = (node: OnnxNode): Settings => {
  const list = (name: string): readonly number[] | undefined => {
    try {
      return node.ints(name);
    } catch {
      return undefined; // The row says what is wrong with it.
    }
  };
  const kernel = list('kernel_shape') ?? node.inputs[1]?.shape.slice(2);
  const settings: Settings = { stride: list('strides') ?? kernel?.map(() => 1) ?? [] };
  if (kernel) settings['kernel_size'] = kernel;
  return settings;
};

const convolution =
  (transposed: boolean) =>
  (node: OnnxNode): Settings => {
    const shape = node.inputs[1]?.shape;
    if (!shape || shape.length < 3) return {};
    const groups = node.int('group', 1);
    const [outer, inner] = [shape[0]!, shape[1]! * groups];
    const [inputs, outputs] = transposed ? [outer, inner] : [inner, outer];
    const dilation = node.ints('dilations') ?? shape.slice(2).map(() => 1);
    return { in_channels: inputs, out_channels: outputs, ...window(node), dilation, groups };
  };

const linear = (node: OnnxNode): Settings => {
  const kernel = node.inputs[1];
  if (kernel?.kind !== 'constant' || kernel.shape.length !== 2) return {};
  const swapped = node.op === 'Gemm' && node.int('transB', 0) !== 0;
  const [inputs, outputs] = swapped
    ? [kernel.shape[1]!, kernel.shape[0]!]
    : [kernel.shape[0]!, kernel.shape[1]!];
  return { in_features: inputs, out_features: outputs };
};

const recurrent = (node: OnnxNode): Settings => {
  const input = node.inputs[1]?.shape.at(-1);
  return {
    ...(input === undefined ? {} : { input_size: input }),
    hidden_size: node.int('hidden_size', 0),
    bidirectional: node.text('direction', 'forward') === 'bidirectional',
  };
};

const features = (node: OnnxNode): Settings => {
  const count = node.inputs[1]?.shape[0];
  return count === undefined ? {} : { num_features: count };
};

const SETTINGS: Readonly<Record<string, (node: OnnxNode) => Settings>> = {
  Conv: convolution(false),
  ConvTranspose: convolution(true),
  Gemm: linear,
  MatMul: linear,
  MaxPool: window,
  AveragePool: window,
  BatchNormalization: features,
  InstanceNormalization: features,
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
  LeakyRelu: (node) => ({ negative_slope: node.float('alpha', 0.01) }),
};
