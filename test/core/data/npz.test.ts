import { zipSync } from 'fflate';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignRoles } from '../../../src/core/data/arrayRoles.ts';
import { listNpz, npz } from '../../../src/core/data/npz.ts';
import { seeded } from '../../../src/core/random.ts';
import { arraysOf, fixture, fixtureBytes, memory, refuses } from './memory.ts';

test('stored and deflated entries hold the same values', async () => {
  const stored = await arraysOf('digits.npz');
  const deflated = await arraysOf('digits_deflated.npz');
  assert.deepEqual(stored.get('x_test')?.shape, [5, 4, 4]);
  assert.deepEqual(deflated.get('x_test'), stored.get('x_test'));
  assert.deepEqual(
    stored.get('x_test')?.values,
    Array.from({ length: 80 }, (_, at) => at),
  );
});

test('held-out samples are preferred and their labels go with them', async () => {
  const { samples, labels, notes } = await npz.open(fixture('digits.npz'), {});
  assert.equal(samples?.name, 'x_test');
  assert.equal(labels?.name, 'y_test');
  assert.deepEqual([...(await labels.load()).values], [0, 1, 2, 1, 0]);
  assert.deepEqual(notes, []);
});

test('one-hot labels say how many classes there are before they are read', async () => {
  const { labels } = await npz.open(fixture('digits_deflated.npz'), {});
  assert.equal(labels?.classes, 3);
  assert.deepEqual([...(await labels.load()).values], [0, 1, 2, 1, 0]);
});

test('arrays without telling names are taken by position, and that is said', async () => {
  const { samples, labels, notes } = await npz.open(fixture('unnamed.npz'), {});
  assert.equal(samples?.name, 'arr_0');
  assert.equal(labels?.name, 'arr_1');
  assert.match(notes[0]!, /unnamed\.npz: arr_0 taken as the samples and arr_1 as the labels/);
});

test('roles by name', () => {
  const roles = (...names: string[]) => {
    const { samples, labels, guessed } = assignRoles(names.map((name) => ({ name })));
    return [samples?.name, labels?.name, guessed];
  };
  assert.deepEqual(roles('y', 'X'), ['X', 'y', false]);
  assert.deepEqual(roles('images', 'labels'), ['images', 'labels', false]);
  assert.deepEqual(roles('data', 'target'), ['data', 'target', false]);
  assert.deepEqual(roles('x_train', 'x_test', 'y_train', 'y_test'), ['x_test', 'y_test', false]);
  assert.deepEqual(roles('x_calibration', 'x_test', 'y_test'), ['x_calibration', 'y_test', false]);
  assert.deepEqual(roles('x_mine', 'y_mine'), ['x_mine', 'y_mine', false]);
  assert.deepEqual(roles('train_images', 'train_labels', 'other'), ['train_images', 'train_labels', false]);
  assert.deepEqual(roles('spectra', 'labels'), ['spectra', 'labels', true]);
  assert.deepEqual(roles('a', 'b'), [undefined, undefined, true]);
});

test('a part of a deflated entry is inflated without the rest', async () => {
  const random = seeded(1);
  const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (200, 1000), }\n";
  const head = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0, ...new TextEncoder().encode(text)];
  const noise = Array.from({ length: 200_000 }, () => Math.floor(16 * random.next()));
  const source = memory('n.npz', zipSync({ 'x.npy': Uint8Array.from([...head, ...noise]) }));
  const [array] = await listNpz(source);
  source.bytesRead = 0;
  const loaded = await array!.load(3);
  assert.deepEqual([...loaded.data].map(Number), noise.slice(0, 3000));
  assert.ok(source.bytesRead < source.size / 4, `${source.bytesRead} of ${source.size} bytes`);
});

const REFUSED = [
  ['cut_short.npz', 'bad-file', /cut_short\.npz .* its end is missing/],
  [
    'lying_big.npz',
    'bad-file',
    /lying_big\.npz .* x_test\.npy declares 4026531840 bytes, which \d+ cannot hold/,
  ],
  ['lying_small.npz', 'bad-file', /lying_small\.npz.* x_test/],
  ['outside.npz', 'bad-file', /outside\.npz .* x_test\.npy lies outside the file/],
  ['checksum.npz', 'bad-file', /checksum\.npz .* arr_0\.npy does not match its checksum/],
  ['not_deflate.npz', 'bad-file', /not_deflate\.npz .* x_test\.npy cannot be inflated/],
  ['bomb.npz', 'bad-file', /bomb\.npz .* x\.npy does not hold the 208 bytes it declares/],
  ['no_arrays.zip', 'bad-file', /no_arrays\.zip is a zip archive without \.npy arrays/],
  ['encrypted.npz', 'unsupported', /encrypted\.npz: x_test\.npy is encrypted/],
  ['bzip2.npz', 'unsupported', /bzip2\.npz: x\.npy is compressed with method 12/],
  ['zip64.npz', 'unsupported', /zip64\.npz is a zip64 archive/],
] as const;

for (const [name, kind, text] of REFUSED)
  test(`${name} is refused`, async () => {
    await refuses(arraysOf(name), kind, text);
  });

test('a bomb is not inflated to its end', async () => {
  const source = fixture('bomb.npz');
  await refuses(listNpz(source), 'bad-file', /does not hold/);
  // The end record, the directory and one piece of 16 KiB: the other half of the coded data is never looked at.
  const inflated = source.bytesRead - source.size - 51 - 30;
  assert.ok(inflated <= 16 * 1024, String(inflated));
});

test('every prefix of an archive is refused, none crashes', async () => {
  const bytes = fixtureBytes('digits_deflated.npz');
  for (let length = 0; length < bytes.length; length++)
    await refuses(listNpz(memory('part.npz', bytes.subarray(0, length))), 'bad-file', /^part\.npz/);
});

test('an archive with any byte changed is read or refused, never worse', async () => {
  const bytes = fixtureBytes('digits_deflated.npz');
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 0xff;
    try {
      for (const array of await listNpz(memory('changed.npz', changed)))
        await array.load(array.shape[0] ?? 1);
    } catch (error) {
      assert.equal((error as Error).name, 'BitLensError', `byte ${at}: ${String(error)}`);
    }
  }
});
