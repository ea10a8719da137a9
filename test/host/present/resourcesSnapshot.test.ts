import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../../src/core/result.ts';
import { resourcesSnapshot } from '../../../src/host/present/resourcesSnapshot.ts';
import type { ResourcesSnapshot } from '../../../src/protocol/webview.ts';
import { plain } from '../../support/plainTranslate.ts';
import { buildResult, candidate, SYNTHETIC } from '../../support/resultBuilder.ts';

const snapshot = (result: Result, active: number | null = 0): ResourcesSnapshot =>
  resourcesSnapshot(result, active, new Set(['dense']), plain);

test('a row for every layer that costs something, with formats and the basis of its hardware figures', () => {
  const { rows } = snapshot(buildResult(), 1);
  assert.deepEqual(
    rows.map(({ layer, formats, basis, linked }) => [layer, formats, basis, linked]),
    [
      ['conv1', 'w fixed<4,0> · a ufixed<4,2>', 'csynth of dense layers (calibrated; error: LUT 6 %)', false],
      ['pool1', '', 'csynth of poolings (calibrated; error: LUT 2 %)', false],
      ['dense', 'w fixed<4,0>', 'csynth of dense layers (calibrated; error: LUT 6 %)', true],
    ],
  );
  assert.deepEqual(rows[0]!.values, { lut: 1947, dsp: 0, ff: 3894, bram: 3, latency: 100, ii: 90 });
});

test('columns know what the part has, the total is the network’s own', () => {
  const { columns, total, part } = snapshot(buildResult());
  assert.equal(part, 'Virtex UltraScale+ VU9P');
  assert.deepEqual(
    columns.map(({ id, available }) => [id, available]),
    [
      ['lut', 1_182_240],
      ['dsp', 6840],
      ['ff', 2_364_480],
      ['bram', 4320],
      ['latency', null],
      ['ii', null],
    ],
  );
  assert.deepEqual(total, { lut: 5026, dsp: 160, ff: 9972, bram: 7, latency: 260, ii: null });
});

test('without an active plan the recommended one is shown, and without both none', () => {
  assert.match(snapshot(buildResult(), null).subtitle, /^Recommended plan dp 1\/9: −0\.6 ± 0\.2 %/);
  assert.match(snapshot(buildResult(), 1).subtitle, /^Active plan W4A4/);
  const nothing = snapshot(buildResult({ chosen: null }), null);
  assert.equal(nothing.subtitle, 'No plan is active');
  assert.deepEqual(nothing.rows, []);
  assert.equal(nothing.total['lut'], null);
});

test('what does not fit the part is named with its share', () => {
  const { settings } = buildResult();
  const { notes } = snapshot(buildResult({ settings: { ...settings, part: 'xc7z007s' } }));
  assert.equal(
    notes[0],
    'Does not fit Zynq-7000 Z-7007S: DSP 242 %. Try a larger reuse factor or another part.',
  );
  assert.ok(!snapshot(buildResult()).notes.some((note) => note.startsWith('Does not fit')));
});

test('notes tell latency in time, reuse factor and clock', () => {
  const { settings } = buildResult();
  const { notes } = snapshot(buildResult({ settings: { ...settings, reuse: 4, clockNs: 10 } }));
  assert.ok(notes.includes('Latency 260 cycles: 2.6 µs. Layers overlap, so theirs do not add up.'));
  assert.ok(notes.includes('hls4ml estimate for Virtex UltraScale+ VU9P with reuse factor 4 at 10 ns.'));
});

test('a plan that leaves a layer float has no total of hardware', () => {
  const plan = candidate('x', { 'image/input': 8, 'conv1/weight': 8, 'relu1/activation': 8 }, 0);
  const view = snapshot(buildResult({ candidates: [plan] }));
  assert.equal(view.rows.find(({ layer }) => layer === 'dense')?.values['lut'], null);
  assert.equal(view.total['lut'], null);
  assert.ok(!view.notes.some((note) => note.startsWith('Latency')));
});

test('partial results and synthetic data are noted', () => {
  const { notes } = snapshot(buildResult({ status: 'interrupted', calibration: SYNTHETIC }));
  assert.match(notes[0] ?? '', /^Partial results/);
  assert.match(notes[1] ?? '', /^Synthetic calibration/);
});

test('a part this version does not know is an error that lists the known ones', () => {
  const { settings } = buildResult();
  assert.throws(
    () => snapshot(buildResult({ settings: { ...settings, part: 'xc9' } })),
    /no FPGA part “xc9”.*xcvu9p/s,
  );
});
