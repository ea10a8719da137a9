// Layer classes of Keras as the matcher sees them: what their positional arguments are called, what an argument that
// is left out means, and how much it matters that a layer finds no call (or a call no layer).
// Signatures: keras.io/api/layers; only parameters that Keras 2 and Keras 3 have at the same place.

import type { Setting } from '../ir/graph.ts';

export interface LayerClass {
  /** Keyword names of the positional arguments. */
  readonly parameters: readonly string[];
  /** Values of arguments that are left out. */
  readonly defaults: Readonly<Record<string, Setting>>;
}

/** Other names of a class, in the imports of Keras 1 and 2 and in TF.js. */
const ALIASES = new Map<string, string>([
  ['Input', 'InputLayer'],
  ['Deconvolution2D', 'Conv2DTranspose'],
  ['Convolution2DTranspose', 'Conv2DTranspose'],
  ['Convolution3DTranspose', 'Conv3DTranspose'],
  ...[1, 2, 3].flatMap((rank): [string, string][] => [
    [`Convolution${rank}D`, `Conv${rank}D`],
    [`SeparableConvolution${rank}D`, `SeparableConv${rank}D`],
    [`DepthwiseConvolution${rank}D`, `DepthwiseConv${rank}D`],
    [`MaxPool${rank}D`, `MaxPooling${rank}D`],
    [`AvgPool${rank}D`, `AveragePooling${rank}D`],
    [`GlobalMaxPool${rank}D`, `GlobalMaxPooling${rank}D`],
    [`GlobalAvgPool${rank}D`, `GlobalAveragePooling${rank}D`],
  ]),
]);

/** `MaxPooling2D` for `MaxPool2D`. */
export function canonicalClass(className: string): string {
  return ALIASES.get(className) ?? className;
}

const layer = (parameters = '', defaults: LayerClass['defaults'] = {}): LayerClass => ({
  parameters: parameters.split(' ').filter((name) => name !== ''),
  defaults,
});

const AFFINE = { use_bias: true, activation: 'linear' };
const CONV = { ...AFFINE, strides: 1, padding: 'valid', dilation_rate: 1 };
const RECURRENT = layer('units activation', { use_bias: true, activation: 'tanh', return_sequences: false });

/** The kinds of layer that come for one, two and three spatial axes. */
function ofRank(rank: number): [string, LayerClass][] {
  return [
    [`Conv${rank}D`, layer('filters kernel_size strides padding data_format', { ...CONV, groups: 1 })],
    [`SeparableConv${rank}D`, layer('filters kernel_size strides padding', { ...CONV, depth_multiplier: 1 })],
    [
      `DepthwiseConv${rank}D`,
      layer('kernel_size strides padding depth_multiplier', { ...CONV, depth_multiplier: 1 }),
    ],
    [`Conv${rank}DTranspose`, layer('filters kernel_size strides padding', CONV)],
    [`MaxPooling${rank}D`, layer('pool_size strides padding', { pool_size: 2, padding: 'valid' })],
    [`AveragePooling${rank}D`, layer('pool_size strides padding', { pool_size: 2, padding: 'valid' })],
    [`GlobalMaxPooling${rank}D`, layer()],
    [`GlobalAveragePooling${rank}D`, layer()],
    [`UpSampling${rank}D`, layer('size', { size: 2 })],
    [`ZeroPadding${rank}D`, layer('padding')],
    [`Cropping${rank}D`, layer('cropping')],
    [`SpatialDropout${rank}D`, layer('rate')],
    [
      `ConvLSTM${rank}D`,
      layer('filters kernel_size strides padding', { strides: 1, padding: 'valid', use_bias: true }),
    ],
  ];
}

export const LAYER_CLASSES: ReadonlyMap<string, LayerClass> = new Map<string, LayerClass>([
  ...[1, 2, 3].flatMap(ofRank),
  ['InputLayer', layer('shape')],
  ['Dense', layer('units activation use_bias', AFFINE)],
  ['EinsumDense', layer('equation output_shape activation')],
  ['LocallyConnected1D', layer('filters kernel_size strides padding', { ...AFFINE, strides: 1 })],
  ['LocallyConnected2D', layer('filters kernel_size strides padding', { ...AFFINE, strides: 1 })],
  ['Embedding', layer('input_dim output_dim')],
  ['LSTM', RECURRENT],
  ['GRU', RECURRENT],
  ['SimpleRNN', RECURRENT],
  ['RNN', layer('cell return_sequences')],
  ['Bidirectional', layer('layer merge_mode')],
  ['TimeDistributed', layer('layer')],
  ['Attention', layer('use_scale')],
  ['AdditiveAttention', layer('use_scale')],
  ['MultiHeadAttention', layer('num_heads key_dim value_dim')],
  ['BatchNormalization', layer('axis momentum epsilon center scale', { center: true, scale: true })],
  ['LayerNormalization', layer('axis epsilon', { center: true, scale: true })],
  ['GroupNormalization', layer('groups axis epsilon', { center: true, scale: true })],
  ['UnitNormalization', layer('axis')],
  ['Normalization', layer('axis')],
  ['Activation', layer('activation')],
  ['ReLU', layer('max_value negative_slope threshold', { negative_slope: 0, threshold: 0 })],
  ['LeakyReLU', layer('negative_slope')],
  ['PReLU', layer('alpha_initializer')],
  ['ELU', layer('alpha', { alpha: 1 })],
  ['ThresholdedReLU', layer('theta', { theta: 1 })],
  ['Softmax', layer('axis')],
  ['Dropout', layer('rate')],
  ['AlphaDropout', layer('rate')],
  ['GaussianDropout', layer('rate')],
  ['GaussianNoise', layer('stddev')],
  ['ActivityRegularization', layer('l1 l2')],
  ['Flatten', layer()],
  ['Reshape', layer('target_shape')],
  ['Permute', layer('dims')],
  ['RepeatVector', layer('n')],
  ['Masking', layer('mask_value')],
  ['Lambda', layer('function')],
  ['Rescaling', layer('scale offset')],
  ['Resizing', layer('height width')],
  ['CenterCrop', layer('height width')],
  ['Concatenate', layer('axis')],
  ['Dot', layer('axes')],
  ...['Add', 'Subtract', 'Multiply', 'Average', 'Maximum', 'Minimum'].map((name): [string, LayerClass] => [
    name,
    layer(),
  ]),
]);

/** Converters and exporters drop, fuse or add these. */
const OPTIONAL =
  /^(InputLayer|BatchNormalization|Activation|.*Dropout.*|Flatten|ReLU|Softmax|Identity|GaussianNoise|Rescaling|ActivityRegularization)$/;
/** Operators on tensors (`x + y`) make such layers without a constructor call. */
const OPERATORS = /^(Add|Subtract|Multiply|Average|Maximum|Minimum|Concatenate|Dot)$/;

/** Does a layer of the class join branches? */
export function merges(className: string): boolean {
  return OPERATORS.test(className);
}

/** Cost of a layer without a call, or of a call without a layer; a Conv2D costs 1. */
export function skipCost(className: string): number {
  if (OPTIONAL.test(className) || !LAYER_CLASSES.has(className)) return 0.1;
  return OPERATORS.test(className) ? 0.3 : 1;
}
