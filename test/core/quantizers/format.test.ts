import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitLensError } from '../../../src/core/errors.ts';
import { bitsOf, parseFormat, printFormat } from '../../../src/core/quantizers/format.ts';

const SPELLINGS = [
  'float32',
  'fixed<6,1>',
  'fixed<8,-2>',
  'fixed<6,-3:1>',
  'ufixed<16,0>',
  'int8',
  'uint4',
  'int4 per-channel',
  'int8 asymmetric',
  'int8 asymmetric per-channel',
  'uint8 scale=0.05',
  'int8 asymmetric scale=0.0123 zero=-4',
];

for (const text of SPELLINGS) {
  test(`“${text}” is read and printed alike`, () => assert.equal(printFormat(parseFormat(text)), text));
}

test('spaces inside do not matter', () => {
  assert.equal(printFormat(parseFormat(' fixed< 6, 1 > ')), 'fixed<6,1>');
});

test('the width of a format is its storage', () => {
  assert.deepEqual(
    ['float32', 'fixed<6,1>', 'int4 per-channel'].map((text) => bitsOf(parseFormat(text))),
    [32, 6, 4],
  );
});

for (const text of [
  '',
  'fixed<6>',
  'fixed<0,1>',
  'fixed<17,1>',
  'fixed<6,1:1>',
  'fixed<6,2:1>',
  'int8 scale=0',
  'int8 scale=',
  'int8 zero=1.5',
  'float16',
  'int8 loud',
]) {
  test(`“${text}” is refused with a hint`, () => {
    assert.throws(
      () => parseFormat(text),
      (error) => BitLensError.is(error, 'bad-plan') && error.hint !== undefined,
    );
  });
}
