import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bind, type BindOptions } from '../../../src/core/data/bind.ts';
import type { Folder } from '../../../src/core/data/folder.ts';
import { openImages } from '../../../src/core/data/openImages.ts';
import type { Labels } from '../../../src/core/data/rawData.ts';
import { sampleCache } from '../../../src/core/data/sampleCache.ts';
import { arraysOf, fixtureBytes, input, memoryFolder, refuses, type Tree } from './memory.ts';

const colour = fixtureBytes('rgb.png'); // 35×21
const grey = fixtureBytes('grey.png');
const tree: Tree = { 'a.png': colour, 'b.png': grey, 'c.jpg': fixtureBytes('c444.jpg') };

const bound = async (folder: Folder, shape: number[], options: BindOptions = {}) =>
  await bind(await openImages(folder), input(...shape), options);

test('colour and grey images for three channels, in the size of the input', async () => {
  const data = await bound(memoryFolder('pics', tree), [21, 35, 3], { scale: 1 / 255 });
  const expected = await arraysOf('expected.npz');
  const [batch] = await data.batch(0, 2);
  const wanted = [
    ...expected.get('rgb.png')!.values,
    ...expected.get('grey.png')!.values.flatMap((value) => [value, value, value]),
  ];
  assert.deepEqual(
    batch,
    Float32Array.from(wanted, (value) => value / 255),
  );
  assert.equal(data.description, 'pics: 3 images');
  assert.deepEqual(data.shapes, [[21, 35, 3]]);
  assert.deepEqual(data.notes, [
    'images resized to cover 24×40 (bilinear), centre 21×35 cut out',
    'values enter as x·0.00392157',
  ]);
});

test('one channel takes the luma, with or without a channel axis', async () => {
  const luma = (await arraysOf('expected.npz')).get('luma')!.values;
  for (const shape of [
    [21, 35, 1],
    [21, 35],
  ]) {
    const data = await bound(memoryFolder('pics', tree), shape);
    assert.deepEqual(await data.batch(0, 1), [Float32Array.from(luma)]);
    assert.ok(data.notes.includes('pixel values enter as stored, 0 … 255 (no scale given)'));
  }
});

test('squash, antialiased and plain, and crop give different pixels of the same size', async () => {
  const resized = await arraysOf('resized.npz');
  const first = async (options: BindOptions) =>
    (await (await bound(memoryFolder('pics', tree), [9, 11, 3], options)).batch(0, 1))[0]!;
  const close = (a: Float32Array, b: number[]) => a.every((value, at) => Math.abs(value - b[at]!) < 0.01);
  const plain = resized.get('smaller')!.values;
  const smooth = resized.get('smaller_antialias')!.values;
  assert.ok(close(await first({ fit: 'squash' }), plain));
  assert.ok(close(await first({ fit: 'squash', antialias: true }), smooth));
  assert.ok(!close(await first({}), plain));
  const data = await bound(memoryFolder('pics', tree), [9, 11, 3], { fit: 'squash', antialias: true });
  assert.equal(data.notes[0], 'images resized to 9×11 (bilinear, antialiased), proportions not kept');
});

test('images are decoded when a batch asks for them, one at a time, and once', async () => {
  const opened: string[] = [];
  let open = 0;
  const folder = memoryFolder('pics', tree);
  const counting: Folder = {
    ...folder,
    async file(name) {
      opened.push(name);
      assert.equal(open++, 0, 'two images at a time');
      const source = await folder.file(name);
      open--;
      return source;
    },
  };
  const data = await bound(counting, [21, 35, 3]);
  assert.deepEqual(opened, []);
  await data.batch(1, 2);
  assert.deepEqual(opened, ['b.png', 'c.jpg']);
  await data.batch(0, 3);
  assert.deepEqual(opened, ['b.png', 'c.jpg', 'a.png']);
});

test('samples are kept up to a limit, the first that come', () => {
  const cache = sampleCache(10);
  cache.keep(0, new Uint8Array(6));
  cache.keep(0, new Uint8Array(6));
  cache.keep(1, new Float32Array(2));
  cache.keep(2, new Float32Array(1));
  cache.keep(3, new Uint8Array(1));
  const kept = [0, 1, 2, 3].map((index) => cache.get(index)?.byteLength);
  assert.deepEqual(kept, [6, undefined, 4, undefined]);
});

test('a damaged image is named when its batch is asked for', async () => {
  const data = await bound(
    memoryFolder('pics', { ...tree, 'd.png': fixtureBytes('short.png') }),
    [21, 35, 3],
  );
  await data.batch(0, 3);
  await refuses(data.batch(2, 2), 'bad-file', /pics\/d\.png is not a readable image/);
});

test('labels: a limit, a count that differs, order of names, sub-folders', async () => {
  const given = (values: number[], files?: string[]): Labels => ({
    origin: 'y.npy',
    values: Int32Array.from(values),
    files,
    notes: [],
  });
  const folder = memoryFolder('pics', tree);
  const data = await bound(folder, [21, 35, 3], { labels: given([4, 5, 6]), limit: 2 });
  assert.deepEqual([...data.labels!], [4, 5]);
  assert.equal(data.count, 2);
  assert.ok(data.notes.includes('y.npy: taken in the order of the file names'));
  assert.ok(data.notes.includes('first 2 of 3 samples'));
  await refuses(
    bound(folder, [21, 35, 3], { labels: given([4, 5]) }),
    'bad-data',
    /y\.npy has 2 labels for the 3 samples of pics/,
  );
  const named = given([1, 2, 3], ['c.jpg', 'b.png', 'a.png']);
  assert.deepEqual([...(await bound(folder, [21, 35, 3], { labels: named })).labels!], [3, 2, 1]);
  const classes = memoryFolder('pics', { x: { '1.png': colour }, y: { '2.png': colour } });
  assert.deepEqual([...(await bound(classes, [21, 35, 3], { classes: 2 })).labels!], [0, 1]);
  await refuses(
    bound(classes, [21, 35, 3], { labels: given([0, 1]) }),
    'bad-data',
    /y\.npy does not say which label is for which image of pics/,
  );
});

test('models that take no image', async () => {
  const folder = memoryFolder('pics', tree);
  await refuses(bound(folder, [784]), 'bad-data', /pics is a folder of images; the model takes input 784/);
  await refuses(bound(folder, [21, 35, 4]), 'bad-data', /the model takes input 21×35×4/);
  const two = [...input(21, 35, 3), { id: 'b', name: 'b', shape: [2] }];
  await refuses(bind(await openImages(folder), two), 'bad-data', /the model takes input 21×35×3, b 2/);
});
