import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Setting } from '../../../src/core/ir/graph.ts';
import type { Argument } from '../../../src/core/source/callSite.ts';
import { agreement } from '../../../src/core/source/match/agreement.ts';

function compare(
  className: string,
  written: Record<string, Setting | undefined>,
  file: Record<string, Setting>,
  open = false,
): string {
  const keywords = Object.fromEntries(
    Object.entries(written).map(([key, value]): [string, Argument] => [
      key,
      value === undefined ? { unknown: true } : { literal: value },
    ]),
  );
  const { agreeing, contradictions, unknown } = agreement({ className, keywords, open }, file);
  return [
    ...agreeing.map((key) => `=${key}`),
    ...contradictions.map(({ key }) => `!${key}`),
    ...(unknown ? ['?'] : []),
  ].join(' ');
}

test('a scalar is the list of as many equal numbers', () => {
  assert.equal(compare('Conv2D', { kernel_size: 3 }, { kernel_size: [3, 3] }), '=kernel_size');
  assert.equal(compare('Conv2D', { kernel_size: 3 }, { kernel_size: [3, 1] }), '!kernel_size');
  assert.equal(compare('Conv2D', { kernel_size: [3, 1] }, { kernel_size: [3, 1] }), '=kernel_size');
  assert.equal(compare('Conv2D', { kernel_size: [3] }, { kernel_size: [3, 3] }), '!kernel_size');
  assert.equal(compare('Conv1D', { kernel_size: [3] }, { kernel_size: 3 }), '=kernel_size');
});

test('an argument that is left out has its default, unless more may be passed', () => {
  assert.equal(compare('Conv2D', {}, { strides: [2, 2] }), '!strides');
  assert.equal(compare('Conv2D', {}, { strides: [1, 1], activation: 'linear', use_bias: true }), '');
  assert.equal(compare('Dense', {}, { activation: 'relu' }), '!activation');
  assert.equal(compare('Dense', {}, { activation: 'relu' }, true), '');
});

test('what is not a literal is unknown and never contradicts', () => {
  assert.equal(compare('Dense', { units: undefined }, { units: 10 }), '?');
  assert.equal(compare('Dense', { kernel_initializer: undefined, units: 10 }, { units: 10 }), '=units');
});

test('spelling, precision and versions make no difference', () => {
  assert.equal(compare('Conv2D', { padding: 'SAME' }, { padding: 'same' }), '=padding');
  assert.equal(compare('Dense', { activation: 'swish' }, { activation: 'silu' }), '=activation');
  assert.equal(compare('LeakyReLU', { alpha: 0.3 }, { negative_slope: Math.fround(0.3) }), '=negative_slope');
  assert.equal(compare('Dropout', { rate: 0.5 }, { rate: 0.25 }), '!rate');
  assert.equal(compare('Dense', { use_bias: 0 }, { use_bias: false }), '=use_bias');
  assert.equal(compare('Concatenate', { axis: -1 }, { axis: 3 }), '');
  assert.equal(compare('Concatenate', { axis: 1 }, { axis: 2 }), '!axis');
  assert.equal(compare('ZeroPadding2D', { padding: [1, 2] }, { padding: [1, 1, 2, 2] }), '');
  assert.equal(compare('Dense', { name: 'a', dtype: 'float16' }, { name: 'b', dtype: 'float32' }), '');
});
