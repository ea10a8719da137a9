import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitImage } from '../../../src/core/data/fitImage.ts';
import type { Pixels } from '../../../src/core/data/pixels.ts';
import { resample } from '../../../src/core/data/resample.ts';
import { arraysOf } from './memory.ts';

const resized = arraysOf('resized.npz');

async function source(): Promise<Pixels> {
  const { values } = (await resized).get('source')!;
  return { width: 35, height: 21, channels: 3, data: Uint8Array.from(values) };
}

const maxDifference = (a: ArrayLike<number>, b: readonly number[]): number => {
  assert.equal(a.length, b.length);
  return Math.max(...b.map((value, at) => Math.abs(value - a[at]!)));
};

for (const name of ['smaller', 'larger', 'narrower'])
  test(`resizing agrees with tf.image.resize: ${name}`, async () => {
    for (const antialias of [false, true]) {
      const { shape, values } = (await resized).get(antialias ? `${name}_antialias` : name)!;
      const size = { width: shape[1]!, height: shape[0]! };
      const out = resample(await source(), size, { x: 0, y: 0, ...size }, antialias);
      assert.ok(maxDifference(out, values) < 0.01, `antialias ${antialias}`);
    }
  });

test('antialiased resizing agrees with Pillow to its rounding', async () => {
  for (const name of ['smaller', 'larger', 'narrower']) {
    const { shape, values } = (await resized).get(`${name}_pillow`)!;
    const size = { width: shape[1]!, height: shape[0]! };
    const out = resample(await source(), size, { x: 0, y: 0, ...size }, true);
    assert.ok(maxDifference(out, values) <= 1.01, name);
  }
});

test('a window is the same as cutting it out of the whole', async () => {
  const image = await source();
  const size = { width: 40, height: 41 };
  const whole = resample(image, size, { x: 0, y: 0, ...size }, true);
  const part = resample(image, size, { x: 7, y: 5, width: 3, height: 2 }, true);
  const rows = [5, 6].flatMap((y) => [...whole.subarray((y * 40 + 7) * 3, (y * 40 + 10) * 3)]);
  assert.ok(maxDifference(part, rows) < 1e-4);
});

/** Every pixel says where it is. */
const grid = (height: number, width: number): Pixels => ({
  width,
  height,
  channels: 1,
  data: Uint8Array.from({ length: width * height }, (_, at) => 16 * Math.floor(at / width) + (at % width)),
});

test('crop: an image of the size to resize to is only cut', () => {
  const out = fitImage(grid(8, 8), { width: 7, height: 7 }, { fit: 'crop', antialias: false });
  assert.ok(out instanceof Uint8Array);
  assert.deepEqual([...out.subarray(0, 8)], [0, 1, 2, 3, 4, 5, 6, 16]);
  const wide = fitImage(grid(8, 12), { width: 7, height: 7 }, { fit: 'crop', antialias: false });
  assert.deepEqual([...wide.subarray(0, 3)], [2, 3, 4]);
});

test('crop: an image of the size of the input is taken as it is', () => {
  const image = grid(7, 7);
  assert.deepEqual(fitImage(image, { width: 7, height: 7 }, { fit: 'crop', antialias: false }), image.data);
});

test('crop: the short side is resized to input / 0.875 and the proportions are kept', () => {
  const tall: Pixels = {
    width: 16,
    height: 32,
    channels: 1,
    data: Uint8Array.from({ length: 512 }, (_, at) => 4 * Math.floor(at / 16)),
  };
  const out = fitImage(tall, { width: 14, height: 14 }, { fit: 'crop', antialias: false });
  // 16×32 is what 14 / 0.875 asks for: rows 9 to 22 are the centre.
  assert.deepEqual([out[0], out.at(-1)], [4 * 9, 4 * 22]);
  const half = fitImage(tall, { width: 7, height: 7 }, { fit: 'crop', antialias: false });
  // 8×16: row y lies at 2y + 0.5; rows 4 to 10 are the centre.
  assert.deepEqual([half[0], half.at(-1)], [4 * 8.5, 4 * 20.5]);
});

test('crop: an input that is not square is covered', () => {
  const out = fitImage(grid(8, 8), { width: 14, height: 7 }, { fit: 'crop', antialias: false });
  assert.equal(out.length, 98);
  assert.ok(out.every((value) => value > 0 && value < 128));
});

test('squash: the whole image is kept', () => {
  const out = fitImage(grid(8, 12), { width: 12, height: 8 }, { fit: 'squash', antialias: false });
  assert.deepEqual([...out], [...grid(8, 12).data]);
  const small = fitImage(grid(2, 4), { width: 2, height: 2 }, { fit: 'squash', antialias: false });
  assert.deepEqual([...small], [0.5, 2.5, 16.5, 18.5]);
});
