import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, cssColour, mix, over, parseColour, readableInk, type Rgb } from '../../webview/colour.ts';

const WHITE: Rgb = [1, 1, 1];
const BLACK: Rgb = [0, 0, 0];

test('reads what a browser computes', () => {
  assert.deepEqual(parseColour('rgb(255, 0, 51)'), { rgb: [1, 0, 0.2], alpha: 1 });
  assert.deepEqual(parseColour('rgba(0, 255, 0, 0.33)'), { rgb: [0, 1, 0], alpha: 0.33 });
  assert.deepEqual(parseColour('color(srgb 0.5 0.25 1 / 50%)'), { rgb: [0.5, 0.25, 1], alpha: 0.5 });
  assert.equal(parseColour('transparent'), undefined);
  assert.equal(parseColour('rgb(1, 2)'), undefined);
});

test('a translucent colour is laid over the background', () => {
  assert.deepEqual(over({ rgb: [1, 0, 0], alpha: 0.25 }, BLACK), [0.25, 0, 0]);
});

test('mixing keeps the ends and moves lightness evenly', () => {
  assert.equal(cssColour(mix([0.2, 0.4, 0.6], WHITE, 0)), 'rgb(51, 102, 153)');
  assert.equal(cssColour(mix([0.2, 0.4, 0.6], WHITE, 1)), 'rgb(255, 255, 255)');
  // OKLab lightness 0.5 between black and white is a dark grey in sRGB.
  assert.equal(cssColour(mix(BLACK, WHITE, 0.5)), 'rgb(99, 99, 99)');
});

test('contrast follows WCAG', () => {
  assert.equal(contrast(BLACK, WHITE), 21);
  assert.equal(contrast(WHITE, BLACK), 21);
  // #767676 on white is the textbook 4.54.
  assert.ok(Math.abs(contrast([118 / 255, 118 / 255, 118 / 255], WHITE) - 4.54) < 0.01);
});

test('ink is kept where it reads and pushed only as far as needed', () => {
  const grey: Rgb = [0.8, 0.8, 0.8];
  assert.deepEqual(cssColour(readableInk(BLACK, grey, WHITE, 4.5)), cssColour(grey));
  const fill: Rgb = [0.62, 0.25, 0.23];
  const ink = readableInk(fill, [0.7, 0.7, 0.7], WHITE, 4.5);
  assert.ok(contrast(ink, fill) >= 4.5);
  assert.notEqual(cssColour(ink), cssColour(WHITE));
});
