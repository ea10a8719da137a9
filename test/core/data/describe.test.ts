import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describe, describeFolder } from '../../../src/core/data/describe.ts';
import { fixture, fixtureBytes, memory, memoryFolder, refuses } from './memory.ts';

test('an archive', async () => {
  const outline = await describe(fixture('digits_deflated.npz'));
  assert.equal(outline.description, 'digits_deflated.npz: x_test uint8 5×4×4, y_test float32 5×3');
  assert.deepEqual(outline.arrays, [
    { name: 'x_test', dtype: 'uint8', shape: [5, 4, 4] },
    { name: 'y_test', dtype: 'float32', shape: [5, 3] },
  ]);
  assert.equal(outline.count, 5);
  assert.deepEqual(outline.sampleShape, [4, 4]);
  assert.deepEqual(outline.labels, { name: 'y_test', classes: 3 });
});

test('an array', async () => {
  const outline = await describe(fixture('fortran.npy'));
  assert.equal(outline.description, 'fortran.npy: int32 4×2×3');
  assert.deepEqual([outline.count, outline.sampleShape, outline.labels], [4, [2, 3], undefined]);
});

test('a table, without reading its cells', async () => {
  const outline = await describe(memory('t.csv', 'a,b,label\n1,2,0\n3,oops,1\n\n5,6,1'));
  assert.equal(outline.description, 't.csv: 3 rows of 2 features, label');
  assert.deepEqual([outline.count, outline.sampleShape], [3, [2]]);
  assert.deepEqual(outline.labels, { name: 'label' });
  const wide = `${'1,'.repeat(100_000)}2\n`;
  assert.deepEqual((await describe(memory('t.csv', wide.repeat(3)))).arrays[0]!.shape, [3, 100_001]);
  const long = Array.from({ length: 30_000 }, (_, at) => `${at},${at}`).join('\r\n');
  assert.deepEqual((await describe(memory('t.csv', long))).arrays[0]!.shape, [30_000, 2]);
});

test('a folder, with its first image', async () => {
  const folder = memoryFolder('pics', {
    b: { '1.png': fixtureBytes('grey.png') },
    a: { '2.jpg': fixtureBytes('c420.jpg') },
  });
  const outline = await describeFolder(folder);
  assert.equal(outline.description, 'pics: 2 images, the first 21×35×3, pics: sub-folders');
  assert.deepEqual(outline.arrays, [{ name: 'images', dtype: 'uint8', shape: [2, 21, 35, 3] }]);
  assert.deepEqual(outline.labels, { name: 'pics: sub-folders', classes: 2 });
});

test('damaged files are refused', async () => {
  await refuses(describe(fixture('truncated.npy')), 'bad-file', /truncated\.npy is cut short/);
  await refuses(describe(memory('t.csv', '')), 'bad-data', /t\.csv has no data rows/);
  const folder = memoryFolder('pics', { 'a.png': fixtureBytes('huge.png') });
  await refuses(describeFolder(folder), 'bad-file', /pics\/a\.png is not a readable image/);
});
