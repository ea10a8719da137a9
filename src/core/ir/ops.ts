// The closed set of operations. An importer translates its framework's layers into these; the executor,
// the cost models and the quantization passes switch over `kind`.
// Spatial attributes have one entry per spatial axis: one for sequences (NWC), two for images (NHWC).

import type { Quantizer } from '../quantizers/quantizer.ts';
import type { Weight } from './graph.ts';

/** Zeros to add [before, after] each spatial axis. "same" and "causal" are resolved when the model is read. */
export type Pads = readonly (readonly [before: number, after: number])[];

/** y = x · kernel + bias on the last axis. kernel: [in, units]. */
export interface DenseOp {
  readonly kind: 'dense';
  readonly kernel: Weight;
  readonly bias?: Weight | undefined;
}

/** kernel: [...spatial, cin / groups, cout]. */
export interface ConvOp {
  readonly kind: 'conv';
  readonly kernel: Weight;
  readonly bias?: Weight | undefined;
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  readonly pads: Pads;
  readonly groups: number;
}

/** kernel: [...spatial, channels, multiplier]; output channel c·multiplier + m reads input channel c. */
export interface DepthwiseConvOp {
  readonly kind: 'depthwiseConv';
  readonly kernel: Weight;
  readonly bias?: Weight | undefined;
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  readonly pads: Pads;
}

/** Gradient of a convolution with respect to its input. kernel: [kh, kw, cout, cin] (the layout of TensorFlow). */
export interface ConvTransposeOp {
  readonly kind: 'convTranspose';
  readonly kernel: Weight;
  readonly bias?: Weight | undefined;
  readonly strides: readonly number[];
  /** Padding of the forward convolution whose gradient this is. */
  readonly pads: Pads;
}

/** y = (x − mean) / √(variance + epsilon) · gamma + beta, per entry of the last axis. */
export interface BatchNormOp {
  readonly kind: 'batchNorm';
  readonly gamma?: Weight | undefined;
  readonly beta?: Weight | undefined;
  readonly mean: Weight;
  readonly variance: Weight;
  readonly epsilon: number;
}

/** y = x · scale + offset; both broadcast against the last axes (scalar, or one value per channel). */
export interface AffineOp {
  readonly kind: 'affine';
  readonly scale: Weight;
  readonly offset: Weight;
  /** Set by markPreprocessing: it acts on the network's input, before the accelerator, and costs nothing there. */
  readonly preprocessing?: boolean | undefined;
}

export type Activation =
  /** x ≥ max → max; x > threshold → x; else slope · (x − threshold). */
  | {
      readonly fn: 'relu';
      readonly slope: number;
      readonly max?: number | undefined;
      readonly threshold: number;
    }
  | { readonly fn: 'elu' | 'celu'; readonly alpha: number }
  /** clip(slope · x + offset, 0, 1): 0.2 and 0.5 in Keras 2, 1/6 and 0.5 in Keras 3. */
  | { readonly fn: 'hardSigmoid'; readonly slope: number; readonly offset: number }
  | { readonly fn: 'gelu'; readonly approximate: boolean }
  | { readonly fn: 'clip'; readonly low: number; readonly high: number }
  | {
      readonly fn:
        | 'sigmoid'
        | 'tanh'
        | 'selu'
        | 'softplus'
        | 'softsign'
        | 'silu'
        | 'hardSilu'
        | 'mish'
        | 'exponential'
        | 'hardTanh'
        | 'logSigmoid';
    };

export interface ActivationOp {
  readonly kind: 'activation';
  readonly activation: Activation;
}

/** Leaky ReLU whose slope is learned; alpha broadcasts against the input without its batch axis. */
export interface PReluOp {
  readonly kind: 'prelu';
  readonly alpha: Weight;
}

/** Over the last axis. */
export interface SoftmaxOp {
  readonly kind: 'softmax';
  readonly log: boolean;
}

export interface PoolOp {
  readonly kind: 'pool';
  readonly mode: 'max' | 'average';
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly pads: Pads;
  /** Average only: padding counts as zeros in the mean; otherwise the mean is over what lies inside. */
  readonly countPadding?: boolean | undefined;
}

/** Over all spatial axes; whether they are kept with extent 1 shows in the node's shape. */
export interface GlobalPoolOp {
  readonly kind: 'globalPool';
  readonly mode: 'max' | 'average';
}

/** Flatten and Reshape: the target is the node's shape. */
export interface ReshapeOp {
  readonly kind: 'reshape';
}

/** order[i] is the input axis (batch not counted) that becomes output axis i. */
export interface PermuteOp {
  readonly kind: 'permute';
  readonly order: readonly number[];
}

/** One entry of `pads` per axis of the tensor, batch not counted. */
export interface PadOp {
  readonly kind: 'pad';
  readonly pads: Pads;
  readonly mode: 'constant' | 'reflect' | 'edge';
  /** Of the padding in mode `constant`. */
  readonly value: number;
}

/** Elements start, start + step … per axis (batch not counted); how many is in the node's shape. Steps may be negative. */
export interface SliceOp {
  readonly kind: 'slice';
  readonly starts: readonly number[];
  readonly steps: readonly number[];
}

/** out[o] = Σ_t weights[o · taps + t] · in[indices[o · taps + t]] along one axis: nearest, linear and cubic alike. */
export interface Interpolation {
  /** Batch not counted. */
  readonly axis: number;
  readonly taps: number;
  readonly indices: Int32Array;
  readonly weights: Float32Array;
}

/** Interpolation along several axes, one after the other. */
export interface ResizeOp {
  readonly kind: 'resize';
  readonly along: readonly Interpolation[];
}

/** Broadcasts to the node's shape; axes align at the end. */
export interface ExpandOp {
  readonly kind: 'expand';
}

/** Repeats the tensor along each axis, batch not counted. */
export interface TileOp {
  readonly kind: 'tile';
  readonly repeats: readonly number[];
}

/** Takes entries along an axis (batch not counted): those of `indices`, or of the second operand. */
export interface GatherOp {
  readonly kind: 'gather';
  readonly axis: number;
  /** Row-major; their shape replaces the axis in the node's shape. */
  readonly indices?: readonly number[] | undefined;
}

/** out[i][j] = data[i][index[i][j]] along an axis (batch not counted); the second operand has the output's shape. */
export interface GatherElementsOp {
  readonly kind: 'gatherElements';
  readonly axis: number;
}

/**
 * Element-wise over two or more operands that broadcast: without the batch axis, shapes align at the end.
 * Comparisons and logic give 0 or 1; `modulo` has the sign of the divisor, `remainder` that of the dividend.
 */
export interface MergeOp {
  readonly kind: 'merge';
  readonly fn: MergeFunction;
}

export type MergeFunction =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'average'
  | 'maximum'
  | 'minimum'
  | 'power'
  | 'modulo'
  | 'remainder'
  | 'equal'
  | 'less'
  | 'lessEqual'
  | 'and'
  | 'or'
  | 'xor';

/** Element-wise mathematics that is no activation function of networks. `round` is half to even; logic gives 0 or 1. */
export interface MapOp {
  readonly kind: 'map';
  readonly fn: MapFunction;
}

export type MapFunction =
  | 'abs'
  | 'negate'
  | 'sign'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'reciprocal'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'truncate'
  | 'erf'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'not'
  | 'isNaN'
  | 'isInfinite';

/** Operands: condition, value where it is not 0, value where it is 0; they broadcast as in {@link MergeOp}. */
export interface WhereOp {
  readonly kind: 'where';
}

/** The product of two tensors over their last two axes; the axes before broadcast. */
export interface MatMulOp {
  readonly kind: 'matmul';
}

/** Over the given axes (batch not counted, ascending); whether they are kept with extent 1 shows in the node's shape. */
export interface ReduceOp {
  readonly kind: 'reduce';
  readonly fn: 'sum' | 'mean' | 'max' | 'min' | 'product' | 'logSumExp';
  readonly axes: readonly number[];
}

/** Running sum along an axis, batch not counted. */
export interface CumulateOp {
  readonly kind: 'cumulate';
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Index of the extreme value along an axis (batch not counted); the first of equals, or the last. */
export interface ArgOp {
  readonly kind: 'arg';
  readonly fn: 'max' | 'min';
  readonly axis: number;
  readonly last: boolean;
}

/** The k largest or smallest along the last axis, in order, or their indices; of equals the lower index comes first. */
export interface TopKOp {
  readonly kind: 'topK';
  readonly k: number;
  readonly largest: boolean;
  readonly output: 'values' | 'indices';
}

/** (x − mean) / √(variance + epsilon) over the last `axes` axes, then · gamma + beta, which broadcast against them. */
export interface LayerNormOp {
  readonly kind: 'layerNorm';
  readonly axes: number;
  readonly gamma?: Weight | undefined;
  readonly beta?: Weight | undefined;
  readonly epsilon: number;
}

/** The same over space and the channels of each group; as many groups as channels make it instance normalization. */
export interface GroupNormOp {
  readonly kind: 'groupNorm';
  readonly groups: number;
  readonly gamma?: Weight | undefined;
  readonly beta?: Weight | undefined;
  readonly epsilon: number;
}

/**
 * x / (bias + alpha · Σ x²)^beta, the sum over the channels c − before … c + after that exist.
 * In ONNX alpha is already divided by size.
 */
export interface LrnOp {
  readonly kind: 'lrn';
  readonly before: number;
  readonly after: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}

/** Rows of a table by index. kernel: [rows, ...entry]; out: [...indices, ...entry]. */
export interface EmbeddingOp {
  readonly kind: 'embedding';
  readonly kernel: Weight;
  readonly bias?: undefined;
}

/**
 * One direction of a recurrent layer over its projected inputs: operands x·W + b [steps, gates · units], and the initial
 * state [units] and cell [units], zero when absent. kernel: [units, gates · units]. Gates in the order of Keras:
 * lstm i f c o, gru z r h.
 */
export interface RecurrenceOp {
  readonly kind: 'recurrence';
  readonly cell: 'lstm' | 'gru' | 'simple';
  readonly kernel: Weight;
  /** Recurrent bias [gates · units]: a GRU with `resetAfter` needs it apart from the bias of the inputs. */
  readonly bias?: Weight | undefined;
  /** GRU: the reset gate acts after the product with the kernel. */
  readonly resetAfter: boolean;
  /** From the last step to the first; the sequence stays in the order of the inputs. */
  readonly reverse: boolean;
  readonly activation: Activation;
  readonly recurrentActivation: Activation;
  /** sequence: [steps, units]; state and cell: [units] after the last step taken. */
  readonly output: 'sequence' | 'state' | 'cell';
}

/** A tensor of the file that is an operand by itself; the same for every sample. */
export interface ConstantOp {
  readonly kind: 'constant';
  readonly value: Weight;
}

/** A quantizer that the file itself puts on an activation. */
export interface QuantizeOp {
  readonly kind: 'quantize';
  readonly quantizer: Quantizer;
}

export interface ConcatOp {
  readonly kind: 'concat';
  /** Batch not counted. */
  readonly axis: number;
}

/** The network's input. */
export interface InputOp {
  readonly kind: 'input';
}

/** Dropout and its family at inference, and what folding leaves behind. */
export interface IdentityOp {
  readonly kind: 'identity';
}

export type KernelOp = DenseOp | ConvOp | DepthwiseConvOp | ConvTransposeOp | RecurrenceOp | EmbeddingOp;

export type Op =
  | KernelOp
  | BatchNormOp
  | AffineOp
  | ActivationOp
  | PReluOp
  | SoftmaxOp
  | PoolOp
  | GlobalPoolOp
  | ReshapeOp
  | PermuteOp
  | PadOp
  | SliceOp
  | ResizeOp
  | ExpandOp
  | TileOp
  | GatherOp
  | GatherElementsOp
  | MergeOp
  | MapOp
  | WhereOp
  | MatMulOp
  | ReduceOp
  | CumulateOp
  | ArgOp
  | TopKOp
  | LayerNormOp
  | GroupNormOp
  | LrnOp
  | ConstantOp
  | QuantizeOp
  | ConcatOp
  | InputOp
  | IdentityOp;

export type OpKind = Op['kind'];
