// Settings of wrong types or values: each falls back by itself, and the others stay as they are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { SETTINGS } from '../../src/host/contributions.ts';
import { readFlag, readQuantizeSettings } from '../../src/host/settingValues.ts';

const read = (values: Readonly<Record<string, unknown>>) => readQuantizeSettings((id) => values[id]);

test('nothing set: the defaults', () => {
  assert.deepEqual(read({}), DEFAULT_SETTINGS);
});

test('what is allowed is taken', () => {
  const settings = read({
    [SETTINGS.family]: 'int',
    [SETTINGS.perChannel]: false,
    [SETTINGS.weightBits]: [2, 8, 4, 8],
    [SETTINGS.activationBits]: [6],
    [SETTINGS.strategy]: 'amp',
    [SETTINGS.objective]: 'lut',
    [SETTINGS.maxDrop]: 0,
    [SETTINGS.seed]: 0,
    [SETTINGS.part]: 'xc7z020',
    [SETTINGS.reuse]: 64,
    [SETTINGS.clock]: 2.5,
  });
  assert.deepEqual(settings, {
    ...DEFAULT_SETTINGS,
    family: 'int',
    perChannel: false,
    weightBits: [8, 4, 2],
    activationBits: [6],
    strategy: 'amp',
    objective: 'lut',
    maxDrop: 0,
    seed: 0,
    part: 'xc7z020',
    reuse: 64,
    clockNs: 2.5,
  });
});

const WRONG: readonly (readonly [keyof typeof SETTINGS, readonly unknown[]])[] = [
  ['family', ['float', 1, null, ['fixed'], {}]],
  ['perChannel', ['false', 0, null]],
  ['weightBits', [8, '8', [], ['8'], [0, 17, 4.5], null, {}]],
  ['activationBits', [8, [], [NaN]]],
  ['strategy', ['AMP', true]],
  ['objective', ['speed', 0]],
  ['maxDrop', [-0.01, 1.5, NaN, Infinity, '0.01', null]],
  ['seed', [-1, 1.5, '1', 2 ** 60]],
  ['part', ['XCVU9P', '', 7]],
  ['reuse', [0, 2.5, -4, '2']],
  ['clock', [0, -5, Infinity, '5']],
];

for (const [name, values] of WRONG) {
  test(`${SETTINGS[name]}: a value that is not allowed counts as not set`, () => {
    for (const value of values) assert.deepEqual(read({ [SETTINGS[name]]: value }), DEFAULT_SETTINGS);
  });
}

test('of a list of widths the good ones are taken', () => {
  assert.deepEqual(read({ [SETTINGS.weightBits]: [99, 4, '6', 8] }).weightBits, [8, 4]);
});

test('a switch that is no switch is as by default', () => {
  assert.deepEqual(
    [readFlag('false', true), readFlag(0, true), readFlag(undefined, true)],
    [true, true, true],
  );
  assert.equal(readFlag(false, true), false);
});
