// What all importers say in one way: operations without a row, shapes that are left open, orders of nodes, encodings.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BitLensError } from '../../../src/core/errors.ts';
import { inputShapes, oneSampleFirst } from '../../../src/core/importers/inputShape.ts';
import { inOrder } from '../../../src/core/importers/order.ts';
import { reasonOf, unsupportedError } from '../../../src/core/importers/unsupported.ts';
import { affineQuantizer, realValues } from '../../../src/core/quantizers/affine.ts';

describe('operations that cannot be read', () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => `n${i}`);

  test('are listed by reason, with the layers that can be read', () => {
    const issues = [
      { layer: 'a', reason: 'Einsum (opset 12): an index twice' },
      { layer: 'b', reason: 'Loop (opset 11): a loop without end' },
      { layer: 'c', reason: 'Einsum (opset 12): an index twice' },
    ];
    assert.equal(
      unsupportedError('net.onnx', issues, ['first', 'a', 'last', 'first']).message,
      'net.onnx cannot be imported because of some of its operations. ' +
        'Einsum (opset 12): an index twice: a, c; Loop (opset 11): a loop without end: b. ' +
        'Export the part of the model without them. Layers that can be read: first, last.',
    );
  });

  test('long lists end in a count; without readable layers the hint says so', () => {
    const issues = names(25).map((layer) => ({ layer, reason: 'Foo: new' }));
    const error = unsupportedError('net', issues, names(25));
    assert.match(error.message, /: n0, .*, n19 and 5 more\. Replace them by others, or export/);
  });

  test('reasons are told without the file and the layer', () => {
    const text = (what: string) => reasonOf(new BitLensError('unsupported', [what]), 'net', 'fc');
    assert.equal(text('net: layer fc: odd.'), 'odd');
    assert.equal(text('net: odd'), 'odd');
    assert.equal(text('odd: net: layer fc'), 'odd: net: layer fc');
  });
});

describe('shapes of inputs', () => {
  const x = { name: 'x', shape: [1, 3, null, null] };

  test('that are known need nothing, and what is given must fit them', () => {
    const known = { name: 'x', shape: [8, 4] };
    assert.deepEqual(inputShapes('net', [known], undefined), [[8, 4]]);
    assert.deepEqual(inputShapes('net', [known], [[4]]), [[8, 4]]);
    assert.throws(() => inputShapes('net', [known], [[5]]), /Input x of net is 4, which the given shape 5/);
  });

  test('that are open come from the user, with or without the batch', () => {
    assert.deepEqual(inputShapes('net', [x], [[3, 5, 6]]), [[1, 3, 5, 6]]);
    assert.deepEqual(inputShapes('net', [x], [[1, 3, 5, 6]]), [[1, 3, 5, 6]]);
    assert.deepEqual(inputShapes('net', [{ name: 'x', shape: undefined }], [[7]]), [[1, 7]]);
    for (const given of [
      [4, 5, 6],
      [3, 5],
      [2, 3, 5, 6],
    ])
      assert.throws(
        () => inputShapes('net', [x], [given]),
        (error) => BitLensError.is(error, 'bad-option'),
      );
  });

  test('that nobody gives are asked for, and the answer says how', () => {
    assert.throws(
      () => inputShapes('net', [x], undefined),
      (error) =>
        BitLensError.is(error, 'needs-input-shape') &&
        /^net leaves the shape of its input x open: 3×\?×\?\./.test(error.message) &&
        /--input-shape 3,224,224 .*--data/.test(error.message),
    );
    assert.throws(() => inputShapes('net', [{ name: 'x', shape: undefined }], undefined), /open: no shape/);
    assert.throws(() => inputShapes('net', [x, x], [[3, 5, 6]]), /has 2 inputs, but 1 input shapes/);
  });

  test('a first extent that is no batch is read as it is, and the first error counts', () => {
    const fails = (kind: 'bad-file' | 'unsupported', what: string) => (): string => {
      throw new BitLensError(kind, [what]);
    };
    assert.equal(
      oneSampleFirst(() => 'one', fails('bad-file', 'never')),
      'one',
    );
    assert.equal(
      oneSampleFirst(fails('bad-file', 'one'), () => 'stored'),
      'stored',
    );
    assert.throws(
      () => oneSampleFirst(fails('bad-file', 'one'), fails('bad-file', 'two')),
      /^BitLensError: one/,
    );
    assert.throws(() => oneSampleFirst(fails('unsupported', 'one'), () => 'stored'), /one/);
  });
});

describe('the order of nodes', () => {
  const order = (reads: Readonly<Record<string, string>>): readonly string[] =>
    inOrder(
      Object.keys(reads),
      (name) => reads[name]!.split(' ').filter(Boolean),
      (item, reader) => new Error(`${item} through ${reader}`),
    );

  test('stays where it is one, else each follows what it reads', () => {
    assert.deepEqual(order({ a: '', c: '', b: 'a c', d: 'b a' }), ['a', 'c', 'b', 'd']);
    assert.deepEqual(order({ d: 'b c', b: 'a', c: 'a', a: '' }), ['a', 'b', 'c', 'd']);
  });

  test('cycles are found, and chains may be long', () => {
    assert.throws(() => order({ a: 'c', b: 'a', c: 'b' }), /a through b/);
    assert.throws(() => order({ a: 'a' }), /a through a/);
    const chain = Array.from({ length: 50_000 }, (_, i) => i);
    const last = inOrder(
      chain,
      (i) => (i + 1 < chain.length ? [i + 1] : []),
      () => new Error('cycle'),
    );
    assert.deepEqual([last[0], last.at(-1)], [chain.length - 1, 0]);
  });
});

describe('quantizers by scale and zero point', () => {
  const codes = { scale: [0.5], zero: [3], low: -8, high: 7, inner: 1 };

  test('of a whole tensor have a grid and our words', () => {
    const { text, bits, grid, apply } = affineQuantizer(codes);
    assert.deepEqual([text, bits], ['int4 asymmetric scale=0.5 zero=3', 4]);
    assert.deepEqual([grid?.low[0], grid?.high[0]], [-11, 4]);
    assert.deepEqual([...apply(Float32Array.of(-9, 0.25, 0.75, 9), [4])], [-5.5, 0, 1, 2]);
    assert.equal(affineQuantizer({ ...codes, zero: [0], low: -7 }).text, 'int4 scale=0.5');
    assert.equal(affineQuantizer({ ...codes, zero: [0], low: 0 }).text, 'uint3 asymmetric scale=0.5 zero=0');
  });

  test('of channels have one scale each; codes wider than our formats have no format', () => {
    const two = { ...codes, scale: [0.5, 2], zero: [0, 0], inner: 2 };
    const { text, grid, format, apply } = affineQuantizer(two);
    assert.deepEqual([text, grid, format?.kind], ['int4 per-channel', undefined, 'int']);
    assert.deepEqual([...apply(Float32Array.of(0.6, 9, 3.1, 99), [2, 2])], [0.5, 3.5, 4, 14]);
    assert.deepEqual([...realValues([1, -2, 3, 4], two)], [0.5, -1, 6, 8]);
    assert.deepEqual([...realValues([1, 4], codes)], [-1, 0.5]);
    const wide = affineQuantizer({ ...codes, low: -(2 ** 31), high: 2 ** 31 - 1 });
    assert.deepEqual([wide.bits, wide.format], [32, undefined]);
  });
});
