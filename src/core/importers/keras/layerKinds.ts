// The layers that can be imported, by Keras class. To add one: a LayerKind in layers/ and a line here.

import {
  activation,
  eluLayer,
  leakyRelu,
  prelu,
  reluLayer,
  softmax,
  thresholdedRelu,
} from './layers/activationLayers.ts';
import { conv, depthwiseConv, separableConv } from './layers/convolution.ts';
import { convTranspose2d } from './layers/convTranspose.ts';
import { dense } from './layers/dense.ts';
import { embedding } from './layers/embedding.ts';
import { identity } from './layers/identity.ts';
import { groupNormalization, layerNormalization, unitNormalization } from './layers/otherNormalization.ts';
import { bidirectional, recurrent } from './layers/recurrent.ts';
import { resizing } from './layers/resizing.ts';
import { concatenate, merge } from './layers/merging.ts';
import {
  cropping,
  flatten,
  permute,
  repeatVector,
  reshape,
  upSampling,
  zeroPadding,
} from './layers/moving.ts';
import { CUSTOM_KINDS, CUSTOM_ON_LAST_AXIS } from './customKinds.ts';
import { pruned } from './custom/pruned.ts';
import { orQuantized } from './qkeras/quantizedActivation.ts';
import { batchNorm, normalization, rescaling } from './layers/normalization.ts';
import { operator } from './layers/operators.ts';
import { globalPool, pool } from './layers/pooling.ts';
import { timeDistributed } from './layers/timeDistributed.ts';
import type { KerasLayer } from './model.ts';
import type { LayerKind } from './scope.ts';

/** Layers that work on the last axis or on each value alone, so that further axes do not matter. */
const LAST_AXIS: readonly (readonly [string, LayerKind])[] = [
  ['Dense', dense],
  ['Activation', orQuantized(activation)],
  ['ReLU', reluLayer],
  ['LeakyReLU', leakyRelu],
  ['ELU', eluLayer],
  ['ThresholdedReLU', thresholdedRelu],
  ['Softmax', softmax],
  ['BatchNormalization', batchNorm],
  ['Rescaling', rescaling],
  ['Dropout', identity],
  ['GaussianNoise', identity],
  ['GaussianDropout', identity],
  ['AlphaDropout', identity],
  ['ActivityRegularization', identity],
];

const RECURRENT = [
  ['SimpleRNN', 'simple'],
  ['LSTM', 'lstm'],
  ['GRU', 'gru'],
] as const;

const KINDS: ReadonlyMap<string, LayerKind> = new Map([
  ...LAST_AXIS,
  ['Conv1D', conv(1)],
  ['Conv2D', conv(2)],
  ['DepthwiseConv1D', depthwiseConv(1)],
  ['DepthwiseConv2D', depthwiseConv(2)],
  ['SeparableConv1D', separableConv(1)],
  ['SeparableConv2D', separableConv(2)],
  ['Conv2DTranspose', convTranspose2d],
  ['Normalization', normalization],
  ['PReLU', prelu],
  ['MaxPooling1D', pool('max', 1)],
  ['MaxPooling2D', pool('max', 2)],
  ['AveragePooling1D', pool('average', 1)],
  ['AveragePooling2D', pool('average', 2)],
  ['GlobalMaxPooling1D', globalPool('max', 1)],
  ['GlobalMaxPooling2D', globalPool('max', 2)],
  ['GlobalAveragePooling1D', globalPool('average', 1)],
  ['GlobalAveragePooling2D', globalPool('average', 2)],
  ['Flatten', flatten],
  ['Reshape', reshape],
  ['Permute', permute],
  ['RepeatVector', repeatVector],
  ['ZeroPadding1D', zeroPadding(1)],
  ['ZeroPadding2D', zeroPadding(2)],
  ['Cropping1D', cropping(1)],
  ['Cropping2D', cropping(2)],
  ['UpSampling1D', upSampling(1)],
  ['UpSampling2D', upSampling(2)],
  ['Add', merge('add')],
  ['Subtract', merge('subtract')],
  ['Multiply', merge('multiply')],
  ['Average', merge('average')],
  ['Maximum', merge('maximum')],
  ['Minimum', merge('minimum')],
  ['Concatenate', concatenate],
  ['LayerNormalization', layerNormalization],
  ['GroupNormalization', groupNormalization],
  ['UnitNormalization', unitNormalization],
  ['Embedding', embedding],
  ...RECURRENT.map(([name, cell]): [string, LayerKind] => [name, recurrent(cell)]),
  ['Bidirectional', bidirectional(new Map(RECURRENT))],
  ['Resizing', resizing],
  ['RandomFlip', identity],
  ['RandomRotation', identity],
  ['RandomZoom', identity],
  ['RandomTranslation', identity],
  ['RandomContrast', identity],
  ['SpatialDropout1D', identity],
  ['SpatialDropout2D', identity],
  ['TimeDistributed', timeDistributed(new Map([...LAST_AXIS, ...CUSTOM_ON_LAST_AXIS]))],
  ['TFOpLambda', operator],
]);

const CUSTOM: ReadonlyMap<string, LayerKind> = new Map([
  ...CUSTOM_KINDS,
  ['PruneLowMagnitude', pruned((className) => KINDS.get(className) ?? CUSTOM.get(className))],
]);

/** Every Keras class that can be imported. */
export const layerClasses: readonly string[] = [...KINDS.keys()];
/** And of packages that build on Keras. */
export const customClasses: readonly string[] = [...CUSTOM.keys()];

/** Undefined for a class that is not known, and for a user's class that only has a known name. */
export function kindOf({ className, module, registeredName }: KerasLayer): LayerKind | undefined {
  if (module.startsWith('keras.src.ops') || module.startsWith('keras.ops')) return operator;
  const [, registered, name] = /^(?:(.+)>)?(.*)$/s.exec(className)!;
  const owner = /^(.+)>/.exec(registeredName)?.[1] ?? registered ?? 'keras';
  if (/^(qkeras|hgq)$/i.test(owner)) return CUSTOM.get(name!);
  return /^(tf_)?keras$/i.test(owner) ? (KINDS.get(name!) ?? CUSTOM.get(name!)) : undefined;
}
