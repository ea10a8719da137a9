import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibrationAccuracy, rowText, worstLoss } from '../../../src/host/present/losses.ts';
import { plain } from '../../support/plainTranslate.ts';
import { buildRegression, buildResult, slotRow, SYNTHETIC } from '../../support/resultBuilder.ts';

test('sensitivity is compared with the accuracy on the samples it was measured on', () => {
  const { float } = buildResult();
  assert.equal(calibrationAccuracy(buildResult({ float: { ...float, calibrationAccuracy: 0.97 } })), 0.97);
});

test('synthetic samples and regressions have no accuracy', () => {
  assert.equal(calibrationAccuracy(buildResult({ calibration: SYNTHETIC, evaluation: SYNTHETIC })), null);
  assert.equal(calibrationAccuracy(buildRegression()), null);
});

test('the worst loss is the largest drop, else the lowest SQNR', () => {
  const rows = [slotRow('a', 4, 0.003), slotRow('b', 8, -0.001)];
  assert.equal(worstLoss(rows, 0.9), '−0.3 %');
  assert.equal(worstLoss(rows, null), '24 dB');
  assert.equal(worstLoss([], 0.9), undefined);
});

test('a row reads loss and ranked metric', () => {
  const row = slotRow('a', 4, 0.003, { kl: 0.004, mse: 0.5 });
  assert.equal(rowText(buildResult(), row, 0.9, plain), '−0.3 ± 0.2 % · KL 0.0040');
  assert.equal(rowText(buildResult({ ranking: 'mse' }), row, 0.9, plain), '−0.3 ± 0.2 % · MSE 0.50');
  assert.equal(rowText(buildResult({ ranking: 'sqnr' }), row, 0.9, plain), '−0.3 ± 0.2 % · 24 dB');
  assert.equal(rowText(buildResult(), row, null, plain), '24 dB · KL 0.0040');
  assert.equal(rowText(buildRegression(), { ...row, kl: null, accuracy: null }, null, plain), '24 dB');
});
