// Operations along axes: folded examples, how few nodes they take, and what is refused.

import assert from 'node:assert/strict';
import test from 'node:test';
import { BitLensError } from '../../../../src/core/errors.ts';
import { constant } from '../../../../src/core/importers/tensors/constants.ts';
import {
  batchNorm,
  groupNorm,
  layerNorm,
  lrn,
  softmax,
} from '../../../../src/core/importers/tensors/normalization.ts';
import { globalPool, pool } from '../../../../src/core/importers/tensors/pooling.ts';
import { arg, cumulate, reduce, topK } from '../../../../src/core/importers/tensors/reduction.ts';
import { resize } from '../../../../src/core/importers/tensors/resize.ts';
import { transpose } from '../../../../src/core/importers/tensors/shape.ts';
import { tensorGraph } from '../../../../src/core/importers/tensors/tensorGraph.ts';
import type { Constant, Tensor } from '../../../../src/core/importers/tensors/tensor.ts';
import {
  asConstant,
  assertClose,
  assertSame,
  counted,
  emitted,
  fold,
  run,
  type Build,
  type Values,
} from './support.ts';

const g = tensorGraph('test.model');
const ints = (shape: readonly number[], list: readonly number[]): Constant =>
  constant('ints', shape, 'int', list);
const numbers = (x: Tensor): readonly number[] => (assert.ok(x.kind === 'constant'), x.numbers());
const X: Values = { shape: [2, 3], values: [3, 1, 2, 6, 5, 4] };
const x = asConstant(X);

test('reductions of constants', () => {
  const all = (fn: Parameters<typeof reduce>[1], axes: readonly number[]): readonly number[] =>
    numbers(reduce(g, fn, x, axes, false));
  assert.deepEqual(all('sum', [1]), [6, 15]);
  assert.deepEqual(all('mean', [0]), [4.5, 3, 3]);
  assert.deepEqual(all('max', [0, 1]), [6]);
  assert.deepEqual(all('min', [1]), [1, 4]);
  assert.deepEqual(all('product', [0]), [18, 5, 8]);
  assert.deepEqual(all('l1', [1]), [6, 15]);
  assert.deepEqual(all('sumSquares', [1]), [14, 77]);
  assertClose(all('l2', [1]), [Math.sqrt(14), Math.sqrt(77)], 1e-12);
  assertClose(all('logSum', [1]), [Math.log(6), Math.log(15)], 1e-12);
  const exponents = [3, 1, 2].reduce((sum, value) => sum + Math.exp(value), 0);
  assertClose(all('logSumExp', [1]).slice(0, 1), [Math.log(exponents)], 1e-12);
  assert.deepEqual(reduce(g, 'sum', x, [1], true).shape, [2, 1]);
  assert.deepEqual(all('sum', []), [3, 1, 2, 6, 5, 4], 'no axes: nothing is reduced');
});

test('shape arithmetic: the product of no extents is 1, means of integers are integers, sums are exact', () => {
  assert.deepEqual(numbers(reduce(g, 'product', ints([0], []), [0], false)), [1]);
  assert.deepEqual(numbers(reduce(g, 'mean', ints([2], [-3, -4]), [0], false)), [-3]);
  assert.deepEqual(numbers(reduce(g, 'sum', ints([2], [2 ** 40, 1]), [0], false)), [2 ** 40 + 1]);
});

test('positions, order and running sums of constants', () => {
  const ties = asConstant({ shape: [4], values: [1, 7, 7, 1] });
  assert.deepEqual(numbers(arg(g, 'max', ties, 0, { keepDims: true, last: false })), [1]);
  assert.deepEqual(numbers(arg(g, 'min', ties, 0, { keepDims: false, last: true })), [3]);
  const top = topK(g, ties, { k: 3, axis: 0, largest: true });
  assert.deepEqual([numbers(top.values), numbers(top.indices)], [[7, 7, 1], [1, 2, 0]]); // prettier-ignore
  const low = topK(g, x, { k: 1, axis: 0, largest: false });
  assert.deepEqual([numbers(low.values), numbers(low.indices), low.values.shape], [[3, 1, 2], [0, 0, 0], [1, 3]]); // prettier-ignore
  const running = (exclusive: boolean, reverse: boolean): readonly number[] =>
    numbers(cumulate(g, x, 1, { exclusive, reverse }));
  assert.deepEqual(running(false, false), [3, 4, 6, 6, 11, 15]);
  assert.deepEqual(running(true, false), [0, 3, 4, 0, 6, 11]);
  assert.deepEqual(running(false, true), [6, 3, 2, 15, 9, 4]);
  assert.deepEqual(running(true, true), [3, 2, 0, 9, 4, 0]);
});

test('positions and order on the backend, along axes that are not the last', async () => {
  const build: Build = (graph, t) => {
    const { values, indices } = topK(graph, t, { k: 2, axis: 1, largest: true });
    const least = arg(graph, 'min', t, 1, { keepDims: true, last: false });
    return [values, indices, least, topK(graph, t, { k: 1, axis: 0, largest: true }).indices];
  };
  const input: Values = { shape: [1, 3, 2], values: [1, 9, 5, 4, 3, 8] };
  const expected = [
    { shape: [1, 2, 2], values: [5, 9, 3, 8] },
    { shape: [1, 2, 2], values: [1, 0, 2, 2] },
    { shape: [1, 1, 2], values: [0, 1] },
    { shape: [1, 3, 2], values: [0, 0, 0, 0, 0, 0] },
  ];
  assertSame(await run([input], build), expected, 0);
  assertSame(fold([input], build), expected, 0);
});

test('channels-last images need no permutation', () => {
  const weight = (i: number): Constant => constant(`w${i}`, [4], 'float', [1, 2, 3, 4]);
  const build: Build = (graph, image) => {
    const nchw = transpose(graph, image, [0, 3, 1, 2]);
    const norm = batchNorm(graph, nchw, { mean: weight(0), variance: weight(1), epsilon: 1e-3 }, 1);
    const grouped = groupNorm(
      graph,
      lrn(graph, norm, { before: 1, after: 1, alpha: 1, beta: 0.5, bias: 1 }),
      2,
      {
        epsilon: 1e-3,
      },
    );
    const square = { size: [2, 2], strides: [2, 2], pads: [[0, 0], [0, 0]] } as const; // prettier-ignore
    const small = pool(graph, softmax(graph, grouped, 1, false), 'max', square);
    const large = resize(graph, small, [1, 4, 6, 6], { mode: 'nearest', coordinates: 'asymmetric' });
    return [globalPool(graph, large, 'average')];
  };
  assert.deepEqual(emitted([[1, 4, 4, 4]], build), [
    'batchNorm',
    'lrn',
    'groupNorm',
    'softmax',
    'pool',
    'resize',
    'globalPool',
  ]);
});

test('layer normalization over axes that the node has in another order: the gains follow', async () => {
  const gamma: Values = { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] };
  const input: Values = { shape: [1, 2, 3], values: [1, -1, 2, 0.5, 3, -2] };
  const build: Build = (graph, t) => [
    layerNorm(graph, transpose(graph, t, [0, 2, 1]), 1, { gamma: asConstant(gamma), epsilon: 0 }),
  ];
  const list = Array.from(input.values);
  const mean = list.reduce((a, b) => a + b, 0) / 6;
  const deviation = Math.sqrt(list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6);
  const expected = Array.from({ length: 6 }, (_, i) => {
    const [row, column] = [Math.floor(i / 2), i % 2];
    return ((list[column * 3 + row]! - mean) / deviation) * (i + 1);
  });
  assertSame(await run([input], build), [{ shape: [1, 3, 2], values: expected }], 1e-5);
  assert.equal(emitted([[1, 2, 3]], build)[0], 'layerNorm', 'no permutation before it');
});

test('pooling: padding that ceil adds never counts, dilation is the greatest of shifted copies', () => {
  const window = { size: [2], strides: [2], pads: [[1, 0]], ceil: true, countPadding: true } as const;
  const average: Build = (graph, t) => [pool(graph, t, 'average', window)];
  assert.ok(emitted([[1, 1, 4]], average).includes('pad'), 'counted and uncounted padding apart');
  assert.ok(!emitted([[1, 1, 3]], average).includes('pad'));
  const dilated = { size: [3], strides: [1], pads: [[0, 0]], dilation: [2] } as const;
  const max: Build = (graph, t) => [pool(graph, t, 'max', dilated)];
  assert.ok(!emitted([[1, 1, 8]], max).includes('pool'));
});

test('constants that only a kernel can compute become nodes', async () => {
  const window = { size: [2, 2], strides: [2, 2], pads: [[0, 0], [0, 0]] } as const; // prettier-ignore
  const stored = asConstant(counted([1, 1, 2, 2]));
  const outputs = await run([counted([1])], (graph) => [
    pool(graph, stored, 'max', window),
    resize(graph, stored, [1, 1, 2, 4], { mode: 'nearest', coordinates: 'asymmetric', rounding: 'floor' }),
  ]);
  assertSame(
    outputs,
    [
      { shape: [1, 1, 1, 1], values: [3] },
      { shape: [1, 1, 2, 4], values: [0, 0, 1, 1, 2, 2, 3, 3] },
    ],
    0,
  );
});

test('what cannot be is refused', () => {
  const image = asConstant(counted([1, 2, 4, 4]));
  const window = { size: [2, 2], strides: [1, 1], pads: [[0, 0], [0, 0]] } as const; // prettier-ignore
  const gain = constant('gain', [3], 'float', [1, 1, 1]);
  const damaged: readonly (() => unknown)[] = [
    () => reduce(g, 'sum', x, [2], false),
    () => reduce(g, 'sum', x, [0, 0], false),
    () => topK(g, x, { k: 4, axis: 1, largest: true }),
    () => softmax(g, x, -1, false),
    () => pool(g, image, 'max', { ...window, size: [5, 2] }),
    () => pool(g, image, 'max', { ...window, pads: [[2, 0], [0, 0]] }), // prettier-ignore
    () => pool(g, image, 'max', { ...window, strides: [0, 1] }),
    () => pool(g, image, 'max', { ...window, size: [2] }),
    () => batchNorm(g, image, { mean: gain, variance: gain, epsilon: 0 }, 1),
    () => groupNorm(g, image, 3, { epsilon: 0 }),
    () => layerNorm(g, image, 3, { gamma: gain, epsilon: 0 }),
    () => resize(g, image, [1, 2, 4], { mode: 'linear', coordinates: 'halfPixel' }),
    () => resize(g, image, [1, 2, 4, 0], { mode: 'linear', coordinates: 'halfPixel' }),
    () => resize(g, image, [1, 2, 4, 8], { mode: 'linear', coordinates: 'halfPixel', scales: [1, 1, 1, 0] }),
  ];
  for (const [i, call] of damaged.entries())
    assert.throws(call, (error) => BitLensError.is(error, 'bad-file'), `damaged ${i}`);
  const unknown: readonly (() => unknown)[] = [
    () => pool(g, asConstant(counted([1, 1, 2, 2, 2])), 'max', window),
    () => pool(g, image, 'average', { ...window, dilation: [2, 1] }),
    () => resize(g, image, [1, 1, 4, 2 ** 22], { mode: 'linear', coordinates: 'halfPixel' }),
  ];
  for (const [i, call] of unknown.entries())
    assert.throws(call, (error) => BitLensError.is(error, 'unsupported'), `unsupported ${i}`);
});
