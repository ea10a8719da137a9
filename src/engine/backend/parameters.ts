// Parameter tensors on the backend, float or quantized. Each (parameter, format) is quantized and uploaded once and
// kept until the budget is spent; the least recently used go first.

import * as tf from '@tensorflow/tfjs-core';
import type { Weight } from '../../core/ir/graph.ts';
import { fakeQuantize, type Grid } from '../../core/quantizers/grid.ts';

const BUDGET_BYTES = 256 * 2 ** 20;

export interface Parameters {
  /** @param format name of the grid, unique per weight; grid undefined means float */
  get(weight: Weight, format: string, grid: Grid | undefined): tf.Tensor;
  dispose(): void;
}

/** A node that runs has at most two (kernel and bias, scale and offset); those of the one being put together must stay. */
const IN_USE = 4;

/** @param budget bytes; a node whose own parameters need more gets them all the same */
export function createParameters(budget = BUDGET_BYTES): Parameters {
  const byWeight = new Map<Weight, Map<string, tf.Tensor>>();
  const order = new Set<{ weight: Weight; format: string; bytes: number }>();
  const entries = new Map<tf.Tensor, { weight: Weight; format: string; bytes: number }>();
  let bytes = 0;

  const evict = (): void => {
    for (const entry of order) {
      if (bytes <= budget || order.size <= IN_USE) return;
      const tensor = byWeight.get(entry.weight)!.get(entry.format)!;
      byWeight.get(entry.weight)!.delete(entry.format);
      entries.delete(tensor);
      order.delete(entry);
      bytes -= entry.bytes;
      tensor.dispose();
    }
  };

  return {
    get(weight, format, grid) {
      const formats = byWeight.get(weight) ?? new Map<string, tf.Tensor>();
      byWeight.set(weight, formats);
      const known = formats.get(format);
      if (known) {
        const entry = entries.get(known)!;
        order.delete(entry);
        order.add(entry);
        return known;
      }
      evict();
      const values = grid ? fakeQuantize(weight.read(), grid) : weight.read();
      const tensor = tf.keep(tf.tensor(values, [...weight.shape], 'float32'));
      const entry = { weight, format, bytes: values.byteLength };
      formats.set(format, tensor);
      entries.set(tensor, entry);
      order.add(entry);
      bytes += entry.bytes;
      return tensor;
    },
    dispose() {
      for (const tensor of entries.keys()) tensor.dispose();
      byWeight.clear();
      entries.clear();
      order.clear();
      bytes = 0;
    },
  };
}
