import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { fixedGrid } from '../../src/core/quantizers/grid.ts';
import { createParameters } from '../../src/engine/backend/parameters.ts';
import { weightOf } from '../support/graphBuilder.ts';
import { startTestBackend } from './support.ts';

before(startTestBackend);

const weight = (name: string) => weightOf(name, [4], [0.1, 0.2, 0.3, 0.4]);
const BYTES = 16;

test('each weight and format is uploaded once, quantized', () => {
  const parameters = createParameters();
  const w = weight('w');
  const grid = fixedGrid({ kind: 'fixed', width: 3, integer: 0, signed: true });
  const quantized = parameters.get(w, 'fixed<3,0>', grid);
  assert.deepEqual([...quantized.dataSync()], [0.125, 0.25, 0.25, 0.375]);
  assert.equal(parameters.get(w, 'fixed<3,0>', grid), quantized);
  assert.notEqual(parameters.get(w, 'float32', undefined), quantized);
  parameters.dispose();
});

test('the least recently used go when the budget is spent', () => {
  const before = tf.memory().numTensors;
  const parameters = createParameters(6 * BYTES);
  const weights = Array.from({ length: 20 }, (_, i) => weight(`w${i}`));
  const tensors = weights.map((w) => parameters.get(w, 'float32', undefined));
  assert.ok(tf.memory().numTensors - before <= 8);
  assert.ok(tensors[0]!.isDisposed);
  assert.ok(!tensors[19]!.isDisposed);
  assert.ok(!parameters.get(weights[0]!, 'float32', undefined).isDisposed);
  parameters.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test('kernel and bias of one layer stay together though the kernel alone is over the budget', () => {
  const parameters = createParameters(BYTES / 2);
  const kernel = parameters.get(weight('kernel'), 'float32', undefined);
  const bias = parameters.get(weight('bias'), 'float32', undefined);
  assert.deepEqual([kernel.isDisposed, bias.isDisposed], [false, false]);
  parameters.dispose();
});
