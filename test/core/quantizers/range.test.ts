import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  coveredRange,
  integerBits,
  integerEncoding,
  statisticsOf,
} from '../../../src/core/quantizers/range.ts';
import { normal, seeded } from '../../../src/core/random.ts';

const of = (...values: number[]) => statisticsOf(Float32Array.from(values));
const gaussian = (count: number) => {
  const random = seeded(3);
  return statisticsOf(Float32Array.from({ length: count }, () => normal(random)));
};

test('min/max integer bits are the fewest that reach the range', () => {
  assert.equal(integerBits(of(-0.9, 0.9), 8, true, 'minmax'), 1);
  assert.equal(integerBits(of(-1.01, 0.9), 8, true, 'minmax'), 2);
  assert.equal(integerBits(of(0, 0.9), 8, false, 'minmax'), 0);
  assert.equal(integerBits(of(0, 255), 8, false, 'minmax'), 8);
  assert.equal(integerBits(of(0, 0.01), 8, false, 'minmax'), -6);
});

test('a tensor of zeros gets a range', () => {
  assert.equal(integerBits(of(0, 0), 8, true, 'mse'), 1);
  assert.equal(
    integerEncoding(of(0), { kind: 'int', bits: 8, signed: true, symmetric: true, perChannel: false }, 'mse')
      .scale,
    1,
  );
});

test('the MSE range clips outliers that min/max would pay for', () => {
  const values = [...gaussian(4000).sample, 60];
  const statistics = statisticsOf(Float32Array.from(values));
  assert.equal(integerBits(statistics, 4, true, 'minmax'), 7);
  assert.ok(integerBits(statistics, 4, true, 'mse') <= 4);
});

test('the percentile range leaves out the rarest values', () => {
  const values = Float32Array.from({ length: 20000 }, (_, i) => (i === 7 ? 1e6 : (i % 100) / 100));
  const [, high] = coveredRange(statisticsOf(values, Infinity), 'percentile');
  assert.ok(high <= 1);
});

test('symmetric scales put the largest magnitude on the last code', () => {
  const { scale, zero } = integerEncoding(
    of(-1, 2.54),
    { kind: 'int', bits: 8, signed: true, symmetric: true, perChannel: false },
    'minmax',
  );
  assert.equal(zero, 0);
  assert.ok(Math.abs(scale - 2.54 / 127) < 1e-7);
});

test('an asymmetric range holds 0 exactly', () => {
  const format = { kind: 'int', bits: 8, signed: true, symmetric: false, perChannel: false } as const;
  const positive = integerEncoding(of(1, 5.1), format, 'minmax');
  assert.equal(positive.zero, -128);
  assert.ok(Math.abs(positive.scale - 5.1 / 255) < 1e-7);
  const mixed = integerEncoding(of(-1, 1.55), format, 'minmax');
  assert.equal(mixed.zero, -28);
});

test('one signed bit takes the mean magnitude as scale', () => {
  const { scale } = integerEncoding(
    of(-1, 1, 4, -2),
    { kind: 'int', bits: 1, signed: true, symmetric: true, perChannel: false },
    'minmax',
  );
  assert.equal(scale, 2);
});

test('a sample is bounded, extremes are exact', () => {
  const values = new Float32Array(100_001).fill(0.5);
  values[99_999] = 9;
  const { max, sample } = statisticsOf(values, 1000);
  assert.equal(max, 9);
  assert.ok(sample.length <= 1000);
});
