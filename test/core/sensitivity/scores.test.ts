import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeadValues } from '../../../src/core/sensitivity/metrics.ts';
import { crossEntropy, meanAuc } from '../../../src/core/sensitivity/scores.ts';

const head = (kind: HeadValues['kind'], size: number, ...values: number[]): HeadValues => ({
  kind,
  size,
  values: Float32Array.from(values),
});
const near = (actual: number | null, expected: number) =>
  assert.ok(Math.abs(actual! - expected) < 1e-6, `${actual} ≉ ${expected}`);
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

test('AUC of a single sigmoid: the share of pairs in the right order, ties half', () => {
  near(meanAuc(head('sigmoid', 1, 3, 1, 2, -1), Int32Array.of(1, 1, 0, 0)), 3 / 4);
  near(meanAuc(head('sigmoid', 1, 1, 1), Int32Array.of(1, 0)), 1 / 2);
});

test('AUC of a softmax is the mean over the classes that occur', () => {
  // Class 0 is told apart, class 1 half of the time, class 2 does not occur.
  const logits = [5, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0].map((v) => v);
  const labels = Int32Array.of(0, 1, 1, 0);
  const p = (row: number, c: number) =>
    Math.exp(logits[row * 3 + c]!) / [0, 1, 2].reduce((sum, k) => sum + Math.exp(logits[row * 3 + k]!), 0);
  const area = (c: number) => {
    let wins = 0;
    for (const [i, a] of labels.entries())
      for (const [j, b] of labels.entries())
        if (a === c && b !== c) wins += p(i, c) > p(j, c) ? 1 : p(i, c) === p(j, c) ? 0.5 : 0;
    return wins / 4;
  };
  near(meanAuc(head('softmax', 3, ...logits), labels), (area(0) + area(1)) / 2);
});

test('several sigmoids are one class each, not a pair', () => {
  const logits = head('sigmoid', 3, 2, -1, -3, -2, 3, -1, -4, -1, 1);
  const labels = Int32Array.of(0, 1, 2);
  assert.equal(meanAuc(logits, labels), 1);
  near(
    crossEntropy(logits, labels),
    -(Math.log(sigmoid(2)) + Math.log(sigmoid(3)) + Math.log(sigmoid(1))) / 3,
  );
});

test('with one class only there is no AUC', () => {
  assert.equal(meanAuc(head('softmax', 2, 1, 0, 0, 1), Int32Array.of(1, 1)), null);
});

test('cross-entropy is the mean surprise, floored as in Keras', () => {
  near(crossEntropy(head('softmax', 2, 0, 0, 0, 0), Int32Array.of(0, 1)), Math.LN2);
  near(crossEntropy(head('sigmoid', 1, 2), Int32Array.of(1)), -Math.log(sigmoid(2)));
  near(crossEntropy(head('softmax', 2, 1000, 0), Int32Array.of(1)), -Math.log(1e-7));
});
