import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  change,
  changeWithError,
  compact,
  count,
  decibels,
  limit,
  share,
  small,
  span,
} from '../../../src/host/present/numbers.ts';

function check<T>(print: (value: T) => string, cases: readonly (readonly [T, string])[]): void {
  for (const [value, text] of cases) assert.equal(print(value), text);
}

test('large numbers keep three digits and get a suffix that fits', () => {
  check(compact, [
    [0, '0'],
    [312, '312'],
    [999, '999'],
    [1240, '1.24k'],
    [12_345, '12.3k'],
    [278_952, '279k'],
    [999_499, '999k'],
    [999_960, '1M'],
    [2_376_960, '2.38M'],
    [5e13, '50T'],
    [-1500, '−1.5k'],
    [0.125, '0.125'],
  ]);
});

test('counts are whole with separators', () => {
  check(count, [
    [7, '7'],
    [1152, '1,152'],
    [1_234_567, '1,234,567'],
    [-1000.4, '−1,000'],
  ]);
});

test('a share never reads 0 % when there is some', () => {
  check(share, [
    [0, '0 %'],
    [0.0002, '<0.1 %'],
    [0.0143, '1.4 %'],
    [0.264, '26 %'],
    [0.0996, '10 %'],
    [13.03, '1303 %'],
  ]);
});

test('an accepted loss reads as it was written', () => {
  check(limit, [
    [0.01, '1 %'],
    [0.0025, '0.25 %'],
    [0.00001, '0.001 %'],
    [0.1, '10 %'],
  ]);
});

test('a drop is a fall of the accuracy, with a true minus sign', () => {
  check(change, [
    [0.001, '−0.1 %'],
    [-0.002, '+0.2 %'],
    [0.0004, '−0.04 %'],
    [0.00001, '0 %'],
    [-0.00001, '0 %'],
    [0.00096, '−0.1 %'],
    [0.232, '−23.2 %'],
    [1, '−100 %'],
    [Number.NaN, '? %'],
  ]);
});

test('the standard error follows where there is one', () => {
  assert.equal(changeWithError(0.006, 0.004), '−0.6 ± 0.4 %');
  assert.equal(changeWithError(-0.001, 0.0005), '+0.1 ± 0.05 %');
  assert.equal(changeWithError(0.006, 0), '−0.6 %');
  assert.equal(changeWithError(0.006, null), '−0.6 %');
});

test('decibels are whole, small metrics keep two digits', () => {
  check(decibels, [
    [38.4, '38 dB'],
    [-0.2, '0 dB'],
    [-3.7, '−4 dB'],
  ]);
  check(small, [
    [0, '0'],
    [0.0458, '0.046'],
    [3.2e-4, '3e-4'],
    [2.44, '2.4'],
    [31.2, '31'],
    [12_345, '12.3k'],
    [Infinity, '∞'],
  ]);
});

test('a range of widths', () => {
  assert.equal(span([4]), '4');
  assert.equal(span([6, 4, 5]), '4–6');
});
