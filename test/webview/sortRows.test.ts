import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextOrder } from '../../webview/sortableHead.ts';
import { parseOrder, printOrder, sortRows } from '../../webview/sortRows.ts';

test('numbers sort both ways, absent ones stay last, ties keep their order', () => {
  const rows = [
    ['a', 2],
    ['b', null],
    ['c', 1],
    ['d', 2],
  ] as const;
  const names = (descending: boolean): string =>
    sortRows(rows, ([, value]) => value, descending)
      .map(([name]) => name)
      .join('');
  assert.equal(names(false), 'cadb');
  assert.equal(names(true), 'adcb');
});

test('labels sort by the numbers in them', () => {
  assert.deepEqual(
    sortRows(['W16A16', 'W4A8', 'amp 10', 'amp 9'], (label) => label, false),
    ['amp 9', 'amp 10', 'W4A8', 'W16A16'],
  );
});

test('an order survives the state, unless its column is gone', () => {
  const order = { key: 'lut', descending: true };
  assert.deepEqual(parseOrder(printOrder(order), ['lut']), order);
  assert.equal(parseOrder('-lut', ['dsp']), undefined);
  assert.equal(parseOrder(undefined, ['dsp']), undefined);
});

test('a header cycles: useful direction, the other, original order', () => {
  const lut = { key: 'lut', numeric: true };
  const first = nextOrder(lut, undefined);
  assert.deepEqual(first, { key: 'lut', descending: true });
  const second = nextOrder(lut, first);
  assert.deepEqual(second, { key: 'lut', descending: false });
  assert.equal(nextOrder(lut, second), undefined);
  assert.deepEqual(nextOrder({ key: 'name', numeric: false }, undefined), { key: 'name', descending: false });
});
