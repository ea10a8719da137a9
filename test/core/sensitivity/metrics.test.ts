import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  additiveLoss,
  compareOutputs,
  dropOf,
  SQNR_CEILING,
  type HeadValues,
} from '../../../src/core/sensitivity/metrics.ts';

const head = (kind: HeadValues['kind'], size: number, ...values: number[]): HeadValues[] => [
  { kind, size, values: Float32Array.from(values) },
];
const near = (actual: number | null, expected: number) =>
  assert.ok(Math.abs(actual! - expected) < 1e-6, `${actual} ≉ ${expected}`);

test('SQNR is the pooled ratio in decibels, MSE the mean over outputs', () => {
  const { sqnr, mse } = compareOutputs(
    head('linear', 2, 3, 4, 0, 0),
    head('linear', 2, 3, 3, 0, 0),
    undefined,
  );
  near(sqnr, 10 * Math.log10(25));
  near(mse, 1 / 4);
});

test('equal outputs reach the ceiling; a silent network with noise does not crash', () => {
  assert.equal(compareOutputs(head('linear', 1, 2), head('linear', 1, 2), undefined).sqnr, SQNR_CEILING);
  assert.ok(compareOutputs(head('linear', 1, 0), head('linear', 1, 1), undefined).sqnr < -1000);
});

test('KL of two softmax rows by hand', () => {
  const p = [0.8, 0.2];
  const q = [0.5, 0.5];
  const { kl, agreement } = compareOutputs(
    head('softmax', 2, ...p.map(Math.log)),
    head('softmax', 2, ...q.map(Math.log)),
    undefined,
  );
  near(kl, 0.8 * Math.log(1.6) + 0.2 * Math.log(0.4));
  assert.equal(agreement, 1);
});

test('accuracy is measured with labels and estimated from the float probabilities without', () => {
  const float = head('softmax', 2, ...[0.8, 0.2, 0.4, 0.6].map(Math.log));
  const quantized = head('softmax', 2, 0, 1, 0, 1);
  assert.equal(compareOutputs(float, quantized, Int32Array.of(1, 1)).accuracy, 1);
  near(compareOutputs(float, quantized, undefined).accuracy, (0.2 + 0.6) / 2);
});

test('a single sigmoid is a choice between two classes', () => {
  const { accuracy, kl } = compareOutputs(
    head('sigmoid', 1, 2, -2),
    head('sigmoid', 1, 2, 2),
    Int32Array.of(1, 0),
  );
  assert.equal(accuracy, 0.5);
  assert.ok(kl! > 0.1);
});

test('the drop is accuracy for classifiers and noise power for regressions', () => {
  const metrics = { sqnr: 20, kl: null, mse: 1, agreement: null, accuracy: null, accuracyError: null };
  near(dropOf(metrics, null), 0.01);
  near(dropOf({ ...metrics, accuracy: 0.8 }, 0.85), 0.05);
});

test('every metric gives a loss that grows with damage', () => {
  const good = { sqnr: 40, kl: 0.01, mse: 0.1, agreement: 1, accuracy: 0.9, accuracyError: 0 };
  const bad = { sqnr: 10, kl: 0.5, mse: 2, agreement: 0.5, accuracy: 0.4, accuracyError: 0 };
  for (const metric of ['kl', 'sqnr', 'mse', 'accuracy'] as const) {
    assert.ok(additiveLoss(bad, metric) > additiveLoss(good, metric));
  }
});
