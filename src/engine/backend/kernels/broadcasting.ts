// How operands of different shapes meet: each has its batch axis in front, and what follows aligns at the end.

import * as tf from '@tensorflow/tfjs-core';
import { broadcastTo } from './strided.ts';

/** Additions, products and padding of the backend (XNNPACK) give garbage above this rank. */
export const MAX_RANK = 6;

/** Axes of extent 1 behind the batch axis until all ranks are the same. */
export function aligned(operands: readonly tf.Tensor[]): tf.Tensor[] {
  const rank = Math.max(...operands.map((operand) => operand.rank));
  return operands.map((operand) => {
    const [batch, ...sample] = operand.shape;
    const ones = new Array<number>(rank - operand.rank).fill(1);
    return ones.length === 0 ? operand : tf.reshape(operand, [batch, ...ones, ...sample]);
  });
}

/** Shape of the result, operands aligned. */
export function broadcastShape(operands: readonly tf.Tensor[]): number[] {
  return operands[0]!.shape.map(
    (extent, axis) => operands.find(({ shape }) => shape[axis] !== 1)?.shape[axis] ?? extent,
  );
}

/** Operands copied to one shape. */
export function spread(operands: readonly tf.Tensor[]): tf.Tensor[] {
  const same = aligned(operands);
  const shape = broadcastShape(same);
  return same.map((operand) => broadcastTo(operand, shape));
}

/** Two operands through an op of the backend. */
export function combine(
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  a: tf.Tensor,
  b: tf.Tensor,
): tf.Tensor {
  const [left, right] = aligned([a, b]) as [tf.Tensor, tf.Tensor];
  if (left.rank <= MAX_RANK) return run(left, right);
  const [x, y] = spread([left, right]) as [tf.Tensor, tf.Tensor];
  return tf.reshape(run(tf.reshape(x, [-1]), tf.reshape(y, [-1])), x.shape);
}

/** An operand and a parameter, which has no batch axis. */
export function withParameter(
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  parameter: tf.Tensor,
): tf.Tensor {
  if (parameter.rank < x.rank && x.rank <= MAX_RANK) return run(x, parameter);
  return combine(run, x, tf.reshape(parameter, [1, ...parameter.shape]));
}

/** One operand through element-wise ops of the backend, whatever its rank is. */
export function flat(run: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor {
  return x.rank <= MAX_RANK ? run(x) : tf.reshape(run(tf.reshape(x, [-1])), x.shape);
}

/** Tensors of batch 1 repeated to the largest batch among them. */
export function sameBatch(operands: readonly tf.Tensor[]): readonly tf.Tensor[] {
  const batch = Math.max(...operands.map(({ shape }) => shape[0]));
  return operands.map((operand) => toBatch(operand, batch));
}

export function toBatch(x: tf.Tensor, batch: number): tf.Tensor {
  return x.shape[0] === 1 && batch > 1 ? broadcastTo(x, x.shape.with(0, batch)) : x;
}
