// Which layer an op belongs to. Keras and TF-Slim give the ops of a layer one scope (`model/conv2d/Conv2D`,
// `model/conv2d/BiasAdd`); a scope with several kernels is as many layers, a kernel that is used twice is one.

import type { Setting } from '../../ir/graph.ts';
import { entryOf } from '../entryOf.ts';
import { startLayer, type TensorGraph } from '../tensors/tensorGraph.ts';
import type { Constant } from '../tensors/tensor.ts';
import type { OpCall } from './call.ts';

interface Scope {
  readonly layer: number;
  /** How telling the op is that names the layer's class: 2 is its kernel. */
  rank: 0 | 1 | 2;
}

export interface LayerNames {
  readonly g: TensorGraph;
  readonly scopes: Map<string, Scope>;
  readonly kernels: Map<Constant, number>;
  /** Names of layers with a kernel, in order. */
  readonly readable: string[];
}

export const layerNames = (g: TensorGraph): LayerNames => ({
  g,
  scopes: new Map(),
  kernels: new Map(),
  readable: [],
});

/** Class in Keras of the ops that hold a layer's kernel. */
const KERNELS: Readonly<Record<string, string>> = {
  Conv2D: 'Conv2D',
  _FusedConv2D: 'Conv2D',
  DepthwiseConv2dNative: 'DepthwiseConv2D',
  FusedDepthwiseConv2dNative: 'DepthwiseConv2D',
  Conv2DBackpropInput: 'Conv2DTranspose',
  MatMul: 'Dense',
  _FusedMatMul: 'Dense',
  BatchMatMul: 'Dense',
  BatchMatMulV2: 'Dense',
  BatchMatMulV3: 'Dense',
  Einsum: 'Dense',
};

const CLASSES: Readonly<Record<string, string>> = {
  FusedBatchNorm: 'BatchNormalization',
  FusedBatchNormV2: 'BatchNormalization',
  FusedBatchNormV3: 'BatchNormalization',
  MaxPool: 'MaxPooling2D',
  AvgPool: 'AveragePooling2D',
  Relu: 'ReLU',
  LeakyRelu: 'LeakyReLU',
  ConcatV2: 'Concatenate',
  AddV2: 'Add',
};

/** Ops that make shapes only. */
const SHAPES = new Set(['Shape', 'ShapeN', 'Size', 'Rank', 'ZerosLike', 'OnesLike']);

/** Scopes inside a layer, and those of calls and loops. */
const INNER =
  /^(Tensordot|Conv[12]D|convolution|depthwise|resize|batchnorm|BatchNorm|moments|einsum|while|((Stateful)?PartitionedCall))(_\d+)?$/;

/** Makes the layer of an op the current one. */
export function enterLayer(names: LayerNames, call: OpCall): void {
  if (SHAPES.has(call.op)) return;
  const kernel = kernelOf(call);
  const className = (kernel && entryOf(KERNELS, call.op)) ?? classOf(call);
  enterScope(names, call.name, className, kernel, kernel && settingsOf(call, kernel));
  const scope = names.scopes.get(scopeOf(call.name));
  if (!scope || scope.rank > 0 || !Object.hasOwn(CLASSES, call.op)) return;
  scope.rank = 1;
  rename(names, scope.layer, className);
}

/** Keras normalizes layers with the op for batches, told to take its statistics now. */
const classOf = ({ op, attrs }: OpCall): string =>
  op === 'FusedBatchNormV3' && attrs.flag('is_training', true)
    ? 'LayerNormalization'
    : (entryOf(CLASSES, op) ?? op);

/**
 * The same for something that is no single op.
 * @param name of the node, with its scopes
 * @param kernel of the layer; the ops of a layer without one have none
 */
export function enterScope(
  names: LayerNames,
  name: string,
  className: string,
  kernel: Constant | undefined,
  settings?: Readonly<Record<string, Setting>>,
): void {
  const { g } = names;
  const path = scopeOf(name);
  const shared = kernel && names.kernels.get(kernel);
  const known = names.scopes.get(path);
  if (shared !== undefined) {
    g.current = shared;
    return;
  }
  if (known && !(kernel && known.rank === 2)) g.current = known.layer;
  else {
    startLayer(g, { name: path.split('/').at(-1)!, className, settings });
    names.scopes.set(path, { layer: g.current, rank: 0 });
  }
  if (!kernel) return;
  names.scopes.get(path)!.rank = 2;
  names.kernels.set(kernel, g.current);
  rename(names, g.current, className, settings);
  names.readable.push(g.layers[g.current]!.id);
}

function rename(
  { g }: LayerNames,
  layer: number,
  className: string,
  settings?: Readonly<Record<string, Setting>>,
): void {
  const { id, head } = g.layers[layer]!;
  g.layers[layer] = { id, head: { ...head, className, settings } };
}

function kernelOf({ op, inputs }: OpCall): Constant | undefined {
  if (!Object.hasOwn(KERNELS, op)) return undefined;
  // The first operand of a transposed convolution is a shape.
  const candidates = op === 'Conv2DBackpropInput' ? inputs.slice(1, 2) : inputs.slice(0, 2);
  return candidates.find((input) => input.kind === 'constant');
}

/** `model/dense/Tensordot/MatMul` → `model/dense`; a node without scope is its own. */
function scopeOf(name: string): string {
  // The first half of a separable convolution has a scope of its own inside the layer's.
  const parts = name
    .replace(/(\/separable_conv2d)\/depthwise$/, '$1')
    .split('/')
    .filter((part) => part !== '');
  const own = parts.slice(0, -1).filter((part) => !INNER.test(part));
  return own.length > 0 ? own.join('/') : (parts.at(-1) ?? name);
}

function settingsOf({ op, attrs }: OpCall, { shape }: Constant): Readonly<Record<string, Setting>> {
  if (!op.includes('onv2')) return { units: shape.at(attrs.flag('transpose_b', false) ? 0 : -1)! };
  const strides = attrs.ints('strides');
  const spatial = attrs.text('data_format', 'NHWC') === 'NHWC' ? strides.slice(1, 3) : strides.slice(2);
  const padding = attrs.text('padding', 'VALID').toLowerCase();
  const common = { kernel_size: shape.slice(0, 2), strides: spatial, padding };
  if (op.includes('epthwise')) return common;
  return { filters: shape.at(op === 'Conv2DBackpropInput' ? 2 : 3)!, ...common };
}
