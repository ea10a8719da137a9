import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overlap, placeLabels, type LabelRequest } from '../../webview/charts/labelLayout.ts';
import { linearTick, logTick } from '../../webview/charts/ticks.ts';
import { tooltipPlace } from '../../webview/charts/tooltipPlace.ts';

const AREA = { left: 0, top: 0, width: 300, height: 200 };
const request = (text: string, x: number, y: number, required = false): LabelRequest => ({
  text,
  x,
  y,
  radius: 7,
  width: 40,
  height: 12,
  required,
});

test('labels keep clear of each other, of obstacles and of the edges', () => {
  const obstacle = { left: 100, top: 60, width: 80, height: 12 };
  const requests = [request('a', 100, 80), request('b', 104, 84), request('c', 296, 100), request('d', 4, 4)];
  const placed = placeLabels(requests, AREA, [obstacle]);
  assert.equal(placed.length, 4);
  for (const { box } of placed) {
    assert.ok(box.left >= 0 && box.top >= 0 && box.left + box.width <= 300 && box.top + box.height <= 200);
    assert.ok(!overlap(box, obstacle));
    for (const other of placed) assert.ok(other.box === box || !overlap(box, other.box));
  }
});

test('where there is no room a label is dropped, unless it must be there', () => {
  const full = [{ left: 0, top: 0, width: 300, height: 200 }];
  const placed = placeLabels([request('dropped', 150, 100), request('kept', 150, 100, true)], AREA, full);
  assert.deepEqual(
    placed.map(({ text }) => text),
    ['kept'],
  );
});

test('required labels choose first', () => {
  const [first] = placeLabels([request('later', 150, 100), request('first', 150, 100, true)], AREA, []);
  assert.equal(first?.text, 'first');
});

test('linear ticks show the decimals of their step', () => {
  assert.equal(linearTick(0.975, 0.005, '%'), '97.5');
  assert.equal(linearTick(0.98, 0.01, '%'), '98');
  assert.equal(linearTick(-3, 0.5, 'dB'), '−3.0');
  assert.equal(linearTick(25_000, 5000, ''), '25\u00a0k');
});

test('logarithmic ticks thin out with the decades', () => {
  const oneAndHalf = { min: 1e6, max: 5e7 };
  assert.equal(logTick(2e6, oneAndHalf, ''), '2\u00a0M');
  assert.equal(logTick(3e6, oneAndHalf, ''), undefined);
  assert.equal(logTick(1.449e6, oneAndHalf, ''), undefined);
  assert.equal(logTick(2e6, { min: 1e3, max: 1e8 }, ''), undefined);
  assert.equal(logTick(3e6, { min: 1e6, max: 5e6 }, ''), '3\u00a0M');
  assert.equal(logTick(0.01, { min: 0.001, max: 0.1 }, '%'), '1');
});

test('a tooltip stands beside its point, or above and below where it is narrow', () => {
  const room = { width: 400, height: 300 };
  const tip = { width: 150, height: 60 };
  assert.deepEqual(tooltipPlace({ x: 50, y: 100 }, tip, room), { x: 62, y: 70 });
  assert.deepEqual(tooltipPlace({ x: 350, y: 100 }, tip, room), { x: 188, y: 70 });
  assert.equal(tooltipPlace({ x: 50, y: 5 }, tip, room).y, 0);
  assert.equal(tooltipPlace({ x: 50, y: 299 }, tip, room).y, 240);
  const wide = { width: 360, height: 60 };
  assert.equal(tooltipPlace({ x: 200, y: 150 }, wide, room).y, 78);
  assert.equal(tooltipPlace({ x: 200, y: 20 }, wide, room).y, 32);
});
