import assert from 'node:assert/strict';
import { test } from 'node:test';
import { speaker } from '../../webview/strings.ts';
import {
  axisRange,
  frontOf,
  nearPoints,
  placedPoints,
  pointLines,
  pointSentence,
  walkFront,
  wantsLog,
  wantsZoom,
  zoomRange,
} from '../../webview/views/paretoModel.ts';
import { ACCURACY, KL, paretoPoint, paretoSnapshot } from './snapshots.ts';

const say = speaker({});
const snapshot = paretoSnapshot();
const axes = { metric: ACCURACY, cost: snapshot.costs[0]! };
const placed = placedPoints(snapshot, axes);
const front = frontOf(placed);

test('points without one of the values are left out, zeros are not', () => {
  assert.deepEqual(
    placed.map(({ point }) => point.index),
    [0, 1, 2, 3, 4],
  );
  const zero = paretoSnapshot({ points: [paretoPoint(0, { x: 0, y: 0 })] });
  assert.equal(placedPoints(zero, axes).length, 1);
});

test('the front is walked by rising cost', () => {
  assert.deepEqual(
    front.map(({ point }) => point.index),
    [3, 2, 1],
  );
  const step = (current: number | undefined, key: string): number | undefined =>
    walkFront(front, current, key)?.point.index;
  assert.equal(step(3, 'ArrowRight'), 2);
  assert.equal(step(2, 'ArrowUp'), 1);
  assert.equal(step(1, 'ArrowRight'), 1);
  assert.equal(step(2, 'ArrowLeft'), 3);
  assert.equal(step(2, 'ArrowDown'), 3);
  assert.equal(step(2, 'End'), 1);
  assert.equal(step(undefined, 'Home'), 3);
  assert.equal(step(2, 'x'), undefined);
});

test('from nowhere, or from a point off the front, the walk starts at the plan in question', () => {
  assert.equal(walkFront(front, undefined, 'ArrowRight')?.point.index, 2);
  assert.equal(walkFront(front, 4, 'ArrowLeft')?.point.index, 2);
  const active = placedPoints(
    paretoSnapshot({ points: snapshot.points.map((p) => ({ ...p, active: p.index === 1 })) }),
    axes,
  );
  assert.equal(walkFront(frontOf(active), undefined, 'ArrowRight')?.point.index, 1);
  assert.equal(walkFront([], undefined, 'ArrowRight'), undefined);
});

test('an axis is logarithmic when positive values span more than the given decades', () => {
  assert.equal(wantsLog([1, 11], 1), true);
  assert.equal(wantsLog([1, 9], 1), false);
  assert.equal(wantsLog([0, 1000], 1), false);
  assert.equal(wantsLog([], 1), false);
});

test('axes keep air, keep lines, and start at zero rather than below', () => {
  const linear = axisRange([10, 20], [25], false);
  assert.ok(linear.min > 9 && linear.min < 10 && linear.max > 25 && linear.max < 26);
  assert.equal(axisRange([0.1, 20], [], false).min, 0);
  const log = axisRange([1, 1000], [0], true);
  assert.ok(log.min > 0.5 && log.min < 1 && log.max > 1000);
  assert.deepEqual(axisRange([], [], false), { min: 0, max: 1 });
  assert.ok(axisRange([5], [], false).max > 5);
});

test('the zoom spans from below the limit to above float', () => {
  const zoom = zoomRange(0.99, 0.98)!;
  assert.ok(zoom.min < 0.98 && zoom.min > 0.95 && zoom.max > 0.99 && zoom.max < 1);
  const lower = zoomRange(0, 0.1)!;
  assert.ok(lower.min < 0 && lower.max > 0.1);
  assert.equal(zoomRange(0.99, undefined), undefined);
  assert.equal(zoomRange(null, 0.98), undefined);
});

test('zoom is the default only where the accepted band would be a hair with points in it', () => {
  const zoom = zoomRange(0.99, 0.98);
  assert.equal(wantsZoom([0.1, 0.97, 0.985, 0.99], zoom), true);
  assert.equal(wantsZoom([0.95, 0.97, 0.985, 0.99], zoom), false);
  assert.equal(wantsZoom([0.1, 0.2, 0.99], zoom), false);
});

test('a budget far off the points does not squeeze them', () => {
  assert.equal(nearPoints(150, [50, 100], false), true);
  assert.equal(nearPoints(1000, [50, 100], false), false);
  assert.equal(nearPoints(900, [50, 100], true), true);
  assert.equal(nearPoints(0, [50, 100], true), false);
});

test('tooltip and announcement say label, state, values and what flipped', () => {
  const chosen = placed[2]!;
  assert.deepEqual(pointLines(chosen, axes, say), [
    'amp 2 · front · recommended',
    'Accuracy 98.3\u00a0%',
    'BOPs 60\u00a0M',
    'conv2: W8A8 → W4A8',
  ]);
  assert.equal(
    pointSentence(chosen, axes, say),
    'amp 2, front, recommended: Accuracy 98.3\u00a0%, BOPs 60\u00a0M. conv2: W8A8 → W4A8',
  );
  const bare = { ...chosen, point: { ...chosen.point, detail: '', active: true } };
  assert.equal(pointLines(bare, { ...axes, metric: { ...KL, id: 'accuracy' } }, say).length, 3);
  assert.match(pointSentence(bare, axes, say), /recommended, active: .*60\u00a0M\.$/);
});
