import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseShape } from '../../../src/core/ir/parseShape.ts';

test('a shape is read with commas, crosses or spaces', () => {
  for (const text of ['224, 224, 3', '224x224x3', '224×224×3', ' 224 224 3 '])
    assert.deepEqual(parseShape(text), [224, 224, 3], text);
  assert.deepEqual(parseShape('16'), [16]);
});

test('what is no shape is refused', () => {
  for (const text of ['', 'a', '3,,3', '0,3', '-1,3', '1.5']) assert.equal(parseShape(text), undefined, text);
});
