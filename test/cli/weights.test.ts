import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TensorListing } from '../../src/core/importers/importer.ts';
import { bitlens, json } from './support.ts';

const WEIGHTS = 'test/fixtures/models/pytorch/checkpoint.pth';

test('inspect lists the tensors of a file of weights, and how to export its network', async () => {
  const { code, stdout } = await bitlens(['inspect', WEIGHTS]);
  assert.equal(code, 0);
  assert.match(stdout, /^checkpoint\.pth \(PyTorch weights \(zip\)\)$/m);
  assert.match(stdout, /^epoch: 3$/m);
  assert.match(stdout, /^a\.weight +float32 +2×3 +6 +24 +-0\.\d+ +0\.\d+$/m);
  assert.match(stdout, /^Total +17 +72$/m);
  assert.match(stdout, /^ {2}torch\.onnx\.export\(model, \(example,\), "model\.onnx"\)$/m);
  const found = await json<TensorListing>(['inspect', WEIGHTS]);
  assert.deepEqual(
    found.tensors.map(({ bytes }) => bytes),
    [24, 8, 8, 8, 8, 8, 8],
  );
  assert.equal(found.advice.length, 2);
});

test('analysing a file of weights fails with how to export its network', async () => {
  const { code, stderr } = await bitlens(['evaluate', WEIGHTS, '--data', 'examples/digits/test.npz']);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /holds 7 tensors of weights and no network\. Export the network .*torch\.export\.save/,
  );
});
