// Names of layers. The converter names a tensor after the operations that became one operator:
// `model/re_lu/Relu;model/bn/FusedBatchNormV3;model/conv2d/BiasAdd;model/conv2d_3/Conv2D;model/conv2d/Conv2D`. The layer is
// the scope of the operation that holds the kernel. Kernels of equal contents share a name, so a bias is the better witness.

import type { FileModel, FileOperator } from './readModel.ts';

/** What the operation that the rest was fused into is called in TensorFlow. */
const KERNELS: Readonly<Record<string, RegExp>> = {
  CONV_2D: /^Conv(1D|2D)/,
  DEPTHWISE_CONV_2D: /^depthwise/,
  TRANSPOSE_CONV: /^conv2d_transpose/,
  FULLY_CONNECTED: /^(MatMul|Tensordot|einsum)/i,
  ADD: /^add/i,
  SUB: /^sub/i,
  MUL: /^mul/i,
};

const BIAS = /^(BiasAdd|bias|BatchNorm_Fold)/;

/** Last parts of a name that say what an operation does, not whose it is: TensorFlow writes them as classes, or twice. */
const OPERATION =
  /^(?:[A-Z][A-Za-z0-9]*(?:_\d+)?|add(?:_fold)?|sub|mul|truediv|depthwise(?:_Fold)?|conv2d_transpose|batchnorm|moments|batch_norm|ReadVariableOp|resource)\d*$/;

/** The whole network: `model/`, `sequential_1/`, `StatefulPartitionedCall/`. */
const WRAPPER = /^(model|sequential|functional|StatefulPartitionedCall|PartitionedCall)(_\d+)?$/;

/** What converters call results that have lost their name. */
const ANONYMOUS = /^(Stateful)?PartitionedCall|^Identity|^tfl\.|^tensor \d+$|^\d*$/;

export type NameOf = (operator: FileOperator) => string;

/** Names layers of a model as its author did, as far as the file tells. */
export function layerNames(model: FileModel): NameOf {
  const wrappers = commonWrappers(model);
  return (operator) => {
    const parts = partsOf(model, operator.outputs[0]);
    const kernel = KERNELS[operator.builtin];
    const found = kernel ? ownerOf(kernel, [...parts, ...partsOf(model, operator.inputs[1])]) : parts[0];
    const scope = found === undefined ? [] : scopeOf(found, wrappers);
    return scope.length > 0 ? scope.join('/') : operator.builtin.toLowerCase();
  };
}

const partsOf = (model: FileModel, tensor = -1): readonly string[] =>
  (model.tensors[tensor]?.name ?? '').split(';').filter((part) => !ANONYMOUS.test(part.replace(/:\d+$/, '')));

/** The part of the name that belongs to the kernel: its bias, else the last of its kind, else the first part of all. */
function ownerOf(kernel: RegExp, parts: readonly string[]): string | undefined {
  const endsIn = (pattern: RegExp) => (part: string) =>
    segments(part)
      .slice(1)
      .some((word) => pattern.test(word));
  return parts.find(endsIn(BIAS)) ?? parts.findLast(endsIn(kernel)) ?? parts[0];
}

const segments = (name: string): readonly string[] =>
  name
    .replace(/:\d+$/, '')
    .split('/')
    .filter((word) => word !== '');

function scopeOf(name: string, wrappers: ReadonlySet<string>): readonly string[] {
  const words = segments(name);
  let [start, end] = [0, words.length];
  while (start < end - 1 && wrappers.has(words[start]!)) start++;
  while (end > start + 1 && OPERATION.test(words[end - 1]!)) end--;
  return words.slice(start, end);
}

/** First words that the names of most operators begin with. */
function commonWrappers(model: FileModel): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { outputs } of model.operators) {
    const [first, ...others] = segments(partsOf(model, outputs[0])[0] ?? '');
    if (first !== undefined && others.length > 0) counts.set(first, (counts.get(first) ?? 0) + 1);
  }
  const common = [...counts].filter(
    ([word, count]) => WRAPPER.test(word) || (count > 2 && count * 2 > model.operators.length),
  );
  return new Set(['StatefulPartitionedCall', ...common.map(([word]) => word)]);
}
