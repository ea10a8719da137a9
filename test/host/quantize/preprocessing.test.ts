// Scale and offset as users type them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePreprocessing } from '../../../src/host/quantize/preprocessing.ts';

test('numbers and fractions, the offset may be left out', () => {
  assert.deepEqual(parsePreprocessing('1/255, 0'), { scale: 1 / 255, offset: 0 });
  assert.deepEqual(parsePreprocessing('0.0078 -1'), { scale: 0.0078, offset: -1 });
  assert.deepEqual(parsePreprocessing('2/255;-1/2'), { scale: 2 / 255, offset: -0.5 });
  assert.deepEqual(parsePreprocessing(' 1/255 '), { scale: 1 / 255, offset: 0 });
  assert.deepEqual(parsePreprocessing('-1'), { scale: -1, offset: 0 });
});

test('what is not two numbers, or would make every value alike, is refused', () => {
  const wrong = [
    '',
    ',',
    'x',
    '0',
    '0, 1',
    '1, x',
    '1, 2, 3',
    '1/0',
    '1/',
    '/2',
    '1/2/3',
    '1, 1/0',
    'NaN',
    'Infinity',
  ];
  for (const text of wrong) assert.equal(parsePreprocessing(text), undefined, text);
});
