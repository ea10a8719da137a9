// Operations that move values: what they give, how few nodes they take, what becomes of quantizers, and what is refused.

import assert from 'node:assert/strict';
import test from 'node:test';
import { BitLensError } from '../../../../src/core/errors.ts';
import { concat } from '../../../../src/core/importers/tensors/concat.ts';
import { constant, constantOf } from '../../../../src/core/importers/tensors/constants.ts';
import { gather, gatherElements } from '../../../../src/core/importers/tensors/gather.ts';
import { expand, pad, slice, tile } from '../../../../src/core/importers/tensors/moving.ts';
import { transpose } from '../../../../src/core/importers/tensors/shape.ts';
import { tensorGraph } from '../../../../src/core/importers/tensors/tensorGraph.ts';
import type { Constant, Tensor } from '../../../../src/core/importers/tensors/tensor.ts';
import { asConstant, assertSame, counted, emitted, fold, graphOf, run, type Build } from './support.ts';

const g = tensorGraph('test.model');
const ints = (shape: readonly number[], list: readonly number[]): Constant =>
  constant('ints', shape, 'int', list);

/** Numbers of what a function makes of the constant 0, 1, 2 … */
function folded(shape: readonly number[], build: (x: Tensor) => Tensor): readonly number[] {
  return Array.from(fold([counted(shape)], (_, x) => [build(x)])[0]!.values);
}

test('constants: each operation by an example', () => {
  assert.deepEqual(
    folded([2, 1], (x) => expand(g, x, [1, 2])),
    [0, 0, 1, 1],
    'extents of both shapes',
  );
  assert.deepEqual(
    folded([2, 2], (x) => tile(g, x, [1, 2])),
    [0, 1, 0, 1, 2, 3, 2, 3],
  );
  assert.deepEqual(
    folded([2, 3], (x) => slice(g, x, { starts: [0, 2], sizes: [2, 2], steps: [1, -2] })),
    [2, 0, 5, 3],
  );
  assert.deepEqual(
    folded([4], (x) => pad(g, x, [[2, 1]], 'reflect')),
    [2, 1, 0, 1, 2, 3, 2],
  );
  assert.deepEqual(
    folded([2], (x) => pad(g, x, [[2, 1]], 'edge')),
    [0, 0, 0, 1, 1],
  );
  assert.deepEqual(
    folded([3], (x) => pad(g, x, [[-1, 2]], 'constant', 9)),
    [1, 2, 9, 9],
    'negative padding cuts',
  );
  assert.deepEqual(
    folded([2, 2], (x) => concat(g, [x, ints([2, 1], [7, 8])], 1)),
    [0, 1, 7, 2, 3, 8],
  );
  assert.deepEqual(
    folded([2, 3], (x) => gather(g, x, ints([2], [-1, 0]), 1)),
    [2, 0, 5, 3],
  );
  assert.deepEqual(
    folded([2, 3], (x) => gatherElements(g, x, ints([1, 4], [2, 0, -1, 1]), 1)),
    [2, 0, 2, 1],
  );
});

test('shape arithmetic is exact beyond float32, and takes lists without elements', () => {
  const large = ints([3], [2 ** 40 + 1, 2 ** 24 + 1, 5]);
  const empty = ints([0], []);
  const joined = concat(g, [empty, slice(g, large, { starts: [0], sizes: [2], steps: [1] }), empty], 0);
  const taken = gather(g, concat(g, [joined, large], 0), ints([], [-2]), 0) as Constant;
  assert.deepEqual([taken.shape, taken.numbers(), taken.type], [[], [2 ** 24 + 1], 'int']);
  assert.deepEqual((joined as Constant).numbers(), [2 ** 40 + 1, 2 ** 24 + 1]);
  assert.deepEqual((concat(g, [empty, empty], 0) as Constant).numbers(), []);
  const none = slice(g, large, { starts: [3], sizes: [0], steps: [1] }) as Constant;
  assert.deepEqual([none.shape, none.numbers()], [[0], []]);
});

test('a parameter keeps its quantizer and the values before it while its values only move', () => {
  const quantizer = { text: 'int4', bits: 4 };
  const weight = (name: string): Constant =>
    constantOf({
      name,
      shape: [2, 2],
      read: () => Float32Array.of(0, 1, 2, 3),
      latent: () => Float32Array.of(0.1, 1.1, 2.1, 3.1),
      quantizer,
    });
  const w = weight('w');
  const moved = [
    [slice(g, w, { starts: [0, 1], sizes: [2, 1], steps: [1, 1] }), [1, 3]],
    [tile(g, w, [1, 2]), [0, 1, 0, 1, 2, 3, 2, 3]],
    [gather(g, w, ints([1], [1]), 0), [2, 3]],
    [concat(g, [w, weight('v')], 1), [0, 1, 0, 1, 2, 3, 2, 3]],
    [pad(g, w, [[0, 0], [1, 0]]), [0, 0, 1, 0, 2, 3]], // prettier-ignore
  ] as const;
  for (const [tensor, expected] of moved) {
    assert.ok(tensor.kind === 'constant');
    assert.deepEqual([...tensor.weight.read()], expected);
    assert.equal(tensor.weight.quantizer, quantizer);
    const before = [...tensor.weight.latent!()];
    assert.deepEqual(
      before.map((value) => Math.floor(value)),
      expected,
    );
    assert.ok(before.some((value) => value % 1 !== 0));
  }
  const plain = constant('plain', [2, 2], 'float', [5, 6, 7, 8]);
  for (const mixed of [
    concat(g, [w, plain], 0),
    pad(
      g,
      w,
      [
        [0, 1],
        [0, 0],
      ],
      'constant',
      9,
    ),
  ])
    // prettier-ignore
    assert.ok(mixed.kind === 'constant' && !mixed.weight.quantizer && !mixed.weight.latent);
});

test('weights are not read before their values are asked for', () => {
  const reads: string[] = [];
  const w = constantOf({ name: 'w', shape: [64, 64], read: () => (reads.push('w'), new Float32Array(4096)) });
  const moved = concat(
    g,
    [slice(g, tile(g, w, [2, 1]), { starts: [0, 0], sizes: [64, 8], steps: [1, 1] }), w],
    1,
  );
  const taken = gather(g, moved, ints([2], [0, 5]), 0);
  assert.equal(reads.join(), '');
  assert.ok(taken.kind === 'constant');
  assert.equal(taken.weight.read().length, 2 * 72);
  assert.ok(reads.includes('w'));
});

test('operations take the arrangement they find: one node each', () => {
  const image: Build = (graph, x) => {
    const nchw = transpose(graph, x, [0, 3, 1, 2]);
    const grown = pad(graph, nchw, [[0, 0], [0, 0], [1, 1], [1, 1]]); // prettier-ignore
    const cut = slice(graph, grown, { starts: [0, 0, 0, 0], sizes: [1, 3, 4, 4], steps: [1, 1, 2, 1] });
    const both = concat(graph, [cut, cut], 1);
    return [transpose(graph, tile(graph, both, [1, 1, 2, 1]), [0, 2, 3, 1])];
  };
  assert.deepEqual(emitted([[1, 6, 6, 3]], image), ['pad', 'slice', 'concat', 'tile']);
});

test('a token joins a sequence without moving it, a new axis is stacked by a reshape each', () => {
  const token: Build = (graph, x) => [concat(graph, [asConstant(counted([1, 1, 4]), 'token'), x], 1)];
  assert.deepEqual(emitted([[1, 3, 4]], token), ['constant', 'concat']);
  const stack: Build = (graph, a, b) => {
    const up = (x: Tensor): Tensor => ({ ...x, shape: [1, 1, 4], axes: [2] }) as Tensor;
    return [concat(graph, [up(a), up(b)], 1)];
  };
  assert.deepEqual(emitted([[1, 4], [1, 4]], stack), ['reshape', 'reshape', 'concat']); // prettier-ignore
});

test('operands are joined as the one with the most axes stands', () => {
  const build: Build = (graph, row, image) => {
    const first = { ...row, shape: [1, 4, 1], axes: [1] } as Tensor;
    return [transpose(graph, concat(graph, [first, transpose(graph, image, [0, 2, 1])], 2), [0, 2, 1])];
  };
  assert.deepEqual(emitted([[1, 4], [1, 3, 4]], build), ['reshape', 'concat']); // prettier-ignore
});

test('gather: a range is a slice, a parameter by computed indices an embedding', async () => {
  const range: Build = (graph, x) => [gather(graph, x, ints([3], [4, 2, 0]), 1)];
  assert.deepEqual(emitted([[1, 5]], range), ['slice']);
  assert.deepEqual(
    emitted([[1, 5]], (graph, x) => [gather(graph, x, ints([3], [4, 2, 1]), 1)]),
    ['gather'],
  );
  assert.deepEqual(
    emitted([[1, 5]], (graph, x) => [gather(graph, x, ints([], [0]), 0)]),
    [],
    'the batch axis holds nothing to choose from',
  );
  const table = counted([4, 3]);
  const indices = { shape: [1, 2], values: [3, 1] };
  for (const axis of [0, 1]) {
    const source = axis === 0 ? table : { shape: [3, 4], values: [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11] };
    const embed: Build = (graph, x) => [gather(graph, asConstant(source, 'table'), x, axis)];
    const { graph } = graphOf([[1, 2]], embed);
    assert.deepEqual(
      graph.nodes.map(({ op }) => op.kind).filter((kind) => kind === 'embedding'),
      ['embedding'],
    );
    const expected =
      axis === 0
        ? { shape: [1, 2, 3], values: [9, 10, 11, 3, 4, 5] }
        : { shape: [3, 1, 2], values: [9, 3, 10, 4, 11, 5] };
    assertSame(await run([indices], embed), [expected], 0);
  }
});

test('gather and gatherElements by computed indices', async () => {
  const data = counted([1, 3, 4]);
  const build: Build = (graph, x, rows, places) => [
    gather(graph, x, rows, 1),
    gather(graph, transpose(graph, x, [0, 2, 1]), rows, 2),
    gatherElements(graph, x, places, 2),
  ];
  const rows = { shape: [1, 2], values: [2, 0] };
  const places = { shape: [1, 2, 2], values: [3, 0, 1, 2] };
  assertSame(
    await run([data, rows, places], build),
    [
      { shape: [1, 1, 2, 4], values: [8, 9, 10, 11, 0, 1, 2, 3] },
      { shape: [1, 4, 1, 2], values: [8, 0, 9, 1, 10, 2, 11, 3] },
      { shape: [1, 2, 2], values: [3, 0, 5, 6] },
    ],
    0,
  );
});

test('what cannot be is refused as a damaged file', () => {
  const x = asConstant(counted([2, 3]));
  const wrong: readonly (() => unknown)[] = [
    () => expand(g, x, [4, 3]),
    () => expand(g, x, [2 ** 20, 2 ** 20, 1, 1]),
    () => tile(g, x, [2]),
    () => tile(g, x, [2 ** 40, 1]),
    () => slice(g, x, { starts: [0, 2], sizes: [2, 2], steps: [1, 1] }),
    () => slice(g, x, { starts: [0, 0], sizes: [-1, 3], steps: [1, 1] }),
    () => pad(g, x, [[2, 0], [0, 0]], 'reflect'), // prettier-ignore
    () => pad(g, x, [[0, 0], [0, 2 ** 40]]), // prettier-ignore
    () => pad(g, x, [[-2, -1], [0, 0]]), // prettier-ignore
    () => concat(g, [x, asConstant(counted([3, 3]))], 1),
    () => concat(g, [x], 2),
    () => concat(g, [], 0),
    () => gather(g, x, ints([1], [3]), 1),
    () => gather(g, x, ints([1], [-4]), 1),
    () => gather(g, x, ints([1], [0.5]), 1),
    () => gather(g, x, ints([1], [0]), 2),
    () => gatherElements(g, x, ints([3, 1], [0, 0, 0]), 1),
    () => gatherElements(g, x, ints([2], [0, 0]), 0),
  ];
  for (const [i, call] of wrong.entries())
    assert.throws(call, (error) => BitLensError.is(error, 'bad-file'), `case ${i}`);
});
