import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Metrics } from '../../../src/core/result.ts';
import { dropBoundOf, UNKNOWN_DAMAGE, usualDamage } from '../../../src/core/sensitivity/acceptance.ts';

const classified = (kl: number, accuracy: number, accuracyError = 0): Metrics => ({
  sqnr: 30,
  kl,
  mse: 0.1,
  agreement: 0.9,
  accuracy,
  accuracyError,
});
const regressed = (sqnr: number): Metrics => ({
  sqnr,
  kl: null,
  mse: 1,
  agreement: null,
  accuracy: null,
  accuracyError: null,
});
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-12, `${actual} ≉ ${expected}`);

test('with labels the bound is the drop and one standard error', () => {
  near(dropBoundOf(classified(0.5, 0.88, 0.01), { floatAccuracy: 0.9, usual: UNKNOWN_DAMAGE }), 0.03);
});

test('a sample that flatters a plan is not believed: its divergence counts', () => {
  const usual = { dropPerNat: 0.3, variancePerNat: 0 };
  near(dropBoundOf(classified(0.1, 0.92, 0.01), { floatAccuracy: 0.9, usual }), 0.1 * 0.3 + 0.01);
});

test('a drop beyond what the divergence says stays', () => {
  const usual = { dropPerNat: 0.3, variancePerNat: 0 };
  near(dropBoundOf(classified(0.1, 0.8), { floatAccuracy: 0.9, usual }), 0.1);
});

test('nor is an error smaller than divergences of that size usually have', () => {
  const usual = { dropPerNat: 0, variancePerNat: 0.004 };
  near(dropBoundOf(classified(0.1, 0.88, 0.001), { floatAccuracy: 0.9, usual }), 0.02 + Math.sqrt(0.0004));
  near(dropBoundOf(classified(0.1, 0.88, 0.03), { floatAccuracy: 0.9, usual }), 0.02 + 0.03);
});

test('a regression is bound by its noise alone', () => {
  near(dropBoundOf(regressed(20), { floatAccuracy: null, usual: UNKNOWN_DAMAGE }), 0.01);
});

test('drop and squared error per nat are least-squares lines through the origin', () => {
  const rows = [classified(0.1, 0.88, 0.01), classified(0.2, 0.87, 0.02), classified(0.4, 0.86, 0.02)];
  const slope = (y: readonly number[]) =>
    rows.reduce((sum, { kl }, i) => sum + kl! * y[i]!, 0) / rows.reduce((sum, { kl }) => sum + kl! ** 2, 0);
  const { dropPerNat, variancePerNat } = usualDamage(rows, 0.9);
  near(dropPerNat, slope([0.02, 0.03, 0.04]));
  near(variancePerNat, slope([0.0001, 0.0004, 0.0004]));
});

test('networks that lose much, regressions and gains say nothing', () => {
  assert.deepEqual(usualDamage([], 0.9), UNKNOWN_DAMAGE);
  assert.deepEqual(usualDamage([regressed(20)], null), UNKNOWN_DAMAGE);
  assert.equal(usualDamage([classified(0.1, 0.95)], 0.9).dropPerNat, 0);
  const useful = [classified(0.1, 0.88, 0.01)];
  assert.deepEqual(
    usualDamage([...useful, classified(8, 0.1, 0.2), classified(0.5, 0.8, 0.1)], 0.9),
    usualDamage(useful, 0.9),
  );
});
