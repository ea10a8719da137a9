// Layers with several inputs: element-wise merges and Concatenate.

import type { Shape } from '../../../ir/graph.ts';
import type { MergeOp } from '../../../ir/ops.ts';
import type { Config } from '../config.ts';
import { refuse, tensorsOf, type LayerKind, type Scope, type Tensor } from '../scope.ts';

export const merge = (fn: MergeOp['fn']): LayerKind => ({
  build(scope) {
    const tensors = tensorsOf(scope);
    const rank = Math.max(...tensors.map((tensor) => tensor.shape.length));
    return merged(
      scope,
      fn,
      tensors.map((tensor) => raised(scope, tensor, rank)),
    );
  },
});

/** Operands of equal rank. One tensor merged with nothing stays as it is. */
export function merged(scope: Scope, fn: MergeOp['fn'], tensors: readonly Tensor[]): Tensor {
  const shape = tensors.map((tensor) => tensor.shape).reduce((a, b) => broadcast(a, b, scope.config));
  if (tensors.length === 1) return scope.emit({ kind: 'identity' }, tensors, shape);
  if (fn === 'subtract' && tensors.length !== 2)
    throw scope.config.wrong(`subtracts ${tensors.length} tensors`);
  return scope.emit({ kind: 'merge', fn }, tensors, shape);
}

/** Keras puts axes of extent 1 behind the batch axis until the ranks are equal (keras/src/layers/merging/base_merge.py). */
function raised(scope: Scope, tensor: Tensor, rank: number): Tensor {
  const missing = rank - tensor.shape.length;
  if (missing === 0) return tensor;
  const ones = new Array<number>(missing).fill(1);
  return scope.emit({ kind: 'reshape' }, [tensor], [...ones, ...tensor.shape]);
}

function broadcast(a: Shape, b: Shape, config: Config): Shape {
  const fits =
    a.length === b.length && a.every((extent, at) => extent === b[at] || extent === 1 || b[at] === 1);
  if (!fits) throw config.wrong(`merges tensors of ${a.join('×')} and ${b.join('×')}, which do not fit`);
  return a.map((extent, at) => Math.max(extent, b[at]!));
}

export const concatenate: LayerKind = {
  build(scope) {
    const { config } = scope;
    const tensors = tensorsOf(scope);
    const first = tensors[0]!.shape;
    const counted = config.number('axis', -1);
    // Axes are counted with the batch axis.
    const axis = counted < 0 ? counted + first.length : counted - 1;
    if (axis === -1) return refuse('concatenates along the batch axis');
    if (!Number.isInteger(axis) || axis < -1 || axis >= first.length) throw config.bad('axis');
    const fits = (shape: Shape) =>
      shape.length === first.length && shape.every((extent, at) => at === axis || extent === first[at]);
    if (!tensors.every((tensor) => fits(tensor.shape))) throw config.wrong('joins tensors that do not fit');
    const length = tensors.reduce((sum, tensor) => sum + tensor.shape[axis]!, 0);
    return scope.emit({ kind: 'concat', axis }, tensors, first.with(axis, length));
  },
};
