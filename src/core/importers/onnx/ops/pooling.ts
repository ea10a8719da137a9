// Pooling over windows and over all of space.

import { scalar } from '../../tensors/constants.ts';
import { map, merge } from '../../tensors/elementwise.ts';
import { globalPool, pool, type Pooling } from '../../tensors/pooling.ts';
import { reduce } from '../../tensors/reduction.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { operand } from '../refuse.ts';
import { padsOf, windowOf } from './window.ts';

function poolingOf(node: OnnxNode, x: Tensor): Pooling {
  const spatial = x.shape.slice(2);
  const window = windowOf(node, spatial.length);
  return {
    ...window,
    pads: padsOf(node, spatial, window),
    ceil: node.int('ceil_mode', 0) !== 0,
    countPadding: node.int('count_include_pad', 0) !== 0,
  };
}

const pooled =
  (mode: 'max' | 'average'): OpRow =>
  (g, node) => {
    const x = operand(node, 0);
    return [pool(g, x, mode, poolingOf(node, x))];
  };

const power = (g: TensorGraph, x: Tensor, exponent: number): Tensor =>
  exponent === 1 ? x : merge(g, 'power', [x, scalar(exponent)]);

/** (Σ |x|^p)^(1/p) over a window: its mean times its size, zeros outside counted. */
const lpPool: OpRow = (g, node) => {
  const x = operand(node, 0);
  const p = node.int('p', 2);
  const pooling = poolingOf(node, x);
  const mean = pool(g, power(g, map(g, 'abs', x), p), 'average', { ...pooling, countPadding: true });
  const size = pooling.size.reduce((product, extent) => product * extent, 1);
  return [power(g, merge(g, 'multiply', [mean, scalar(size)]), 1 / p)];
};

const globalLpPool: OpRow = (g, node) => {
  const x = operand(node, 0);
  const p = node.int('p', 2);
  const axes = x.shape.map((_, axis) => axis).slice(2);
  return [power(g, reduce(g, 'sum', power(g, map(g, 'abs', x), p), axes, true), 1 / p)];
};

export const poolingRows: OpRows = {
  AveragePool: pooled('average'),
  GlobalAveragePool: (g, node) => [globalPool(g, operand(node, 0), 'average')],
  GlobalLpPool: globalLpPool,
  GlobalMaxPool: (g, node) => [globalPool(g, operand(node, 0), 'max')],
  LpPool: lpPool,
  MaxPool: pooled('max'),
};
