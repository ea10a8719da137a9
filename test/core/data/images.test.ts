import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeImage, imageShape } from '../../../src/core/data/decodeImage.ts';
import { withChannels } from '../../../src/core/data/pixels.ts';
import { arraysOf, fixture, fixtureBytes, memory, refuses } from './memory.ts';

const expected = arraysOf('expected.npz');

async function difference(name: string) {
  const { shape, values } = (await expected).get(name)!;
  const { width, height, channels, data } = await decodeImage(fixture(name), name);
  assert.deepEqual([height, width, channels], [...shape, 1].slice(0, 3), name);
  assert.deepEqual(await imageShape(fixture(name), name), [height, width, channels], name);
  const errors = values.map((value, at) => Math.abs(value - data[at]!));
  return { max: Math.max(...errors), mean: errors.reduce((sum, error) => sum + error, 0) / errors.length };
}

test('PNG: colour, grey, 1 bit, alpha, palette, transparency, 16 bits, interlacing, trailing bytes', async () => {
  const names = [
    'rgb',
    'grey',
    'bits1',
    'rgba',
    'palette',
    'transparent_colour',
    'interlaced',
    'trailing',
    'grey16',
    'filters',
  ];
  for (const name of names) assert.equal((await difference(`${name}.png`)).max, 0, name);
});

test('JPEG: the values of libjpeg for every chroma sampling and colour model', async () => {
  const names = ['c420', 'c422', 'c444', 'progressive', 'grey', 'narrow', 'adobe', 'rgb_colours'];
  for (const name of names) {
    assert.equal((await difference(`${name}.jpg`)).max, 0, name);
  }
});

test('luma as Pillow computes it, and grey to three equal channels', async () => {
  const image = await decodeImage(fixture('rgb.png'), 'rgb.png');
  const grey = withChannels(image, 1);
  assert.deepEqual([...grey.data], (await expected).get('luma')!.values);
  const wide = withChannels(grey, 3);
  assert.deepEqual(
    [...wide.data.subarray(0, 6)],
    [0, 0, 0, 1, 1, 1].map((at) => grey.data[at]),
  );
  assert.equal(wide.data.length, 3 * grey.data.length);
  assert.equal(withChannels(wide, 3), wide);
});

const REFUSED = [
  ['truncated.png', /truncated\.png is not a readable image: it is cut short/],
  ['damaged.png', /damaged\.png is not a readable image: its chunk at offset 33 does not match its checksum/],
  ['huge.png', /huge\.png .* 100000×100000 pixels are more than 40 million/],
  ['short.png', /short\.png .* image data end after 64 of 2226 bytes/],
  ['short_interlaced.png', /short_interlaced\.png .* image data end after 100 of 207 bytes/],
  ['tall.png', /tall\.png .* bytes of image data cannot hold its pixels/],
  ['no_palette.png', /no_palette\.png .* colour \d+ is not in its palette/],
  ['truncated.jpg', /truncated\.jpg is not a readable image/],
  ['cut_in_header.jpg', /cut_in_header\.jpg .* breaks off or is damaged at offset/],
  ['huge.jpg', /huge\.jpg .* 65535×65535 pixels are more than 40 million/],
  ['scans.jpg', /scans\.jpg .* more than 100 scans/],
  ['cmyk.jpg', /cmyk\.jpg .* 4 colour components/],
  ['c_order.npy', /c_order\.npy .* neither JPEG nor PNG/],
] as const;

for (const [name, text] of REFUSED)
  test(`${name} is refused`, async () => {
    await refuses(decodeImage(fixture(name), name), 'bad-file', text);
  });

test('a file that is too large is refused before it is read', async () => {
  const huge = { ...memory('a.png', fixtureBytes('rgb.png')), size: 2 ** 30 };
  await refuses(decodeImage(huge, 'a.png'), 'bad-file', /a\.png .* more than 64 MiB/);
});

test('every prefix of an image is refused, none crashes', async () => {
  for (const name of ['rgb.png', 'interlaced.png', 'grey.jpg', 'progressive.jpg']) {
    const bytes = fixtureBytes(name);
    for (let length = 0; length < bytes.length - 2; length += 7)
      await refuses(decodeImage(memory('p', bytes.subarray(0, length)), 'p'), 'bad-file', /^p is not/);
  }
});

test('an image with a byte changed is read or refused, never worse', async () => {
  for (const name of ['interlaced.png', 'palette.png', 'c420.jpg', 'progressive.jpg']) {
    const bytes = fixtureBytes(name);
    for (let at = 0; at < bytes.length; at += 5) {
      const changed = bytes.slice();
      changed[at]! ^= 0xff;
      try {
        await decodeImage(memory('p', changed), 'p');
      } catch (error) {
        assert.equal((error as Error).name, 'BitLensError', `${name} byte ${at}: ${String(error)}`);
      }
    }
  }
});
