// Ops that choose entries by index. Indices are floats that hold whole numbers; negative ones count from the end.

import * as tf from '@tensorflow/tfjs-core';
import { around, copyBlock, resolveIndex, takeAlong } from './along.ts';
import type { Kernel } from './kernel.ts';

export const gather: Kernel<'gather'> = ({ op, x, inputs, shape }) => {
  const axis = op.axis + 1;
  if (!op.indices) return gatherEach(x, inputs[1]!, axis, shape);
  const indices = op.indices.map((index) => resolveIndex(index, x.shape[axis]!));
  return tf.reshape(takeAlong(x, axis, indices), [x.shape[0], ...shape]);
};

/** Every sample has indices of its own; data or indices that all samples share have batch 1. */
function gatherEach(x: tf.Tensor, indices: tf.Tensor, axis: number, shape: readonly number[]): tf.Tensor {
  const batch = Math.max(x.shape[0], indices.shape[0]);
  const { outer, extent, inner } = around(x.shape.with(0, 1), axis);
  const [values, wanted] = [x.dataSync<'float32'>(), indices.dataSync<'float32'>()];
  const each = indices.size / indices.shape[0];
  const out = new Float32Array(batch * outer * each * inner);
  for (let b = 0, to = 0; b < batch; b++) {
    const from = x.shape[0] === 1 ? 0 : b * outer * extent * inner;
    const at = indices.shape[0] === 1 ? 0 : b * each;
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < each; i++, to += inner) {
        const index = resolveIndex(wanted[at + i]!, extent);
        copyBlock(values, from + (o * extent + index) * inner, out, to, inner);
      }
    }
  }
  return tf.tensor(out, [batch, ...shape], 'float32');
}

export const gatherElements: Kernel<'gatherElements'> = ({ op, inputs }) => {
  const [x, indices] = inputs as [tf.Tensor, tf.Tensor];
  const axis = op.axis + 1;
  const [values, wanted] = [x.dataSync<'float32'>(), indices.dataSync<'float32'>()];
  const out = new Float32Array(wanted.length);
  const position = new Array<number>(x.rank).fill(0);
  for (let i = 0; i < out.length; i++) {
    let from = 0;
    for (let a = 0; a < x.rank; a++) {
      const at = a === axis ? resolveIndex(wanted[i]!, x.shape[a]!) : position[a]!;
      from = from * x.shape[a]! + at;
    }
    out[i] = values[from]!;
    for (let a = x.rank - 1; a >= 0; a--) {
      if (++position[a]! < indices.shape[a]!) break;
      position[a] = 0;
    }
  }
  return tf.tensor(out, indices.shape, 'float32');
};

export const embedding: Kernel<'embedding'> = ({ op, x, shape, parameter }) => {
  const table = parameter(op.kernel);
  const rows = table.shape[0];
  const indices = x.dataSync<'float32'>().map((index) => resolveIndex(index, rows));
  return tf.reshape(takeAlong(table, 0, indices), [x.shape[0], ...shape]);
};
