// Channels first and last, and preprocessing with one number per channel.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bind, type BindOptions } from '../../../src/core/data/bind.ts';
import { openImages } from '../../../src/core/data/openImages.ts';
import { parsePerChannel, standardize } from '../../../src/core/data/perChannel.ts';
import type { ArrayData } from '../../../src/core/data/rawData.ts';
import type { Values } from '../../../src/core/data/values.ts';
import { elements } from '../../../src/core/ir/graph.ts';
import { arraysOf, fixtureBytes, input, memoryFolder, refuses } from './memory.ts';

/** x.npy with the values 0, 1, 2 … */
function counted(shape: readonly number[], dtype: 'uint8' | 'float32' | 'int64' = 'float32'): ArrayData {
  const values = (length: number): Values => {
    const numbers = Float32Array.from({ length }, (_, at) => at);
    if (dtype === 'int64') return { dtype, data: BigInt64Array.from(numbers, BigInt) };
    return { dtype, data: dtype === 'uint8' ? Uint8Array.from(numbers) : numbers };
  };
  const row = elements(shape.slice(1));
  const samples = {
    name: 'x.npy',
    origin: 'x.npy',
    dtype,
    shape,
    load: (rows: number) => Promise.resolve(values(rows * row)),
  };
  return { kind: 'arrays', file: 'x.npy', arrays: [samples], samples, notes: [] };
}

const bound = async (data: ArrayData, shape: number[], options: BindOptions = {}) =>
  await bind(data, input(...shape), options);

/** Value at (h, w, c) of sample n in C-ordered samples of height × width × channels. */
const stored = (n: number, h: number, w: number, c: number, [height, width, channels]: readonly number[]) =>
  ((n * height! + h) * width! + w) * channels! + c;

/** Samples of `shape` (H×W×C) with the channels first. */
function channelsFirst(from: number, count: number, shape: readonly number[]): number[] {
  const [height, width, channels] = shape as [number, number, number];
  const out: number[] = [];
  for (let n = from; n < from + count; n++)
    for (let c = 0; c < channels; c++)
      for (let h = 0; h < height; h++) for (let w = 0; w < width; w++) out.push(stored(n, h, w, c, shape));
  return out;
}

test('images stored H×W×C are transposed for an input C×H×W, and that is said', async () => {
  for (const dtype of ['uint8', 'float32', 'int64'] as const)
    for (const channels of [3, 4]) {
      const data = await bound(counted([5, 2, 5, channels], dtype), [channels, 2, 5]);
      assert.equal(data.notes[0], `x.npy: 2×5×${channels} transposed to ${channels}×2×5`);
      assert.deepEqual(data.shapes, [[channels, 2, 5]]);
      const [batch] = await data.batch(1, 3);
      assert.deepEqual(batch, Float32Array.from(channelsFirst(1, 3, [2, 5, channels])));
    }
});

test('images stored C×H×W are transposed for an input H×W×C', async () => {
  const data = await bound(counted([2, 3, 2, 2]), [2, 2, 3]);
  assert.deepEqual(data.notes, ['x.npy: 3×2×2 transposed to 2×2×3']);
  assert.deepEqual([...(await data.batch(1, 1))[0]!], [12, 16, 20, 13, 17, 21, 14, 18, 22, 15, 19, 23]);
});

test('one channel and flat samples are reshaped as before', async () => {
  for (const [shape, wanted] of [
    [
      [4, 4, 1],
      [1, 4, 4],
    ],
    [[48], [3, 4, 4]],
    [
      [4, 4],
      [1, 4, 4],
    ],
  ] as const) {
    const data = await bound(counted([2, ...shape]), [...wanted]);
    assert.equal(data.notes[0], `x.npy: ${shape.join('×')} reshaped to ${wanted.join('×')}`);
    assert.equal((await data.batch(1, 1))[0]![1], elements(shape) + 1);
  }
});

test('other transpositions are refused, with the axes that would do it', async () => {
  const cases = [
    [
      [8, 2, 5],
      [2, 5, 8],
      /come first here and last in the model: save numpy\.transpose\(x, \(0, 2, 3, 1\)\)/,
    ],
    [
      [2, 5, 8],
      [8, 2, 5],
      /come last here and first in the model: save numpy\.transpose\(x, \(0, 3, 1, 2\)\)/,
    ],
    [[5, 2, 3], [3, 2, 5], /not their order/],
    [[2, 3], [3, 2], /transpose\(x, \(0, 2, 1\)\)/],
  ] as const;
  for (const [shape, wanted, text] of cases)
    await refuses(bound(counted([2, ...shape]), [...wanted]), 'bad-data', text);
});

const SCALE = [2, 3, 5];
const OFFSET = [-1, 0.5, 100];

test('one scale and offset per channel, wherever the channels lie', async () => {
  const expected = (value: number, channel: number) => value * SCALE[channel]! + OFFSET[channel]!;
  const options = { scale: SCALE, offset: OFFSET };
  const last = [2, 2, 3] as const;
  const plane = (at: number) => Math.floor((at % 12) / 4);
  const cases: readonly (readonly [shape: readonly number[], wanted: number[], values: number[]])[] = [
    [last, [...last], Array.from({ length: 24 }, (_, at) => expected(at, at % 3))],
    [[3, 2, 2], [3, 2, 2], Array.from({ length: 24 }, (_, at) => expected(at, plane(at)))],
    [last, [3, 2, 2], channelsFirst(0, 2, last).map((value) => expected(value, value % 3))],
    [[12], [3, 2, 2], Array.from({ length: 24 }, (_, at) => expected(at, plane(at)))],
    [[12], [2, 2, 3], Array.from({ length: 24 }, (_, at) => expected(at, at % 3))],
    [[3], [3], Array.from({ length: 6 }, (_, at) => expected(at, at % 3))],
  ];
  for (const [shape, wanted, values] of cases) {
    const data = await bound(counted([2, ...shape]), wanted, options);
    assert.deepEqual(
      (await data.batch(0, 2))[0],
      Float32Array.from(values),
      `${String(shape)} → ${String(wanted)}`,
    );
    assert.equal(data.notes.at(-1), 'values enter, channel by channel, as x·2 − 1, x·3 + 0.5, x·5 + 100');
  }
});

test('a list and a number go together; a list of one is a number', async () => {
  const mixed = await bound(counted([1, 3]), [3], { scale: [1, 2, 3], offset: 7 });
  assert.deepEqual((await mixed.batch(0, 1))[0], Float32Array.of(7, 9, 13));
  const single = await bound(counted([1, 4]), [4], { scale: [2], offset: [1] });
  assert.deepEqual((await single.batch(0, 1))[0], Float32Array.of(1, 3, 5, 7));
  assert.deepEqual(single.notes, ['values enter as x·2 + 1']);
});

test('a note writes out few channels', async () => {
  const data = await bound(counted([1, 6]), [6], { scale: [1, 2, 3, 4, 5, 6] });
  assert.deepEqual(data.notes, ['values enter, channel by channel, as x, x·2, x·3, x·4 … (6 channels)']);
});

test('lists for another number of channels are refused', async () => {
  const cases: readonly (readonly [shape: number[], wanted: number[], options: BindOptions, text: RegExp])[] =
    [
      [
        [4, 5, 3],
        [4, 5, 3],
        { scale: [1, 2] },
        /given for 2 channels; x\.npy has samples of shape 4×5×3, with 3\./,
      ],
      [[3, 5, 7], [3, 5, 7], { offset: [1, 2] }, /samples of shape 3×5×7, with 3\./],
      [[5, 2, 3], [3, 5, 2], { scale: [1, 2] }, /samples of shape 5×2×3, with 3\./],
      [[5, 2, 3], [3, 5, 2], { scale: [1, 2, 3, 4, 5] }, /samples of shape 5×2×3, with 3\./],
      [[12], [12], { scale: [1, 2] }, /samples of shape 12, with 12\./],
      [[3], [3], { scale: [1, 2, 3], offset: [1, 2] }, /given for 3 channels and for 2\. Give one number/],
      [[3], [3], { scale: [1, 0, 3] }, /scale must be a number other than 0, not 1, 0, 3\./],
      [[3], [3], { scale: [] }, /scale must be/],
      [[3], [3], { offset: [1, NaN, 3] }, /offset must be a number, not 1, NaN, 3/],
    ];
  for (const [shape, wanted, options, text] of cases)
    await refuses(bound(counted([2, ...shape]), wanted, options), 'bad-option', text);
});

test('a value that the scale of its own channel makes infinite is named by its sample', async () => {
  // Of the values 0 … 17 those from 14 on become infinite, when they are of the second channel.
  const data = (shape: readonly number[]) => counted([3, ...shape]);
  const large = 3.5e38 / 14;
  await refuses(
    bound(data([2, 3]), [2, 3], { scale: [1, large, 1] }),
    'bad-data',
    /x\.npy: sample 2 holds 16, which is not a finite float32/,
  );
  await refuses(
    bound(data([3, 2]), [3, 2], { scale: [1, large, 1] }),
    'bad-data',
    /x\.npy: sample 2 holds 14, which/,
  );
  assert.equal((await bound(data([2, 3]), [2, 3], { scale: [1, large, 1], limit: 2 })).count, 2);
});

test('a folder of images for an input with the channels first', async () => {
  const folder = memoryFolder('pics', {
    'a.png': fixtureBytes('rgb.png'),
    'b.png': fixtureBytes('grey.png'),
  });
  const raw = await openImages(folder);
  const last = await bind(raw, input(21, 35, 3));
  const first = await bind(raw, input(3, 21, 35));
  const [a] = await last.batch(0, 2);
  const order = channelsFirst(0, 2, [21, 35, 3]);
  assert.deepEqual(
    (await first.batch(0, 2))[0],
    Float32Array.from(order, (at) => a![at]!),
  );
  assert.equal(
    first.notes[0],
    'images resized to cover 24×40 (bilinear), centre 21×35 cut out, channels put first',
  );
  const grey = await bind(raw, input(1, 21, 35));
  const luma = (await arraysOf('expected.npz')).get('luma')!.values;
  assert.deepEqual((await grey.batch(0, 1))[0], Float32Array.from(luma));
  assert.equal(grey.notes[0], 'images resized to cover 24×40 (bilinear), centre 21×35 cut out');
  const resized = await bind(raw, input(3, 9, 11), { fit: 'squash' });
  const upright = (await (await bind(raw, input(9, 11, 3), { fit: 'squash' })).batch(0, 1))[0]!;
  const expected = Float32Array.from(channelsFirst(0, 1, [9, 11, 3]), (at) => upright[at]!);
  assert.deepEqual((await resized.batch(0, 1))[0], expected);
});

test('where both ends could be the channels, the last is', async () => {
  const raw = await openImages(memoryFolder('pics', { 'a.png': fixtureBytes('rgb.png') }));
  const shape = [3, 21, 1];
  const data = await bind(raw, input(...shape), { fit: 'squash' });
  assert.equal(data.notes[0], 'images resized to 3×21 (bilinear), proportions not kept');
});

test('images with one scale per colour, channels first and last', async () => {
  const raw = await openImages(memoryFolder('pics', { 'a.png': fixtureBytes('rgb.png') }));
  const options = { scale: SCALE, offset: OFFSET };
  const [plain] = await (await bind(raw, input(21, 35, 3))).batch(0, 1);
  const scaled = plain!.map((value, at) => value * SCALE[at % 3]! + OFFSET[at % 3]!);
  const last = await bind(raw, input(21, 35, 3), options);
  assert.deepEqual((await last.batch(0, 1))[0], scaled);
  const first = await bind(raw, input(3, 21, 35), options);
  const order = channelsFirst(0, 1, [21, 35, 3]);
  assert.deepEqual(
    (await first.batch(0, 1))[0],
    Float32Array.from(order, (at) => scaled[at]!),
  );
  await refuses(
    bind(raw, input(1, 21, 35), options),
    'bad-option',
    /given for 3 channels; the model takes images with 1\./,
  );
});

test('mean and deviation become scale and offset', () => {
  assert.deepEqual(standardize({ mean: 3, std: 2 }), { scale: 0.5, offset: -1.5 });
  assert.deepEqual(standardize({ scale: 1 / 4, offset: 1, mean: [1, 2], std: [2, 4] }), {
    scale: [1 / 8, 1 / 16],
    offset: [0, -1 / 4],
  });
  assert.deepEqual(standardize({ scale: [2, 4], std: [2] }), { scale: [1, 2], offset: [0, 0] });
  assert.throws(() => standardize({ mean: [1, 2, 3], std: [1, 2] }), /for 3 channels and for 2/);
});

test('numbers, fractions and lists of them', () => {
  assert.equal(parsePerChannel('1/255'), 1 / 255);
  assert.equal(parsePerChannel(' -2e-3 '), -0.002);
  assert.deepEqual(parsePerChannel('0.5, 1/4 -1'), [0.5, 0.25, -1]);
  for (const text of ['', ' ', ',', '1,', '1,,2', 'x', '1/0', '1/', '/2', '1/2/3', '1,NaN', 'Infinity'])
    assert.equal(parsePerChannel(text), undefined, text);
});
