import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openImages } from '../../../src/core/data/openImages.ts';
import { fixtureBytes, memoryFolder, refuses, type Tree } from './memory.ts';

const image = fixtureBytes('rgb.png');
const images = (...names: string[]): Tree => Object.fromEntries(names.map((name) => [name, image]));

async function open(tree: Tree, beside: Tree = {}, options = {}) {
  const parent = memoryFolder('home', beside);
  const {
    images: found,
    labels,
    notes,
    inTurn,
  } = await openImages(memoryFolder('pics', tree, parent), options);
  const loaded = await labels?.load();
  return {
    paths: found.map(({ path }) => path),
    labels: loaded && [...loaded.values],
    loaded,
    notes,
    inTurn,
  };
}

test('images are listed by name; other files, hidden files and other formats are left out', async () => {
  const { paths, labels, notes } = await open({
    ...images('b.jpg', 'a.PNG', 'c.jpeg', '.d.png'),
    'e.bmp': 'x',
    'f.md': 'x',
  });
  assert.deepEqual(paths, ['a.PNG', 'b.jpg', 'c.jpeg']);
  assert.equal(labels, undefined);
  assert.deepEqual(notes, ['pics: 1 images that are neither JPEG nor PNG left out']);
});

test('sub-folders are classes, sorted and taken in turn', async () => {
  const { paths, labels, loaded, notes, inTurn } = await open({
    dog: images('1.png', '2.png'),
    cat: images('3.png', '4.png', '5.png'),
    notes: { 'a.txt': 'no images here' },
  });
  assert.deepEqual(paths, ['cat/3.png', 'dog/1.png', 'cat/4.png', 'dog/2.png', 'cat/5.png']);
  assert.deepEqual(labels, [0, 1, 0, 1, 0]);
  assert.equal(loaded!.classes, 2);
  assert.match(
    loaded?.notes[0] ?? 'none',
    /pics: sub-folders sorted and taken as classes 0 … 1 \(cat, dog\)/,
  );
  assert.deepEqual(notes, ['pics: images taken in turn from its sub-folders']);
  assert.equal(inTurn, true);
});

test('a single sub-folder says nothing about classes', async () => {
  const { paths, labels, inTurn } = await open({ images: images('1.png') });
  assert.deepEqual([paths, labels, inTurn], [['images/1.png'], undefined, false]);
});

const CSV = 'file,class_index,name\nb.png,7,x\na.png,3,y\n';

test('labels from a CSV beside the folder, in the order of the images', async () => {
  assert.deepEqual((await open(images('a.png', 'b.png'), { 'labels.csv': CSV })).labels, [3, 7]);
  assert.deepEqual((await open(images('a.png', 'b.png'), { 'pics.csv': CSV })).labels, [3, 7]);
  assert.equal((await open(images('a.png', 'b.png'), { 'prices.csv': CSV })).labels, undefined);
});

test('labels from a CSV inside the folder, by path, by name and by name without ending', async () => {
  assert.deepEqual((await open({ ...images('a.png', 'b.png'), 'any.csv': CSV })).labels, [3, 7]);
  const paths = 'file,label\npics/b.png,1\n./pics/a.png,2\n';
  assert.deepEqual((await open({ ...images('a.png', 'b.png'), 'l.csv': paths })).labels, [2, 1]);
  const bare = 'image,label\nb,1\na,2\n';
  assert.deepEqual((await open({ ...images('a.png', 'b.png'), 'l.csv': bare })).labels, [2, 1]);
});

test('a CSV inside wins over the names of sub-folders', async () => {
  const csv = 'file,label\nx/1.png,5\ny\\1.png,6\n';
  const { paths, labels } = await open({ x: images('1.png'), y: images('1.png'), 'l.csv': csv });
  assert.deepEqual(paths, ['x/1.png', 'y/1.png']);
  assert.deepEqual(labels, [5, 6]);
});

test('a CSV that is about something else is left, and that is said', async () => {
  const { labels, notes } = await open({
    ...images('a.png'),
    'a-prices.csv': 'file,label\nother.png,1\n',
    'b-table.csv': '1,2,3\n4,5,6\n',
    'c-empty.csv': '',
    'd.csv': 'file,label\na.png,4\n',
  });
  assert.deepEqual(labels, [4]);
  assert.match(notes[0]!, /a-prices\.csv is not used as labels: it names none of the images/);
  assert.match(notes[1]!, /b-table\.csv is not used as labels: .*does not tell which of its columns/);
  assert.match(notes[2]!, /c-empty\.csv is not used as labels: c-empty\.csv has no data rows/);
});

test('rows to spare are said, missing and shared rows are refused', async () => {
  const { loaded } = await open({ ...images('a.png'), 'l.csv': CSV });
  assert.deepEqual(loaded?.notes, ['l.csv: class_index: 1 rows name no image here']);
  await refuses(
    open({ ...images('a.png', 'b.png', 'c.png', 'd.png'), 'l.csv': CSV }),
    'bad-data',
    /l\.csv: class_index has no row for 2 of 4 images, the first is c\.png/,
  );
  const csv = 'file,label\n1.png,5\n';
  await refuses(
    open({ x: images('1.png'), y: images('1.png'), 'l.csv': csv }),
    'bad-data',
    /one row for both x\/1\.png and y\/1\.png/,
  );
});

test('the label column can be chosen', async () => {
  const csv = 'file,kind,label\na.png,1,2\n';
  assert.deepEqual(
    (await open({ ...images('a.png'), 'l.csv': csv }, {}, { labelColumn: 'kind' })).labels,
    [1],
  );
  await refuses(
    open({ ...images('a.png'), 'l.csv': csv }, {}, { labelColumn: 'size' }),
    'bad-option',
    /l\.csv has no column size/,
  );
});

test('a folder without images', async () => {
  await refuses(open({ 'a.txt': 'x' }), 'bad-data', /Folder pics holds no JPEG or PNG images/);
  await refuses(
    open({ a: { 'x.webp': 'x' } }),
    'bad-data',
    /Folder pics holds no JPEG.*Convert its images to PNG/,
  );
});
