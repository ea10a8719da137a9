import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLabels } from '../../../src/core/data/labelFile.ts';
import { labelsFromArray } from '../../../src/core/data/labelValues.ts';
import type { ReadOptions } from '../../../src/core/data/reader.ts';
import type { RawArray } from '../../../src/core/data/rawData.ts';
import { fixture, memory, refuses } from './memory.ts';

const array = (shape: number[], data: number[]): RawArray => ({
  name: 'y',
  origin: 'f.npz: y',
  dtype: 'float64',
  shape,
  load: () => Promise.resolve({ dtype: 'float64', data: Float64Array.from(data) }),
});

const fromCsv = (text: string, options: ReadOptions = {}) => readLabels(memory('l.csv', text), options);

test('integers, whole floats, single columns and one-hot rows', async () => {
  assert.deepEqual([...(await labelsFromArray(array([3], [0, 2, 1]))).values], [0, 2, 1]);
  assert.deepEqual([...(await labelsFromArray(array([3, 1], [5, 0, 1]))).values], [5, 0, 1]);
  const hot = await labelsFromArray(array([2, 3], [0, 0, 1, 1, 0, 0]));
  assert.deepEqual([...hot.values], [2, 0]);
  assert.equal(hot.classes, 3);
});

test('arrays that are no labels', async () => {
  await refuses(
    labelsFromArray(array([2], [0, 0.5])),
    'bad-data',
    /f\.npz: y holds no class indices: sample 1 is 0\.5/,
  );
  await refuses(labelsFromArray(array([2], [0, -1])), 'bad-data', /sample 1 is -1/);
  await refuses(labelsFromArray(array([1], [NaN])), 'bad-data', /sample 0 is NaN/);
  await refuses(labelsFromArray(array([1], [2 ** 40])), 'bad-data', /sample 0 is 1099511627776/);
  await refuses(labelsFromArray(array([2, 2], [0, 1, 0.4, 0.6])), 'bad-data', /row 1 is not one-hot/);
  await refuses(labelsFromArray(array([2, 2], [1, 1, 0, 1])), 'bad-data', /row 0 is not one-hot/);
  await refuses(labelsFromArray(array([1, 2], [0, 0])), 'bad-data', /row 0 is all zeros/);
  await refuses(labelsFromArray(array([1, 2, 2], [0, 0, 0, 1])), 'bad-data', /shape is 1×2×2/);
  await refuses(labelsFromArray(array([], [1])), 'bad-data', /shape is scalar/);
});

test('label files: .npz by name', async () => {
  assert.deepEqual([...(await readLabels(fixture('digits.npz'))).values], [0, 1, 2, 1, 0]);
  await refuses(
    readLabels(fixture('dtypes.npz')),
    'bad-data',
    /dtypes\.npz does not tell which of its arrays/,
  );
});

test('label files: .npy', async () => {
  assert.deepEqual([...(await readLabels(fixture('labels.npy'))).values], [0, 1, 2, 1, 0]);
  await refuses(readLabels(fixture('c_order.npy')), 'bad-data', /c_order\.npy holds no class indices/);
  await refuses(readLabels(fixture('truncated.npy')), 'bad-file', /truncated\.npy is cut short/);
});

test('label files: .csv with one column, with and without a header', async () => {
  assert.deepEqual([...(await fromCsv('3\n1\n2\n')).values], [3, 1, 2]);
  assert.deepEqual([...(await fromCsv('label\n3\n1\n')).values], [3, 1]);
  assert.deepEqual([...(await fromCsv('label\ncat\nant\n')).values], [1, 0]);
});

test('label files: .csv with file names', async () => {
  const labels = await fromCsv('file,class_index,wnid,name\na.jpg,4,n01,tench\nb.jpg,2,n02,shark\n');
  assert.deepEqual([...labels.values], [4, 2]);
  assert.deepEqual(labels.files, ['a.jpg', 'b.jpg']);
  assert.equal(labels.origin, 'l.csv: class_index');
  const plain = await fromCsv('a.jpg,4\nb.jpg,2\n');
  assert.deepEqual([...plain.values], [4, 2]);
  assert.deepEqual(plain.files, ['a.jpg', 'b.jpg']);
});

test('label files: .csv of one-hot columns', async () => {
  const labels = await fromCsv('0,1,0\n0,0,1\n');
  assert.deepEqual([...labels.values], [1, 2]);
  assert.equal(labels.classes, 3);
  await refuses(fromCsv('0,1,0\n0,1,1\n'), 'bad-data', /l\.csv holds no class indices: row 2 is not one-hot/);
});

test('label files: a .csv with several numbers needs a column', async () => {
  const text = 'tst_0.bin,12,7\ntst_1.bin,12,2\n';
  await refuses(
    fromCsv(text),
    'bad-data',
    /l\.csv does not tell which of its columns is the class.*--label-column/,
  );
  assert.deepEqual([...(await fromCsv(text, { labelColumn: 3 })).values], [7, 2]);
});

test('a label file of another format', async () => {
  await refuses(
    readLabels(memory('l.bin', new Uint8Array([0, 1, 2]))),
    'bad-data',
    /l\.bin is none of the data files/,
  );
});
