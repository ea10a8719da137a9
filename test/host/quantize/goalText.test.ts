// What users type as limits.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBudget, parsePercent, printBudget, printPercent } from '../../../src/host/quantize/goalText.ts';

test('an accepted loss is a share, with or without the sign', () => {
  assert.equal(parsePercent('1'), 0.01);
  assert.equal(parsePercent(' 0.5 % '), 0.005);
  assert.equal(parsePercent('0'), 0);
  assert.equal(parsePercent('100%'), 1);
});

test('no text: no limit', () => {
  assert.equal(parsePercent(''), null);
  assert.equal(parsePercent('   '), null);
});

test('what is no share is refused', () => {
  for (const text of ['%', 'one', '-1', '101', '1,5', '1 2', '1%%', 'Infinity', 'NaN'])
    assert.equal(parsePercent(text), undefined, text);
});

test('a share is printed as it was typed, and read back', () => {
  for (const text of ['1', '0.5', '7', '0.001', '2.3', '12.75', '100', '0'])
    assert.equal(printPercent(parsePercent(text)!), text);
});

test('a budget is a list of bounds on costs', () => {
  assert.deepEqual(parseBudget('lut=50000, dsp=100'), { lut: 50_000, dsp: 100 });
  assert.deepEqual(parseBudget('LUT ≤ 5e4; Latency<=20;'), { lut: 50_000, latency: 20 });
  assert.deepEqual(parseBudget('dsp=0'), { dsp: 0 });
  assert.deepEqual(parseBudget(' '), {});
});

test('what is no list of bounds is refused', () => {
  const wrong = ['lut', 'lut=', '=5', 'luts=5', 'lut=-1', 'lut=x', 'lut=1=2', 'lut=Infinity', 'lut 5'];
  for (const text of [...wrong, 'lut=1,lut=2', 'constructor=1'])
    assert.equal(parseBudget(text), undefined, text);
});

test('a budget is printed so that it is read back', () => {
  const budget = { lut: 50_000, bram: 12 };
  assert.equal(printBudget(budget), 'lut=50000, bram=12');
  assert.deepEqual(parseBudget(printBudget(budget)), budget);
});
