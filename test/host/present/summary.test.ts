import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusText, summary } from '../../../src/host/present/summary.ts';
import { plain } from '../../support/plainTranslate.ts';
import { buildRegression, buildResult, candidate, SYNTHETIC } from '../../support/resultBuilder.ts';

test('the summary names the recommended plan, its loss, and its cost beside W8A8', () => {
  assert.equal(
    summary(buildResult(), plain),
    'mnist.keras: recommended plan dp 1/9, accuracy −0.6 ± 0.2 % against float, 1.99M BOPs (50 % of W8A8).',
  );
});

test('when no plan respects the settings it says which settings', () => {
  assert.equal(
    summary(buildResult({ chosen: null }), plain),
    'mnist.keras: None of 5 measured plans respects the settings: at most 1 % lost, standard error included.',
  );
});

test('partial and synthetic results say so', () => {
  const stopped = summary(buildResult({ status: 'cancelled', calibration: SYNTHETIC }), plain);
  assert.match(
    stopped,
    /Partial results: the run was stopped after 5 plans\. Calibrated on synthetic data\.$/,
  );
  const early = summary(buildResult({ status: 'cancelled', candidates: [], front: [], chosen: null }), plain);
  assert.match(early, /^mnist\.keras: No plan was measured\. Partial results/);
});

test('a network without classes is summed up by SQNR', () => {
  assert.match(summary(buildRegression(), plain), /recommended plan dp 1\/9, SQNR 30 dB, 1\.99M BOPs/);
});

test('a plan without the cost in question is summed up by its loss', () => {
  const plan = candidate('x', {}, 0.001, { costs: {} });
  assert.match(
    summary(buildResult({ candidates: [plan], chosen: 0 }), plain),
    /recommended plan x, accuracy −0\.1 ± 0\.2 % against float\.$/,
  );
});

test('the status bar shows the mean weight width and the loss', () => {
  assert.equal(statusText(buildResult(), 0, plain).text, '$(pulse) 8.0 b avg · 0 %');
  assert.equal(statusText(buildResult(), 4, plain).text, '$(pulse) 7.0 b avg · −0.7 %');
  assert.equal(statusText(buildRegression(), 3, plain).text, '$(pulse) 4.0 b avg · 30 dB');
  const float = buildResult({ candidates: [candidate('x', { 'dense/weight': 4 }, 0)] });
  assert.equal(statusText(float, 0, plain).text, '$(pulse) 11.0 b avg · 0 %');
});

test('its tooltip tells plan, part and data', () => {
  assert.deepEqual(statusText(buildResult(), 3, plain).tooltip.split('\n'), [
    'mnist.keras: active plan dp 1/9: −0.6 ± 0.2 %, 1.99M BOPs',
    'This is the recommended plan.',
    'Virtex UltraScale+ VU9P: 0.2 % of the LUT, 0 % of the DSP',
    'Measured on test.npz: x_test uint8 1000×28×28, y_test, 1000 samples.',
  ]);
  assert.doesNotMatch(statusText(buildResult(), 0, plain).tooltip, /recommended/);
});

test('an index the result does not have shows the model alone', () => {
  assert.equal(statusText(buildResult(), 99, plain).text, '$(pulse) mnist.keras');
});

test('what a quantized model loses is counted from the model as trained', () => {
  const result = buildResult();
  const slots = result.model.slots.map((slot) =>
    slot.kind === 'weight' ? { ...slot, trained: 'int8' } : slot,
  );
  const trained = summary({ ...result, model: { ...result.model, slots } }, plain);
  assert.match(trained, /accuracy −0\.6 ± 0\.2 % against the model as trained, /);
});
