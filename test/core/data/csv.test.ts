import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv } from '../../../src/core/data/csv.ts';
import { valueAt } from '../../../src/core/data/values.ts';
import type { ReadOptions } from '../../../src/core/data/reader.ts';
import { memory, refuses } from './memory.ts';

async function table(text: string | Uint8Array, options: ReadOptions = {}) {
  const { samples, labels, notes } = await csv.open(memory('t.csv', text), options);
  const loaded = await samples!.load(samples!.shape[0]!);
  return {
    shape: samples!.shape,
    values: Array.from({ length: loaded.data.length }, (_, at) => valueAt(loaded, at)),
    labels: labels && (await labels.load()),
    notes,
  };
}

test('a header is told from data, and its label column from the features', async () => {
  const { shape, values, labels } = await table('a,b,label\n1,2.5,0\n-3,4e1,1\n');
  assert.deepEqual(shape, [2, 2]);
  assert.deepEqual(values, [1, 2.5, -3, 40]);
  assert.deepEqual([...labels!.values], [0, 1]);
  assert.equal(labels!.origin, 't.csv: label');
});

test('without a header every row is a sample', async () => {
  const { shape, values, labels } = await table('1,2\n3,4\n5,6');
  assert.deepEqual(shape, [3, 2]);
  assert.deepEqual(values, [1, 2, 3, 4, 5, 6]);
  assert.equal(labels, undefined);
});

test('a header of numbers with one known name is a header', async () => {
  const { shape, labels } = await table('label,0,1\n7,1,2\n8,3,4\n');
  assert.deepEqual(shape, [2, 2]);
  assert.deepEqual([...labels!.values], [7, 8]);
});

test('names of the label column, best first', async () => {
  for (const name of ['label', 'Labels', 'class', 'class_index', 'Class Index', 'target', 'y'])
    assert.deepEqual([...(await table(`a,${name}\n1,3\n`)).labels!.values], [3], name);
  const both = await table('y,label\n0.5,1\n');
  assert.deepEqual(both.values, [0.5]);
  assert.deepEqual([...both.labels!.values], [1]);
});

test('the label column can be chosen by name and by number', async () => {
  const text = 'kind,a,b\n4,1,2\n5,3,4\n';
  assert.deepEqual([...(await table(text, { labelColumn: 'kind' })).labels!.values], [4, 5]);
  assert.deepEqual([...(await table(text, { labelColumn: 3 })).labels!.values], [2, 4]);
  assert.deepEqual([...(await table('1,2,9\n3,4,8', { labelColumn: '3' })).labels!.values], [9, 8]);
  await refuses(
    table(text, { labelColumn: 'size' }),
    'bad-option',
    /t\.csv has no column size\. .*kind, a, b/,
  );
  await refuses(table(text, { labelColumn: 4 }), 'bad-option', /no column 4/);
});

test('semicolons, tabs, quotes, a byte order mark and Windows line ends', async () => {
  assert.deepEqual((await table('a;b\r\n1;2\r\n')).values, [1, 2]);
  assert.deepEqual((await table('1\t2\n3\t4\n')).values, [1, 2, 3, 4]);
  assert.deepEqual((await table('"a, b",c\n"1",2\n')).values, [1, 2]);
  assert.deepEqual((await table('\uFEFF1,2\n3,4')).values, [1, 2, 3, 4]);
  assert.deepEqual((await table('# a,b\n1,2\n')).values, [1, 2]);
});

test('class names are sorted and numbered, and that is said', async () => {
  const { labels } = await table('a,class\n1,dog\n2,cat\n3,dog\n');
  assert.deepEqual([...labels!.values], [1, 0, 1]);
  assert.equal(labels!.classes, 2);
  assert.match(labels!.notes[0]!, /t\.csv: class: class names sorted and numbered 0 … 1 \(cat, dog\)/);
});

test('an index column without a name is left out, and that is said', async () => {
  const { values, notes } = await table(',a,y\n0,5,1\n1,6,0\n');
  assert.deepEqual(values, [5, 6]);
  assert.match(notes[0]!, /first column left out/);
});

test('many rows', async () => {
  const rows = Array.from({ length: 3000 }, (_, at) => `${at},${at / 2}`);
  const { shape, values } = await table(rows.join('\n'));
  assert.deepEqual(shape, [3000, 2]);
  assert.equal(values[5999], 1499.5);
});

test('a cell that is not a number is named by row and column', async () => {
  await refuses(
    table('a,b\n1,2\n3,x\n'),
    'bad-data',
    /t\.csv: "x" in row 3, column "b" is not a number\..*--label-column/,
  );
  await refuses(table('1,2\n3,4\n5,six\n'), 'bad-data', /"six" in row 3, column 2 is not/);
  await refuses(table('a,b\n1,\n'), 'bad-data', /row 2, column "b" is empty/);
  await refuses(table('1,2\nnan,2\n'), 'bad-data', /"nan" in row 2, column 1/);
  await refuses(table('1,2\n0x10,2\n'), 'bad-data', /"0x10" in row 2, column 1/);
});

test('labels that are neither all numbers nor all names', async () => {
  await refuses(table('a,y\n1,0\n2,cat\n'), 'bad-data', /t\.csv: y holds no class indices: row 3 is "cat"/);
  await refuses(table('a,y\n1,0\n2,1.5\n'), 'bad-data', /row 3 is "1\.5"/);
  await refuses(table('a,y\n1,0\n2,-1\n'), 'bad-data', /row 3 is "-1"/);
  await refuses(table('a,y\n1,cat\n2,\n'), 'bad-data', /row 3 is ""|row 2 is "cat"/);
});

test('files that are no table', async () => {
  await refuses(table(''), 'bad-data', /t\.csv has no data rows/);
  await refuses(table('\n\n'), 'bad-data', /t\.csv has no data rows/);
  await refuses(table('a,label\n'), 'bad-data', /t\.csv has no data rows/);
  await refuses(table('label\n1\n2\n'), 'bad-data', /t\.csv has no feature columns, only label/);
  await refuses(table('1,2\n3\n'), 'bad-file', /t\.csv is not a readable CSV file: .*line 2/i);
  await refuses(table('1,"2\n3,4\n'), 'bad-file', /t\.csv is not a readable CSV file: .*quote/i);
  const utf16 = new Uint8Array([0xff, 0xfe, 0x31, 0, 0x2c, 0, 0x32, 0]);
  await refuses(table(utf16), 'bad-file', /t\.csv is not a text file in UTF-8/);
  const huge = { ...memory('t.csv', '1,2'), size: 2 ** 30 };
  await refuses(csv.open(huge, {}), 'bad-data', /t\.csv has 1024 MiB.*Save the samples as \.npy/);
});
