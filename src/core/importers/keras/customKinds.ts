// The layers of QKeras, HGQ's proxy models and other packages that build on Keras. To add one: a LayerKind in qkeras/ or
// custom/ and a line here.

import { binarized, ternarized } from './custom/binaryTernary.ts';
import { garnet } from './custom/garnet.ts';
import { fixedPointQuantizer, unaryLut } from './custom/hgq.ts';
import { nodeEdgeProjection } from './custom/nodeEdgeProjection.ts';
import { conv, depthwiseConv, separableConv } from './layers/convolution.ts';
import { convTranspose2d } from './layers/convTranspose.ts';
import { dense } from './layers/dense.ts';
import { globalPool, pool } from './layers/pooling.ts';
import { foldedBatchNorm } from './qkeras/foldedBatchNorm.ts';
import { adaptiveActivation, quantizedActivation } from './qkeras/quantizedActivation.ts';
import { quantizedBatchNorm } from './qkeras/quantizedBatchNorm.ts';
import { DEPTHWISE, KERNEL_AND_BIAS, quantizedLayer, SEPARABLE } from './qkeras/quantizedLayer.ts';
import { imageArea, quantizedPooling, windowArea } from './qkeras/quantizedPooling.ts';
import type { LayerKind } from './scope.ts';

type Row = readonly [className: string, kind: LayerKind];

/** Layers that work on the last axis or on each value alone, so that further axes do not matter. */
export const CUSTOM_ON_LAST_AXIS: readonly Row[] = [
  ['QDense', quantizedLayer(dense, KERNEL_AND_BIAS)],
  ['QDenseBatchnorm', foldedBatchNorm(dense, KERNEL_AND_BIAS)],
  ['QActivation', quantizedActivation],
  ['QAdaptiveActivation', adaptiveActivation],
  ['QBatchNormalization', quantizedBatchNorm],
  ['BinaryDense', binarized(dense)],
  ['TernaryDense', ternarized(dense)],
];

export const CUSTOM_KINDS: readonly Row[] = [
  ...CUSTOM_ON_LAST_AXIS,
  ['QConv1D', quantizedLayer(conv(1), KERNEL_AND_BIAS)],
  ['QConv2D', quantizedLayer(conv(2), KERNEL_AND_BIAS)],
  ['QConv2DTranspose', quantizedLayer(convTranspose2d, KERNEL_AND_BIAS)],
  ['QDepthwiseConv2D', quantizedLayer(depthwiseConv(2), DEPTHWISE)],
  ['QSeparableConv1D', quantizedLayer(separableConv(1), SEPARABLE)],
  ['QSeparableConv2D', quantizedLayer(separableConv(2), SEPARABLE)],
  ['QConv2DBatchnorm', foldedBatchNorm(conv(2), KERNEL_AND_BIAS)],
  ['QDepthwiseConv2DBatchnorm', foldedBatchNorm(depthwiseConv(2), DEPTHWISE)],
  ['QAveragePooling2D', quantizedPooling(pool('average', 2), windowArea)],
  ['QGlobalAveragePooling2D', quantizedPooling(globalPool('average', 2), imageArea)],
  ['BinaryConv2D', binarized(conv(2))],
  ['TernaryConv2D', ternarized(conv(2))],
  ['FixedPointQuantizer', fixedPointQuantizer],
  ['UnaryLUT', unaryLut],
  ['NodeEdgeProjection', nodeEdgeProjection],
  ['GarNet', garnet],
];
