// What the host presents is what the views can show: the snapshots of a result through the views' own models.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heatmapSnapshot } from '../../../src/host/present/heatmapSnapshot.ts';
import { paretoSnapshot } from '../../../src/host/present/paretoSnapshot.ts';
import { resourcesSnapshot } from '../../../src/host/present/resourcesSnapshot.ts';
import { speaker } from '../../../webview/strings.ts';
import { heatmapModel } from '../../../webview/views/heatmapModel.ts';
import { paretoFrame } from '../../../webview/views/paretoFrame.ts';
import { resourcesModel } from '../../../webview/views/resourcesModel.ts';
import { plain } from '../../support/plainTranslate.ts';
import { buildResult } from '../../support/resultBuilder.ts';

const say = speaker({});
const none = new Set<string>();

test('the heat map marks the active width of every tensor', () => {
  const snapshot = heatmapSnapshot(buildResult(), 3, none, plain);
  const model = heatmapModel(
    snapshot,
    snapshot.measures.find(({ id }) => id === snapshot.measure),
    say,
  );
  const marked = model.groups.flatMap(({ name, rows }) =>
    rows.map(({ cells }) => [name, cells.filter(({ active }) => active).map(({ bits }) => bits)]),
  );
  assert.deepEqual(marked, [
    ['image', [8]],
    ['conv1', [4]],
    ['relu1', [8]],
    ['dense', [4]],
  ]);
});

test('the Pareto view draws the front on its own axes with limit and budget', () => {
  const { settings } = buildResult();
  const result = buildResult({ settings: { ...settings, budget: { bops: 2_500_000 } } });
  const frame = paretoFrame(
    paretoSnapshot(result, 0, plain),
    {
      metric: undefined,
      cost: undefined,
      dominated: true,
      logCost: () => undefined,
      logMetric: () => undefined,
      zoom: () => undefined,
    },
    say,
  );
  assert.ok(frame);
  assert.equal(frame.chart.exact, true);
  assert.deepEqual(
    frame.front.map(({ point }) => point.label),
    ['W4A4', 'dp 1/9', 'amp 3'],
  );
  assert.deepEqual(
    frame.chart.lines.map(({ kind, label }) => [kind, label.replaceAll('\u00a0', ' ')]),
    [
      ['float', 'float 0 %'],
      ['limit', 'limit 1 %'],
      ['budget', 'budget 2.5 M bit operations'],
    ],
  );
});

test('the resources view finds shares of the part and figures without a limit', () => {
  const model = resourcesModel(resourcesSnapshot(buildResult(), 0, none, plain), undefined);
  assert.deepEqual(
    model.shares.map(({ column, used }) => [column.id, used]),
    [
      ['lut', 5026],
      ['dsp', 160],
      ['ff', 9972],
      ['bram', 7],
    ],
  );
  assert.deepEqual(
    model.figures.map(({ column }) => column.id),
    ['latency'],
  );
});
