// The closed set of operations. An importer translates its framework's layers into these; the executor,
// the cost models and the quantization passes switch over `kind`.
// Spatial attributes have one entry per spatial axis: one for sequences (NWC), two for images (NHWC).

import { elements, type GraphNode, type Shape, type Weight } from './graph.ts';

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

/** Average pooling does not count padding. */
export interface PoolOp {
  readonly kind: 'pool';
  readonly mode: 'max' | 'average';
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly pads: Pads;
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

export interface PadOp {
  readonly kind: 'pad';
  readonly pads: Pads;
}

export interface CropOp {
  readonly kind: 'crop';
  readonly crops: Pads;
}

export interface UpsampleOp {
  readonly kind: 'upsample';
  readonly factors: readonly number[];
  readonly interpolation: 'nearest' | 'bilinear';
}

/** Element-wise over two or more operands that broadcast. */
export interface MergeOp {
  readonly kind: 'merge';
  readonly fn: 'add' | 'subtract' | 'multiply' | 'average' | 'maximum' | 'minimum';
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

export type KernelOp = DenseOp | ConvOp | DepthwiseConvOp | ConvTransposeOp;

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
  | CropOp
  | UpsampleOp
  | MergeOp
  | ConcatOp
  | InputOp
  | IdentityOp;

export type OpKind = Op['kind'];

/** Ops whose work is multiply-accumulate with a stored kernel: what bit-widths are spent on. */
export function isKernel(op: Op): op is KernelOp {
  return (
    op.kind === 'dense' || op.kind === 'conv' || op.kind === 'depthwiseConv' || op.kind === 'convTranspose'
  );
}

/** All parameter tensors of an op. */
export function weightsOf(op: Op): readonly Weight[] {
  switch (op.kind) {
    case 'dense':
    case 'conv':
    case 'depthwiseConv':
    case 'convTranspose':
      return op.bias ? [op.kernel, op.bias] : [op.kernel];
    case 'batchNorm':
      return [op.gamma, op.beta, op.mean, op.variance].filter((weight) => weight !== undefined);
    case 'affine':
      return [op.scale, op.offset];
    case 'prelu':
      return [op.alpha];
    default:
      return [];
  }
}

/** Multiply-accumulate operations per sample (bias additions not counted, as in QTools and AIMET). */
export function macs(node: GraphNode, inputShapes: readonly Shape[]): number {
  const { op, shape } = node;
  switch (op.kind) {
    case 'dense':
      return elements(shape) * op.kernel.shape[0]!;
    case 'conv':
      return elements(shape) * elements(op.kernel.shape.slice(0, -1));
    case 'depthwiseConv':
      return elements(shape) * elements(op.kernel.shape.slice(0, -2));
    case 'convTranspose':
      return elements(inputShapes[0]!) * elements(op.kernel.shape.slice(0, -1));
    default:
      return 0;
  }
}
