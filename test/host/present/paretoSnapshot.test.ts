import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paretoSnapshot } from '../../../src/host/present/paretoSnapshot.ts';
import { plain } from '../../support/plainTranslate.ts';
import {
  buildRegression,
  buildResult,
  SYNTHETIC,
  UNLABELLED,
  widthsOf,
  candidate,
} from '../../support/resultBuilder.ts';

test('a point for every candidate with its kind and marks', () => {
  const { points, subtitle } = paretoSnapshot(buildResult(), 2, plain);
  assert.deepEqual(
    points.map((point) => [point.index, point.label, point.kind, point.active, point.chosen]),
    [
      [0, 'W8A8', 'uniform', false, false],
      [1, 'W4A4', 'front', false, false],
      [2, 'amp 3', 'front', true, false],
      [3, 'dp 1/9', 'front', false, true],
      [4, 'dp 2/9', 'dominated', false, false],
    ],
  );
  assert.equal(subtitle, '5 plans measured, 3 on the front · active plan amp 3: +0.1 ± 0.2 %, 3.55M BOPs');
});

test('points carry all metrics and costs', () => {
  const { values } = paretoSnapshot(buildResult(), null, plain).points[3]!;
  assert.equal(values['drop'], 0.006);
  assert.equal(values['kl'], 0.03);
  assert.equal(values['agreement'], 1);
  assert.equal(values['bops'], 48_672 * 4 * 8 + 13_520 * 4 * 8);
  assert.equal(values['lut'], 1947 + 50 + 541);
});

test('the axes are those of the front: loss against the objective', () => {
  const view = paretoSnapshot(buildResult(), null, plain);
  assert.deepEqual([view.metric, view.cost], ['drop', 'bops']);
  assert.deepEqual(view.limit, { drop: 0.01 });
  assert.equal(view.float['drop'], 0);
  const { settings } = buildResult();
  assert.equal(
    paretoSnapshot(buildResult({ settings: { ...settings, objective: 'lut' } }), null, plain).cost,
    'lut',
  );
});

test('costs are those that some plan has, with their basis in words', () => {
  const { costs } = paretoSnapshot(buildResult(), null, plain);
  assert.deepEqual(
    costs.map(({ id, title, unit, basis }) => [id, title, unit, basis]),
    [
      ['bops', 'BOPs', 'bit operations', 'MACs × widths (formula)'],
      ['bits', 'Model size', 'bits', 'MACs × widths (formula)'],
      ['lut', 'LUT', '', 'csynth of dense layers (calibrated; error: LUT 6 %)'],
      ['dsp', 'DSP', '', 'csynth of dense layers (calibrated; error: LUT 6 %)'],
      ['ff', 'FF', '', ''],
      ['bram', 'BRAM18', '', ''],
      ['latency', 'Latency', 'cycles', ''],
    ],
  );
});

test('flips are told in words and cut with their number', () => {
  const few = paretoSnapshot(buildResult(), null, plain).points[3]!;
  assert.equal(few.detail, 'conv1: W8A8 → W4A8, dense: W8A8 → W4A8');
  const flips = Array.from({ length: 40 }, (_, i) => ({
    group: `conv_layer_${i}`,
    from: 'W8A8',
    to: 'W4A4',
  }));
  const many = buildResult({ candidates: [candidate('x', widthsOf(4, 4, 4), 0, { flips })] });
  const { detail } = paretoSnapshot(many, null, plain).points[0]!;
  assert.match(detail, /^conv_layer_0: W8A8 → W4A4, .* and 3\d more$/);
  assert.ok(detail.length <= 115, detail);
});

test('budget and notes come from the settings and the data', () => {
  const { settings } = buildResult();
  const view = paretoSnapshot(
    buildResult({
      settings: { ...settings, budget: { lut: 2000 }, maxDrop: null },
      calibration: UNLABELLED,
      notes: ['The metric did not fall steadily.'],
    }),
    null,
    plain,
  );
  assert.deepEqual(view.budget, { lut: 2000 });
  assert.deepEqual(view.limit, {});
  assert.deepEqual(view.notes, [
    'Calibrated on calibration.npz: x uint8 256×28×28, 256 samples.',
    'Measured on test.npz: x_test uint8 1000×28×28, y_test, 1000 samples.',
    'Accuracy lost is measured with labels.',
    'The metric did not fall steadily.',
    'Accepted: at most 2k LUT.',
  ]);
});

test('an estimate without labels says how it is made and what is added to it', () => {
  const { notes } = paretoSnapshot(
    buildResult({
      calibration: SYNTHETIC,
      evaluation: SYNTHETIC,
      float: { accuracy: 0.9, calibrationAccuracy: 0.9, accuracyBasis: 'estimate', dropPerNat: 0.6 },
    }),
    null,
    plain,
  );
  assert.equal(notes.filter((note) => note.startsWith('Synthetic calibration')).length, 1);
  assert.ok(notes.some((note) => note.startsWith('No labels. Accuracy is estimated')));
  assert.ok(
    notes.includes('Without labels a plan counts as losing at least 0.6 % per 0.01 nats of KL divergence.'),
  );
});

test('a network without classes is judged by SQNR, limit included', () => {
  const view = paretoSnapshot(buildRegression(), null, plain);
  assert.equal(view.metric, 'sqnr');
  assert.deepEqual(
    view.metrics.map(({ id, better }) => [id, better]),
    [
      ['sqnr', 'higher'],
      ['mse', 'lower'],
    ],
  );
  assert.deepEqual(view.limit, { sqnr: 20 });
  assert.equal(view.points[3]!.values['sqnr'], 30);
  assert.equal(view.points[3]!.values['drop'], null);
});

test('a run stopped before the first plan has no points', () => {
  const view = paretoSnapshot(
    buildResult({ candidates: [], front: [], chosen: null, status: 'cancelled' }),
    null,
    plain,
  );
  assert.deepEqual(view.points, []);
  assert.equal(view.subtitle, '0 plans measured, 0 on the front');
});
