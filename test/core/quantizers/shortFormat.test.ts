import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortFormat } from '../../../src/core/quantizers/shortFormat.ts';

test('long scales are cut to four digits, everything else stays', () => {
  for (const [text, short] of [
    ['int8 asymmetric scale=0.018860284239053726 zero=-128', 'int8 asymmetric scale=0.01886 zero=-128'],
    ['int8 scale=0.00003924 zero=3', 'int8 scale=0.00003924 zero=3'],
    ['int32 scale=1.23456789e-7', 'int32 scale=1.235e-7'],
    ['quantized_bits(4,0,1,alpha=0.25)', 'quantized_bits(4,0,1,alpha=0.25)'],
    ['ufixed<16,-3:2>', 'ufixed<16,-3:2>'],
  ] as const)
    assert.equal(shortFormat(text), short);
});
