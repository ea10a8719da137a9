// What several formats say in the same way: strided indices, parts, blocks of space, padding by a word, orders of gates.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BitLensError } from '../../../../src/core/errors.ts';
import { batchToSpace, convolveBlocks, spaceToBatch } from '../../../../src/core/importers/tensors/blocks.ts';
import { conv } from '../../../../src/core/importers/tensors/convolution.ts';
import { activate } from '../../../../src/core/importers/tensors/elementwise.ts';
import { gatesInOrder } from '../../../../src/core/importers/tensors/gates.ts';
import { toChannelsFirst, toChannelsLast } from '../../../../src/core/importers/tensors/layout.ts';
import {
  padSymmetric,
  reverse,
  split,
  stack,
  unstack,
} from '../../../../src/core/importers/tensors/parts.ts';
import { swapLast } from '../../../../src/core/importers/tensors/shape.ts';
import { stridedSlice, type StridedIndex } from '../../../../src/core/importers/tensors/stridedSlice.ts';
import type { Tensor } from '../../../../src/core/importers/tensors/tensor.ts';
import { tensorGraph } from '../../../../src/core/importers/tensors/tensorGraph.ts';
import { halves, outputPaddingFor, samePads } from '../../../../src/core/importers/tensors/window.ts';
import type { Pads } from '../../../../src/core/ir/ops.ts';
import {
  asConstant,
  assertSame,
  counted,
  fold,
  graphOf,
  kindsOf,
  run,
  values,
  type Build,
} from './support.ts';

const g = tensorGraph('test.model');

const badFile = (error: unknown): boolean => BitLensError.is(error, 'bad-file');

describe('strided slices', () => {
  /** Parts as Python writes them: `1:5:2`, `...`, `new`, `3`. */
  function indexOf(text: string): StridedIndex {
    const parts = text.split(' ');
    const bits = (is: (part: string) => boolean): number =>
      parts.reduce((mask, part, i) => (is(part) ? mask | (1 << i) : mask), 0);
    const numbers = (at: number, otherwise: number) =>
      parts.map((part) => Number(part.split(':')[at] || otherwise) || otherwise);
    return {
      begins: numbers(0, 0),
      ends: numbers(1, 0),
      strides: numbers(2, 1),
      masks: {
        begin: bits((part) => part.startsWith(':')),
        end: bits((part) => /^[^:]*:(:|$)/.test(part)),
        ellipsis: bits((part) => part === '...'),
        newAxis: bits((part) => part === 'new'),
        shrink: bits((part) => /^-?\d+$/.test(part)),
      },
    };
  }

  // Expected: numpy's basic indexing of arange(24).reshape(2, 3, 4).
  const rows: readonly (readonly [string, readonly number[], readonly number[]])[] = [
    ['1', [3, 4], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]],
    ['... -1', [2, 3], [3, 7, 11, 15, 19, 23]],
    ['0 ... 1:3', [3, 2], [1, 2, 5, 6, 9, 10]],
    ['new 1 :: 0', [1, 3], [12, 16, 20]],
    ['0 1 new ::-2', [1, 2], [7, 5]],
    ['1 -2: ::3', [2, 2], [16, 19, 20, 23]],
    ['-1 2:0:-1 -1:-9:-3', [2, 2], [23, 20, 19, 16]],
  ];
  for (const [text, shape, expected] of rows)
    test(`x[${text.split(' ').join(', ')}]`, async () => {
      const build: Build = (graph, x) => [stridedSlice(graph, x, indexOf(text))];
      const x = counted([2, 3, 4]);
      assertSame(fold([x], build), [{ shape, values: expected }], 0);
      // A batch in front, as frameworks have it.
      const computed = await run([counted([1, 2, 3, 4])], (graph, input) => [
        stridedSlice(graph, input, indexOf(text.startsWith('...') ? text : `:: ${text}`)),
      ]);
      assertSame(computed, [{ shape: [1, ...shape], values: expected }], 0);
    });

  test('are refused when they do not fit', () => {
    const x = asConstant(counted([2, 3]));
    for (const text of ['0 0 0', '... ...', '2', '0:1:0.5'])
      assert.throws(() => stridedSlice(g, x, indexOf(text)), badFile, text);
  });
});

test('parts: split, stacked, unstacked, reversed, mirrored with the edge', () => {
  const of = (build: (x: Tensor) => readonly Tensor[]) => fold([counted([2, 3])], (_, x) => build(x));
  const lists = (build: (x: Tensor) => readonly Tensor[]) =>
    of(build).map((found) => [...Array.from(found.values)]);
  assert.deepEqual(
    lists((x) => split(g, x, 1, [1, 2])),
    [
      [0, 3],
      [1, 2, 4, 5],
    ],
  );
  assert.deepEqual(
    lists((x) => unstack(g, x, 0)),
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
  );
  assert.deepEqual(of((x) => unstack(g, x, 1))[2]!.shape, [2]);
  assert.deepEqual(of((x) => [stack(g, unstack(g, x, 1), 0)])[0]!.shape, [3, 2]);
  assert.deepEqual(
    lists((x) => [reverse(g, x, [0, 1])]),
    [[5, 4, 3, 2, 1, 0]],
  );
  assert.deepEqual(
    lists((x) => [swapLast(g, x)]),
    [[0, 3, 1, 4, 2, 5]],
  );
  const mirrored = of((x) => [
    padSymmetric(g, x, [
      [0, 1],
      [2, 0],
    ]),
  ]);
  assert.deepEqual(mirrored, [{ shape: [3, 5], values: [1, 0, 0, 1, 2, 4, 3, 3, 4, 5, 4, 3, 3, 4, 5] }]);
});

test('gates are reordered in whole groups of units', () => {
  const weights = asConstant(counted([6, 2]));
  assert.deepEqual(gatesInOrder(g, weights, [0, 1, 2]), weights);
  assert.deepEqual(gatesInOrder(g, weights, [1, 0, 2]).numbers(), [4, 5, 6, 7, 0, 1, 2, 3, 8, 9, 10, 11]);
  assert.throws(() => gatesInOrder(g, weights, [3, 2, 1, 0]), badFile);
});

test('padding by a word', () => {
  const window = { size: [3, 4], strides: [2, 1], dilation: [2, 1] };
  // 7 → 4 entries: 3 · 2 + 5 − 7; 6 → 6 entries: 5 + 4 − 6.
  assert.deepEqual(samePads([7, 6], window), [
    [2, 2],
    [1, 2],
  ]);
  assert.deepEqual(samePads([7, 6], window, 'begin'), [
    [2, 2],
    [2, 1],
  ]);
  assert.deepEqual(samePads([4], { size: [1], strides: [3] }), [[0, 0]]);
  assert.deepEqual(
    [halves(5, 'end'), halves(-3, 'begin')],
    [
      [2, 3],
      [0, 0],
    ],
  );
  const { size, strides } = { size: [3], strides: [2] };
  const pads = samePads([8], { size, strides });
  assert.deepEqual(outputPaddingFor([8], [4], { size, strides }, pads), [0]);
});

describe('blocks of space', () => {
  const kernel = asConstant(values([2, 3, 3, 3], (i) => ((i * 7) % 11) - 5));
  const convolved = (
    graph: Parameters<Build>[0],
    image: Tensor,
    dilation: readonly number[],
    pads: Pads,
  ): Tensor => {
    const attributes = { strides: [1, 1], dilation, pads, groups: 1 };
    const y = conv(graph, toChannelsFirst(graph, image), kernel, undefined, attributes);
    return toChannelsLast(graph, activate(graph, { fn: 'tanh' }, y));
  };
  const window = { strides: [1, 1], dilation: [1, 1] };
  /** A dilated convolution as older TensorFlow writes it: in blocks, by one without dilation. */
  const inBlocks =
    (recognized: boolean): Build =>
    (graph, x) => {
      const blocks = spaceToBatch(graph, x, [2, 3], [2, 3, 3, 4]);
      const run = (image: Tensor, dilation: readonly number[], pads: Pads): Tensor =>
        convolved(graph, image, dilation, pads);
      const none: Pads = [
        [0, 0],
        [0, 0],
      ];
      const y = (recognized && convolveBlocks(blocks, window, run)) || run(blocks, [1, 1], none);
      return [batchToSpace(graph, y, [2, 3], [0, 1, 0, 1])];
    };
  const image = values([1, 7, 8, 3], (i) => ((i * 13) % 17) / 8);

  test('a convolution of them is one with dilation', async () => {
    const { graph, shapes } = graphOf([image.shape], inBlocks(true));
    assert.deepEqual(kindsOf(graph), ['input', 'conv', 'activation']);
    const op = graph.nodes[1]!.op;
    assert.ok(op.kind === 'conv');
    assert.deepEqual(
      [op.dilation, op.pads],
      [
        [2, 3],
        [
          [2, 2],
          [3, 3],
        ],
      ],
    );
    assert.deepEqual(shapes, [[1, 7, 8, 2]]);
    assertSame(await run([image], inBlocks(true)), await run([image], inBlocks(false)), 1e-5);
  });

  test('with steps it is none', () => {
    const blocks = spaceToBatch(g, asConstant(image), [1, 2], [0, 0, 0, 0]);
    const never = (): Tensor => assert.fail('it was run');
    assert.equal(convolveBlocks(blocks, { ...window, strides: [2, 1] }, never), undefined);
    assert.equal(convolveBlocks(asConstant(image), window, never), undefined);
  });

  test('that do not divide the image are refused', () => {
    const x = asConstant(image);
    assert.throws(() => spaceToBatch(g, x, [2, 2], [0, 0, 0, 0]), badFile);
    assert.throws(() => spaceToBatch(g, x, [7, 0], [0, 0, 0, 0]), badFile);
    assert.throws(() => spaceToBatch(g, x, [7, 2], [0, 0]), badFile);
    assert.throws(() => batchToSpace(g, x, [2, 1], [0, 0, 0, 0]), badFile);
  });
});
