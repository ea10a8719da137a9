import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../../src/core/result.ts';
import { heatmapSnapshot } from '../../../src/host/present/heatmapSnapshot.ts';
import type { HeatmapSnapshot } from '../../../src/protocol/webview.ts';
import { plain } from '../../support/plainTranslate.ts';
import {
  buildRegression,
  buildResult,
  candidate,
  slotRow,
  SYNTHETIC,
  UNLABELLED,
} from '../../support/resultBuilder.ts';

const snapshot = (result: Result, active: number | null = 3): HeatmapSnapshot =>
  heatmapSnapshot(result, active, new Set(['conv1']), plain);

test('a row for every slot with a choice of width, in network order, and the width of the active plan', () => {
  const { rows, bits, title } = snapshot(buildResult());
  assert.equal(title, 'mnist.keras');
  assert.deepEqual(bits, [8, 4, 2]);
  assert.deepEqual(
    rows.map((row) => [row.slot, row.part, row.layer, row.className, row.activeBits, row.linked]),
    [
      ['image/input', 'input', 'image', 'InputLayer', 8, false],
      ['conv1/weight', 'weight', 'conv1', 'Conv2D', 4, true],
      ['relu1/activation', 'activation', 'relu1', 'ReLU', 8, false],
      ['dense/weight', 'weight', 'dense', 'Dense', 4, false],
    ],
  );
});

test('rows of a layer stand together however the slots are listed', () => {
  const base = buildResult();
  const slots = [...base.model.slots].reverse();
  const { rows } = snapshot(buildResult({ model: { ...base.model, slots } }));
  assert.deepEqual(
    rows.map(({ layer }) => layer),
    ['image', 'conv1', 'relu1', 'dense'],
  );
});

test('cells carry format and every measure', () => {
  const cell = snapshot(buildResult()).rows[1]?.cells[1];
  assert.equal(cell?.format, 'fixed<4,0>');
  assert.deepEqual(
    { ...cell.values, drop: Number(cell.values['drop']?.toFixed(6)) },
    { drop: 0.003, kl: 0.004, sqnr: 24, mse: 1e-4, agreement: 0.95 },
  );
});

test('measures are those that are known, the ranking first shown', () => {
  const ids = (result: Result): string[] => snapshot(result).measures.map(({ id }) => id);
  assert.deepEqual(ids(buildResult()), ['drop', 'kl', 'sqnr', 'mse', 'agreement']);
  assert.equal(snapshot(buildResult()).measure, 'kl');
  assert.equal(snapshot(buildResult({ ranking: 'accuracy' })).measure, 'drop');
  assert.deepEqual(ids(buildRegression()), ['sqnr', 'mse']);
  assert.equal(snapshot(buildRegression()).measure, 'sqnr');
});

test('losses count from the accuracy on the calibration data, not from that of the evaluation', () => {
  const slots = [
    slotRow('conv1/weight', 8, 0, { accuracy: 0.99 }),
    slotRow('conv1/weight', 4, 0, { accuracy: 0.95, agreement: 0.9 }),
  ];
  const float = { ...buildResult().float, calibrationAccuracy: 0.99 };
  const { rows } = snapshot(
    buildResult({ calibration: UNLABELLED, float, sensitivity: { groups: [], slots } }),
  );
  assert.deepEqual(
    rows[1]?.cells.map(({ values }) => values['drop']?.toFixed(3)),
    ['0.000', '0.040'],
  );
});

test('synthetic data give no accuracy, and the first note says what they are', () => {
  const { measures, notes } = snapshot(buildResult({ calibration: SYNTHETIC, evaluation: SYNTHETIC }));
  assert.ok(!measures.some(({ id }) => id === 'drop'));
  assert.match(notes[0] ?? '', /^Synthetic calibration/);
  assert.ok(notes.includes('synthetic calibration (seed 1)'));
});

test('an unfinished run says so first', () => {
  assert.match(
    snapshot(buildResult({ status: 'cancelled' })).notes[0] ?? '',
    /^Partial results: the run was stopped after 5 plans/,
  );
  assert.match(
    snapshot(buildResult({ status: 'interrupted' })).notes[0] ?? '',
    /^Partial results: the engine ended/,
  );
  assert.doesNotMatch(snapshot(buildResult()).notes.join(), /Partial/);
});

test('float slots and a missing plan have no active width', () => {
  const partly = buildResult({ candidates: [candidate('x', { 'dense/weight': 4 }, 0)] });
  assert.deepEqual(
    snapshot(partly, 0).rows.map(({ activeBits }) => activeBits),
    [null, null, null, 4],
  );
  const none = snapshot(buildResult(), null);
  assert.ok(none.rows.every(({ activeBits }) => activeBits === null));
  assert.equal(none.subtitle, 'No plan is active');
});

test('a slot that was not measured yet keeps its row', () => {
  const { rows, measures } = snapshot(
    buildResult({ sensitivity: { groups: [], slots: [] }, status: 'cancelled' }),
  );
  assert.equal(rows.length, 4);
  assert.ok(rows.every(({ cells }) => cells.length === 0));
  assert.deepEqual(measures, []);
});
