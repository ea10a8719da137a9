import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuantizeSettings } from '../../../src/core/result.ts';
import { choose } from '../../../src/core/search/choose.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';

const settings = (changes: Partial<QuantizeSettings>): QuantizeSettings => ({
  ...DEFAULT_SETTINGS,
  ...changes,
});
const candidate = (bops: number, drop: number, dropBound = drop, lut = 0) => ({
  costs: { bops, lut },
  drop,
  dropBound,
});

test('without a budget the cheapest within the accepted drop is chosen, the better one on equal cost', () => {
  const list = [candidate(10, 0), candidate(5, 0.009), candidate(5, 0.004), candidate(1, 0.2)];
  assert.equal(choose(list, settings({ maxDrop: 0.01 })), 2);
});

test('a plan whose drop may be more than accepted is not chosen', () => {
  const list = [candidate(10, 0), candidate(5, 0.001, 0.02)];
  assert.equal(choose(list, settings({ maxDrop: 0.01 })), 0);
});

test('with a budget the one that loses least within it is chosen, the cheaper one on equal drop', () => {
  const list = [candidate(10, 0), candidate(5, 0.3), candidate(4, 0.1), candidate(3, 0.1)];
  assert.equal(choose(list, settings({ maxDrop: null, budget: { bops: 6 } })), 3);
});

test('a budget on another cost than the objective counts, and an unknown cost keeps no bound', () => {
  const list = [candidate(1, 0, 0, 900), candidate(5, 0, 0, 100)];
  assert.equal(choose(list, settings({ budget: { lut: 500 } })), 1);
  assert.equal(choose(list, settings({ budget: { dsp: 500 } })), null);
});

test('budget and accepted drop hold together', () => {
  const list = [candidate(10, 0), candidate(5, 0.3)];
  assert.equal(choose(list, settings({ maxDrop: 0.01, budget: { bops: 6 } })), null);
  assert.equal(choose([], settings({})), null);
});

test('a drop that is no number is never chosen', () => {
  assert.equal(choose([candidate(1, Number.NaN, Number.NaN)], settings({ maxDrop: 0.01 })), null);
});
