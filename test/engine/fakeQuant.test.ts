import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import path from 'node:path';
import { before, test } from 'node:test';
import { normal, seeded } from '../../src/core/random.ts';
import { fakeQuantize, fixedGrid } from '../../src/core/quantizers/grid.ts';
import { startBackend } from '../../src/engine/backend/backend.ts';
import { composed, fakeQuantTensor } from '../../src/engine/backend/fakeQuant.ts';
import { FAKE_QUANT } from '../../src/engine/kernels/simd.ts';

before(() => startBackend(path.resolve('dist')));

const random = seeded(7);
const values = Float32Array.from({ length: 1003 }, () => 3 * normal(random));

for (const width of [1, 2, 4, 8, 16]) {
  for (const signed of [true, false]) {
    const grid = fixedGrid({ kind: 'fixed', width, integer: 2, signed });
    test(`${signed ? '' : 'un'}signed ${width} bits: backend and core agree to the last bit`, () => {
      const y = fakeQuantTensor(tf.tensor(values), grid).dataSync();
      const differing = fakeQuantize(values, grid).filter((value, i) => value !== y[i]);
      assert.equal(differing.length, 0);
    });
  }
}

test('the SIMD kernel and the composed ops give the same values, ties included', () => {
  assert.ok(tf.getKernel(FAKE_QUANT, 'wasm'));
  const x = tf.tensor([-2.5, -0.5, 0.5, 1.5, 2.5, 1e9, -1e9, 0.3]);
  const grid = fixedGrid({ kind: 'fixed', width: 4, integer: 4, signed: true });
  const other = composed(x, { scale: 1, low: -8, high: 7 });
  assert.deepEqual(
    [...fakeQuantTensor(x, grid).dataSync()].map((v) => v + 0),
    [...other.dataSync()].map((v) => v + 0),
  );
});
