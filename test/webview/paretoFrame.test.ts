import assert from 'node:assert/strict';
import { test } from 'node:test';
import { speaker } from '../../webview/strings.ts';
import { paretoFrame, type ParetoChoices, type ParetoFrame } from '../../webview/views/paretoFrame.ts';
import type { ParetoSnapshot } from '../../src/protocol/webview.ts';
import { paretoPoint, paretoSnapshot } from './snapshots.ts';

const UNSET: ParetoChoices = {
  metric: undefined,
  cost: undefined,
  dominated: true,
  logCost: () => undefined,
  logMetric: () => undefined,
  zoom: () => undefined,
};

function frame(choices: Partial<ParetoChoices> = {}, changes: Partial<ParetoSnapshot> = {}): ParetoFrame {
  const result = paretoFrame(paretoSnapshot(changes), { ...UNSET, ...choices }, speaker({}));
  assert.ok(result);
  return result;
}

test('axes come from the snapshot until the user chooses', () => {
  assert.deepEqual([frame().axes.metric.id, frame().axes.cost.id], ['accuracy', 'bops']);
  assert.equal(frame({ cost: 'lut' }).axes.cost.id, 'lut');
  assert.equal(frame({ cost: 'gone' }).axes.cost.id, 'bops');
});

test('the cost axis is logarithmic by itself over a decade, and as the user says', () => {
  assert.equal(frame().logCost, true);
  assert.equal(frame({ logCost: () => false }).logCost, false);
  const zero = { points: [paretoPoint(0, { x: 0, y: 1 }), paretoPoint(1, { x: 5e8, y: 1 })] };
  assert.equal(frame({ logCost: () => true }, zero).logCost, false);
});

test('steps of the front are drawn only on the axes it was found for', () => {
  assert.equal(frame().chart.exact, true);
  const other = frame({ cost: 'lut' });
  assert.equal(other.chart.exact, false);
  assert.ok(other.captions.some((text) => text.includes('found for Accuracy against BOPs')));
  assert.ok(!frame().captions.some((text) => text.includes('found for')));
});

test('the basis of the cost in view is always said', () => {
  assert.equal(frame().captions[0], 'BOPs: formula.');
  assert.equal(frame({ cost: 'lut' }).captions[0], 'LUT: 27 csynth runs.');
});

test('float, limit and budget become lines with words', () => {
  assert.deepEqual(
    frame().chart.lines.map(({ kind, label }) => [kind, label]),
    [
      ['float', 'float 99\u00a0%'],
      ['limit', 'limit 98\u00a0%'],
      ['budget', 'budget 100\u00a0M'],
    ],
  );
  assert.deepEqual(
    frame({ cost: 'lut' }).chart.lines.map(({ kind }) => kind),
    ['float', 'limit'],
  );
  const zero = frame({}, { float: { accuracy: null } });
  assert.deepEqual(
    zero.chart.lines.map(({ kind }) => kind),
    ['limit', 'budget'],
  );
});

test('a budget off the axis is said in words', () => {
  const far = frame({}, { budget: { bops: 1e12 } });
  assert.ok(far.chart.x.range.max < 1e9);
  assert.ok(far.captions.includes('The budget of 1\u00a0T lies outside the axis.'));
});

test('zoom shows the accepted band and counts what it hides', () => {
  const zoomed = frame({ zoom: () => true });
  assert.ok(zoomed.canZoom && zoomed.zoomed);
  assert.ok(zoomed.chart.y.range.min > 0.95);
  assert.ok(zoomed.captions.includes('1 point lies outside the zoomed view.'));
  // The cost axis follows the points that are left.
  assert.ok(zoomed.chart.x.range.min > frame({ zoom: () => false }).chart.x.range.min);
  const free = frame({}, { limit: {} });
  assert.deepEqual([free.canZoom, free.zoomed], [false, false]);
});

test('dominated points can be hidden, but never the active or recommended one', () => {
  const points = [
    paretoPoint(0, { x: 1, y: 1 }),
    paretoPoint(1, { x: 2, y: 0.5, kind: 'dominated' }),
    paretoPoint(2, { x: 3, y: 0.5, kind: 'dominated', active: true }),
  ];
  const shown = frame({ dominated: false }, { points });
  assert.deepEqual(
    shown.points.map(({ index }) => index),
    [0, 2],
  );
  assert.equal(frame({}, { points }).points.length, 3);
});

test('points that lack a value stay in the table and are counted', () => {
  const { points, placed, captions } = frame();
  assert.equal(points.length - placed.length, 1);
  assert.ok(captions.includes('1 point lacks one of these values.'));
  const nothing = frame({}, { points: [paretoPoint(0, { x: null, y: 1 })] });
  assert.ok(nothing.captions.includes('No point has both of these values.'));
});

test('labels name uniform, active and recommended points', () => {
  const { chart, placed } = frame();
  assert.deepEqual(placed.map(chart.label), [
    'W16A16 · active',
    undefined,
    'amp 2 · recommended',
    undefined,
    undefined,
  ]);
});

test('a snapshot without measures has no frame', () => {
  assert.equal(paretoFrame(paretoSnapshot({ metrics: [] }), UNSET, speaker({})), undefined);
});
