// Scale and offset as users type them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefly, parsePreprocessing, printPreprocessing } from '../../../src/host/quantize/preprocessing.ts';

test('numbers and fractions, the offset may be left out', () => {
  assert.deepEqual(parsePreprocessing('1/255, 0'), { scale: 1 / 255, offset: 0 });
  assert.deepEqual(parsePreprocessing('0.0078 -1'), { scale: 0.0078, offset: -1 });
  assert.deepEqual(parsePreprocessing('2/255;-1/2'), { scale: 2 / 255, offset: -0.5 });
  assert.deepEqual(parsePreprocessing(' 1/255 '), { scale: 1 / 255, offset: 0 });
  assert.deepEqual(parsePreprocessing('-1'), { scale: -1, offset: 0 });
});

test('lists with one number for each channel, the scale before a semicolon', () => {
  const lists = { scale: [1 / 58, 1 / 57, 0.5], offset: [-2.1, -2, -1.8] };
  assert.deepEqual(parsePreprocessing('1/58 1/57 0.5; -2.1 -2 -1.8'), lists);
  assert.deepEqual(parsePreprocessing('1/58, 1/57, 0.5 ;-2.1,-2,-1.8'), lists);
  assert.deepEqual(parsePreprocessing('1/255; 1 2'), { scale: 1 / 255, offset: [1, 2] });
  assert.deepEqual(parsePreprocessing('1 2 3;'), { scale: [1, 2, 3], offset: 0 });
});

test('what is shown is read as the same again', () => {
  for (const text of ['1/255, 0', '1 2 3; 1/7', '2; 1 2', '1/3 2; -1 0.1']) {
    const preprocessing = parsePreprocessing(text)!;
    assert.deepEqual(parsePreprocessing(printPreprocessing(preprocessing)), preprocessing);
  }
  assert.equal(printPreprocessing({ scale: 0.5, offset: 0 }), '0.5, 0');
  assert.equal(briefly(1 / 255), String(1 / 255));
  assert.equal(briefly([1 / 58.4, -2, 1 / 3]), '(0.01712 -2 0.3333)');
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
    '1 2 3',
    '1; 2; 3',
    '1 0 2; 1',
    '1 2; 1 2 3',
    '1 x; 2',
    '1 2; x',
    ';',
  ];
  for (const text of wrong) assert.equal(parsePreprocessing(text), undefined, text);
});
