import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, type Rgb } from '../../webview/colour.ts';
import { HEAT_LEVELS, heatLevel, heatRamp, heatScale, heatShare, valueAt } from '../../webview/heatScale.ts';

const rgb = (hex: string): Rgb =>
  [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as unknown as Rgb;

test('a loss over decades is read by decades', () => {
  const scale = heatScale([0.001, 0.1, 1], 'lower');
  assert.deepEqual(scale, { kind: 'log', best: 0.001, worst: 1 });
  assert.ok(Math.abs(heatShare(scale, 0.0316) - 0.5) < 0.001);
});

test('a loss within two decades is read linearly', () => {
  const scale = heatScale([1, 3, 5], 'lower');
  assert.equal(scale?.kind, 'linear');
  assert.equal(heatShare(scale, 3), 0.5);
});

test('differences far below the worst loss do not use the scale up', () => {
  const scale = heatScale([1e-12, 1e-9, 1], 'lower');
  assert.equal(scale?.best, 1e-4);
  assert.equal(heatShare(scale, 1e-12), 0);
});

test('zero and slightly negative losses are the best, not an error', () => {
  const scale = heatScale([-0.0001, 0, 0.0002, 0.5], 'lower');
  assert.equal(scale?.kind, 'log');
  assert.equal(heatShare(scale, 0), 0);
  assert.equal(heatShare(scale, -0.0001), 0);
  assert.equal(heatScale([-0.4, 0.001, 0.5], 'lower')?.kind, 'linear');
});

test('a measure that is better higher runs the other way', () => {
  const scale = heatScale([60, 10, 35], 'higher');
  assert.equal(heatShare(scale!, 60), 0);
  assert.equal(heatShare(scale!, 10), 1);
});

test('one value, no value and infinite values', () => {
  assert.equal(heatScale([], 'lower'), undefined);
  assert.equal(heatScale([Number.POSITIVE_INFINITY], 'higher'), undefined);
  assert.equal(heatShare(heatScale([2, 2], 'lower')!, 2), 0);
  assert.equal(heatShare({ kind: 'linear', best: 0, worst: 1 }, 5), 1);
});

test('the legend inverts the scale', () => {
  for (const scale of [heatScale([0.001, 1], 'lower')!, heatScale([60, 10], 'higher')!]) {
    for (const share of [0, 0.25, 1])
      assert.ok(Math.abs(heatShare(scale, valueAt(scale, share)) - share) < 1e-9);
  }
});

test('levels span the ramp', () => {
  assert.equal(heatLevel(0), 0);
  assert.equal(heatLevel(1), HEAT_LEVELS - 1);
});

// background, warm, hot, foreground of VS Code's own themes.
const THEMES = {
  'Dark Modern': ['1f1f1f', 'cca700', 'f14c4c', 'cccccc'],
  'Light Modern': ['ffffff', 'bf8803', 'e51400', '3b3b3b'],
  'Dark High Contrast': ['000000', 'ffd370', 'f48771', 'ffffff'],
  'Light High Contrast': ['ffffff', '895503', 'b5200d', '292929'],
  'Solarized Light': ['fdf6e3', 'bf8803', 'e51400', '657b83'],
  Monokai: ['272822', 'cca700', 'f14c4c', 'f8f8f2'],
};

for (const [name, colours] of Object.entries(THEMES)) {
  test(`text reads on every level and worse is never quieter: ${name}`, () => {
    const [background, warm, hot, foreground] = colours.map(rgb) as [Rgb, Rgb, Rgb, Rgb];
    const ramp = heatRamp(background, warm, hot, foreground);
    assert.equal(ramp.length, HEAT_LEVELS);
    for (const { fill, ink } of ramp) assert.ok(contrast(fill, ink) >= 4.5);
    const distance = ramp.map(({ fill }) => contrast(fill, background));
    for (let level = 1; level < ramp.length; level++)
      assert.ok(distance[level]! >= distance[level - 1]! - 1e-9);
    assert.ok(distance.at(-1)! > 1.8, `the worst level stands out: ${distance.at(-1)}`);
  });
}
