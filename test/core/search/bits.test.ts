import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitLensError } from '../../../src/core/errors.ts';
import type { Slot } from '../../../src/core/ir/slots.ts';
import { candidateBits, parseUniform, printBits } from '../../../src/core/search/bits.ts';

test('a pair of widths is read in any case and printed alike', () => {
  assert.deepEqual(parseUniform(' w4a8 '), { weight: 4, activation: 8 });
  assert.equal(printBits(parseUniform('W4A8')), 'W4A8');
  assert.equal(printBits({ weight: null, activation: 6 }), 'A6');
});

for (const text of ['', 'W8', 'A8', 'W0A8', 'W8A17', 'W8A8A8', 'W-1A8', '8']) {
  test(`“${text}” is no pair of widths, and the error says how to write one`, () => {
    assert.throws(
      () => parseUniform(text),
      (error) => BitLensError.is(error, 'bad-option') && error.message.includes('Write W8A8'),
    );
  });
}

test('candidates come widest first, each once', () => {
  const slot: Slot = { id: 'a', kind: 'weight', layer: 0, nodes: [], elements: 1 };
  const widths = { weight: [4, 8], activation: [4, 8] };
  assert.deepEqual(
    candidateBits({ weights: [slot], activations: [slot] }, { weight: [4, 8, 4], activation: [4, 8] }).map(
      printBits,
    ),
    ['W8A8', 'W4A8', 'W8A4', 'W4A4'],
  );
  assert.deepEqual(candidateBits({ weights: [], activations: [slot] }, widths).map(printBits), ['A8', 'A4']);
  assert.deepEqual(candidateBits({ weights: [slot], activations: [] }, widths).map(printBits), [
    'W8A8',
    'W4A8',
  ]);
});
