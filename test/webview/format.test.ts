import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bare, count, full, numberStyle, percent, si } from '../../webview/format.ts';

const cells = (values: number[], unit = ''): string[] => {
  const style = numberStyle(values, unit);
  return values.map((value) => bare(value, style));
};

test('decibels print without decimals when whole ones tell them apart', () => {
  assert.deepEqual(cells([61.8, 42.31, 9.6, -3.2], 'dB'), ['62', '42', '10', '−3']);
});

test('fractions of a percent measure print as percent, with the digits their range needs', () => {
  assert.deepEqual(cells([0.9712, 0.985, 0.9931], '%'), ['97.12', '98.50', '99.31']);
  assert.deepEqual(cells([0, 0.001, 0.08], '%'), ['0.0', '0.1', '8.0']);
});

test('values over decades keep two digits, and an exponent when small', () => {
  assert.deepEqual(cells([3.2e-7, 0.0031, 0.02, 0.1, 2.41, 310]), [
    '3e-7',
    '3e-3',
    '0.020',
    '0.10',
    '2.4',
    '310',
  ]);
});

test('large counts print with SI prefixes', () => {
  assert.deepEqual(cells([1_234_567, 98_000]), ['1.23\u00a0M', '98\u00a0k']);
  assert.equal(si(999_960, 3), '1\u00a0M');
  assert.equal(si(0, 3), '0');
});

test('a finer resolution shows neighbours on the front apart', () => {
  const values = [0.1, 0.9854, 0.9887];
  const style = numberStyle(values, '%', 1 / 5000);
  assert.equal(bare(0.9854, style), '98.54');
});

test('one value, no value and odd values', () => {
  assert.deepEqual(cells([0.5]), ['0.50']);
  assert.deepEqual(cells([0, 0]), ['0', '0']);
  assert.deepEqual(cells([1, Number.POSITIVE_INFINITY, Number.NaN]), ['1.0', '∞', '?']);
  assert.equal(bare(-0.0001, { kind: 'decimals', decimals: 1, factor: 1 }), '0.0');
});

test('sentences give four digits and the unit', () => {
  assert.equal(full(0.9791, '%'), '97.91\u00a0%');
  assert.equal(full(0.000321234, 'nats'), '3.212e-4\u00a0nats');
  assert.equal(full(1_234_567, 'bits'), '1.235\u00a0M\u00a0bits');
  assert.equal(full(42, ''), '42');
});

test('counts and shares', () => {
  assert.equal(count(53_200), '53,200');
  assert.equal(count(63.5), '63.5');
  assert.equal(percent(0.83), '83\u00a0%');
  assert.equal(percent(0.091), '9.1\u00a0%');
  assert.equal(percent(0.0001), '<\u20090.1\u00a0%');
  assert.equal(percent(0), '0\u00a0%');
  assert.equal(percent(Number.POSITIVE_INFINITY), '∞');
});
