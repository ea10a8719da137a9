import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bind, type BindOptions } from '../../../src/core/data/bind.ts';
import type { Labels, RawArray } from '../../../src/core/data/rawData.ts';
import { openData } from '../../../src/core/data/registry.ts';
import type { ByteSource } from '../../../src/core/importers/importer.ts';
import { fixture, input, memory, refuses } from './memory.ts';

const bound = async (source: ByteSource, shape: number[], options: BindOptions = {}) =>
  await bind(await openData(source), input(...shape), options);

const labels = (...values: number[]): Labels => ({
  origin: 'l.npy',
  values: Int32Array.from(values),
  notes: [],
});

test('an array of the shape of the input', async () => {
  const data = await bound(fixture('fortran.npy'), [2, 3]);
  assert.equal(data.description, 'fortran.npy: int32 4×2×3');
  assert.equal(data.count, 4);
  assert.deepEqual(data.shapes, [[2, 3]]);
  assert.equal(data.labels, undefined);
  assert.deepEqual(data.notes, []);
  assert.deepEqual(await data.batch(1, 2), [Float32Array.from({ length: 12 }, (_, at) => at + 6)]);
});

test('an archive with labels', async () => {
  const data = await bound(fixture('digits.npz'), [4, 4], { classes: 3 });
  assert.equal(data.description, 'digits.npz: x_test uint8 5×4×4, y_test');
  assert.deepEqual([...data.labels!], [0, 1, 2, 1, 0]);
  assert.deepEqual(data.notes, ['pixel values enter as stored, 0 … 255 (no scale given)']);
});

test('scale and offset: x · scale + offset, rounded once to float32', async () => {
  const data = await bound(fixture('digits.npz'), [4, 4], { scale: 1 / 127.5, offset: -1 });
  const [batch] = await data.batch(0, 5);
  assert.deepEqual(
    batch,
    Float32Array.from({ length: 80 }, (_, at) => at / 127.5 - 1).map((value, at) => (at === 0 ? -1 : value)),
  );
  assert.deepEqual(data.notes, ['values enter as x·0.00784314 − 1']);
  const half = await bound(fixture('digits.npz'), [4, 4], { scale: 0.5 });
  assert.deepEqual(half.notes, ['values enter as x·0.5']);
});

test('a limit takes the first samples and their labels', async () => {
  const data = await bound(fixture('digits.npz'), [4, 4], { limit: 2 });
  assert.equal(data.count, 2);
  assert.deepEqual([...data.labels!], [0, 1]);
  assert.ok(data.notes.includes('first 2 of 5 samples'));
  assert.equal((await bound(fixture('digits.npz'), [4, 4], { limit: 99 })).count, 5);
});

test('shapes that differ in axes of 1 or in merged neighbours are reshaped, and that is said', async () => {
  for (const shape of [[4, 4, 1], [16], [1, 16], [1, 4, 4, 1]]) {
    const data = await bound(fixture('digits.npz'), shape);
    assert.deepEqual(data.shapes, [shape]);
    assert.equal(data.notes[0], `digits.npz: x_test: 4×4 reshaped to ${shape.join('×')}`);
    assert.equal((await data.batch(4, 1))[0]![15], 79);
  }
  const table = memory('t.csv', '1,2,3,4\n5,6,7,8\n');
  assert.equal((await bound(table, [2, 2, 1])).notes[0], 't.csv: 4 reshaped to 2×2×1');
  assert.deepEqual((await bound(fixture('nan.npy'), [3], { limit: 2 })).notes, ['first 2 of 4 samples']);
});

test('shapes that would need a transposition or do not fit are refused', async () => {
  const cases = [
    [
      'c_order.npy',
      [3, 2],
      /c_order\.npy has samples of shape 2×3; input input takes 3×2\. The channels come first/,
    ],
    ['c_order.npy', [4, 2, 3], /looks like one sample/],
    ['c_order.npy', [5], /samples of shape 2×3; input input takes 5\. Give samples prepared/],
    ['digits.npz', [2, 8], /digits\.npz: x_test has samples of shape 4×4; .* not their order/],
    ['digits.npz', [32, 32, 3], /samples of shape 4×4; input input takes 32×32×3/],
  ] as const;
  for (const [name, shape, text] of cases) await refuses(bound(fixture(name), [...shape]), 'bad-data', text);
});

test('several inputs are found by name, by id, below a path and with a tensor suffix', async () => {
  const raw = await openData(fixture('two_inputs.npz'));
  const inputs = [
    { id: 'encoder/right', name: 'encoder/right', shape: [2] },
    { id: 'left_layer', name: 'left:0', shape: [4, 4, 1] },
  ];
  const data = await bind(raw, inputs);
  assert.equal(data.description, 'two_inputs.npz: right float64 5×2, left float32 5×4×4, labels');
  const [right, left] = await data.batch(1, 1);
  assert.deepEqual(right, Float32Array.of(1, 1));
  assert.equal(left![0], 16);
  assert.equal(data.labels?.length, 5);
  await refuses(
    bind(raw, [...inputs, { id: 'm', name: 'mask', shape: [1] }]),
    'bad-data',
    /The model has 3 inputs; two_inputs\.npz has no array for mask\. It holds: left \(float32 5×4×4\)/,
  );
  await refuses(
    bind(raw, input(3)),
    'bad-data',
    /two_inputs\.npz does not tell which of its arrays are the samples/,
  );
});

test('inputs with different numbers of samples', async () => {
  const array = (name: string, count: number): RawArray => ({
    name,
    origin: `f.npz: ${name}`,
    dtype: 'uint8',
    shape: [count, 1],
    load: (rows) => Promise.resolve({ dtype: 'uint8', data: new Uint8Array(rows) }),
  });
  const raw = { kind: 'arrays', file: 'f.npz', arrays: [array('a', 3), array('b', 4)], notes: [] } as const;
  const inputs = [
    { id: 'a', name: 'a', shape: [1] },
    { id: 'b', name: 'b', shape: [1] },
  ];
  await refuses(bind(raw, inputs), 'bad-data', /f\.npz: a has 3 samples and f\.npz: b has 4/);
});

test('labels given apart win, and must fit', async () => {
  const given = await bound(fixture('digits.npz'), [4, 4], { labels: labels(9, 8, 7, 6, 5), classes: 10 });
  assert.deepEqual([...given.labels!], [9, 8, 7, 6, 5]);
  assert.equal(given.description, 'digits.npz: x_test uint8 5×4×4, l.npy');
  await refuses(
    bound(fixture('digits.npz'), [4, 4], { labels: labels(1, 2) }),
    'bad-data',
    /l\.npy has 2 labels for the 5 samples of digits\.npz/,
  );
  await refuses(
    bound(fixture('digits.npz'), [4, 4], { classes: 2 }),
    'bad-data',
    /digits\.npz: y_test: sample 2 is of class 2; the model has 2 classes, 0 to 1/,
  );
  await refuses(
    bound(fixture('digits_deflated.npz'), [4, 4], { classes: 2 }),
    'bad-data',
    /y_test has 3 classes; the model has 2/,
  );
});

test('an array that is called y but holds no classes is no reason to fail', async () => {
  const data = await bound(memory('t.csv', 'a,y\n1,0.5\n2,0.7\n'), [1], { classes: 2 });
  assert.equal(data.labels, undefined);
  assert.match(data.notes[0]!, /No labels: t\.csv: y holds no class indices: row 2 is "0\.5"/);
});

test('values that are not finite are named by their sample, among those used only', async () => {
  await refuses(
    bound(fixture('nan.npy'), [3]),
    'bad-data',
    /nan\.npy: sample 2 holds NaN, which is not a finite float32/,
  );
  assert.equal((await bound(fixture('nan.npy'), [3], { limit: 2 })).count, 2);
  await refuses(bound(fixture('overflow.npy'), [1]), 'bad-data', /overflow\.npy: sample 1 holds 1e\+300/);
  assert.equal((await bound(fixture('overflow.npy'), [1], { scale: 1e-290 })).count, 2);
});

test('no samples', async () => {
  await refuses(
    bound(fixture('empty.npy'), [4]),
    'bad-data',
    /empty\.npy holds no samples: its shape is 0×4/,
  );
  await refuses(
    bound(fixture('scalar.npy'), [1]),
    'bad-data',
    /scalar\.npy holds no samples: its shape is scalar/,
  );
});

test('wrong options', async () => {
  const wrong: readonly [BindOptions, RegExp][] = [
    [{ scale: 0 }, /scale must be a number other than 0/],
    [{ scale: NaN }, /scale must be/],
    [{ offset: Infinity }, /offset must be a number/],
    [{ limit: 0 }, /limit must be a whole number of samples/],
    [{ limit: 1.5 }, /limit must be/],
  ];
  for (const [options, text] of wrong)
    await refuses(bound(fixture('digits.npz'), [4, 4], options), 'bad-option', text);
});

test('batches outside the data set are refused', async () => {
  const data = await bound(fixture('digits.npz'), [4, 4]);
  const batch = async (start: number, length: number) => await data.batch(start, length);
  await refuses(batch(4, 2), 'internal', /Samples 4 to 5 of 5 were asked for/);
  await refuses(batch(-1, 1), 'internal', /Samples -1/);
  await refuses(batch(0, 0), 'internal', /Samples 0/);
});

test('the reader is chosen by content, then by extension', async () => {
  const renamed = { ...fixture('c_order.npy'), name: 'values.txt' };
  assert.equal((await openData(renamed)).arrays[0]!.dtype, 'int32');
  await refuses(openData(memory('x.npy', '1,2\n3,4\n')), 'bad-file', /x\.npy .* does not begin with/);
  assert.deepEqual((await openData(memory('iris.data', '1,2\n3,4\n'))).samples?.shape, [2, 2]);
  await refuses(
    openData(fixture('rgb.png')),
    'bad-data',
    /rgb\.png is none of the data files.* give the folder/,
  );
  await refuses(openData(memory('x.bin', new Uint8Array(9))), 'bad-data', /x\.bin is none of the data files/);
});
