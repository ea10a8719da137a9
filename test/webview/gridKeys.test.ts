import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moveInGrid, type GridPosition } from '../../webview/gridKeys.ts';

const SIZE = { rows: 30, columns: 6 };
const from = (row: number, column: number): GridPosition => ({ row, column });
const move = (key: string, control = false): GridPosition | undefined =>
  moveInGrid(key, control, from(12, 3), SIZE);

test('arrows move by one cell and stop at the edges', () => {
  assert.deepEqual(move('ArrowUp'), from(11, 3));
  assert.deepEqual(move('ArrowRight'), from(12, 4));
  assert.deepEqual(moveInGrid('ArrowLeft', false, from(0, 0), SIZE), from(0, 0));
  assert.deepEqual(moveInGrid('ArrowDown', false, from(29, 5), SIZE), from(29, 5));
});

test('Home and End go to the ends of the row, with Control to the corners', () => {
  assert.deepEqual(move('Home'), from(12, 0));
  assert.deepEqual(move('End'), from(12, 5));
  assert.deepEqual(move('Home', true), from(0, 0));
  assert.deepEqual(move('End', true), from(29, 5));
});

test('in a list of rows Home and End go to the first and the last', () => {
  const list = { rows: 9, columns: 1 };
  assert.deepEqual(moveInGrid('Home', false, from(4, 0), list), from(0, 0));
  assert.deepEqual(moveInGrid('End', false, from(4, 0), list), from(8, 0));
});

test('pages', () => {
  assert.deepEqual(move('PageDown'), from(22, 3));
  assert.deepEqual(moveInGrid('PageUp', false, from(4, 3), SIZE), from(0, 3));
});

test('other keys and an empty grid move nothing', () => {
  assert.equal(move('a'), undefined);
  assert.equal(moveInGrid('ArrowDown', false, from(0, 0), { rows: 0, columns: 6 }), undefined);
});
