// The HDF5 reader: types, attributes, and the failures that the library passes over in silence.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { File as H5File, ready, type Dataset } from 'h5wasm';
import { withHdf5 } from '../../../src/core/importers/hdf5.ts';
import { refuses } from './support.ts';

/** An HDF5 file written by the library itself. */
async function made(write: (file: H5File) => void): Promise<Uint8Array> {
  const module = await ready;
  const file = new H5File('/written.h5', 'w');
  write(file);
  file.close();
  const bytes = module.FS.readFile('/written.h5', { encoding: 'binary' });
  module.FS.unlink('/written.h5');
  return bytes;
}

const ramp = Float32Array.from({ length: 4096 }, (_, i) => i % 17);
const compressed = (file: H5File) => {
  file.create_dataset({ name: 'good', data: Float32Array.of(1, 2, 3) });
  file.create_dataset({ name: 'zipped', data: ramp, chunks: [4096], compression: 'gzip' });
};

describe('values', () => {
  test('numbers of every width become float32', async () => {
    const bytes = await made((file) => {
      file.create_dataset({ name: 'f8', data: Float64Array.of(0.5, -2) });
      file.create_dataset({ name: 'i1', data: Int8Array.of(-1, 127) });
      file.create_dataset({ name: 'u2', data: Uint16Array.of(0, 65535) });
      file.create_dataset({ name: 'i8', data: BigInt64Array.of(-5n, 6n) });
      file.create_dataset({ name: 'matrix', data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] });
    });
    const values = await withHdf5('m.h5', bytes, (file) =>
      file.members('/').map((name) => [name, file.shape(`/${name}`), [...file.numbers(`/${name}`)]]),
    );
    assert.deepEqual(values, [
      ['f8', [2], [0.5, -2]],
      ['i1', [2], [-1, 127]],
      ['i8', [2], [-5, 6]],
      ['matrix', [2, 3], [1, 2, 3, 4, 5, 6]],
      ['u2', [2], [0, 65535]],
    ]);
  });

  test('text attributes may be fixed or variable in length, single or a list; text is no number', async () => {
    const bytes = await made((file) => {
      file.create_attribute('variable', ['é', 'long enough']);
      file.create_attribute('fixed', ['ab', 'c'], null, 'S4');
      file.create_attribute('single', 'one');
      file.create_attribute('number', 3);
      file.create_dataset({ name: 'text', data: ['x'] });
    });
    const found = await withHdf5('m.h5', bytes, (file) =>
      ['variable', 'fixed', 'single', 'number', 'absent'].map((name) => file.strings('/', name)),
    );
    assert.deepEqual(found, [['é', 'long enough'], ['ab', 'c'], ['one'], [], undefined]);
    await refuses(
      withHdf5('m.h5', bytes, (file) => file.numbers('/text')),
      'bad-file',
      /\/text does not hold numbers/,
    );
  });

  test('what is not there has no kind, and asking for it names the path', async () => {
    const bytes = await made(compressed);
    const kinds = await withHdf5('m.h5', bytes, (file) =>
      ['/', '/good', '/gone'].map((path) => file.kindOf(path)),
    );
    assert.deepEqual(kinds, ['group', 'dataset', undefined]);
    await refuses(
      withHdf5('m.h5', bytes, (file) => file.numbers('/gone')),
      'bad-file',
      /no dataset \/gone/,
    );
  });
});

describe('failures', () => {
  test('a damaged chunk is refused; the rest of the file still reads', async () => {
    const bytes = await made(compressed);
    // The zlib stream of the chunk starts with this header; 16 bytes of its body are destroyed.
    const start = bytes.findIndex(
      (byte, at) => byte === 0x78 && [0x5e, 0x9c, 0xda, 1].includes(bytes[at + 1]!),
    );
    assert.ok(start > 0);
    bytes.fill(0xff, start + 4, start + 20);
    assert.deepEqual([...(await withHdf5('m.h5', bytes, (file) => file.numbers('/good')))], [1, 2, 3]);
    await refuses(
      withHdf5('m.h5', bytes, (file) => file.numbers('/zipped')),
      'bad-file',
      /m\.h5: \/zipped cannot be read/,
    );
  });

  test('the undamaged chunk reads', async () => {
    const values = await withHdf5('m.h5', await made(compressed), (file) => file.numbers('/zipped'));
    assert.deepEqual(values, ramp);
  });

  test('a dataset that declares more than the file can hold is refused before memory is taken', async () => {
    const bytes = await made((file) => {
      file.create_dataset({ name: 'd', data: ramp, maxshape: [null], chunks: [4096] });
      // Chunks that were never written take no room: 4 GiB of zeros in a few kilobytes.
      (file.get('/d') as Dataset).resize([2 ** 30]);
    });
    assert.ok(bytes.length < 100_000);
    const read = withHdf5('m.h5', bytes, (file) => {
      assert.deepEqual(file.shape('/d'), [2 ** 30]);
      return file.numbers('/d');
    });
    await refuses(read, 'bad-file', /\/d cannot be read/);
  });

  test('files leave the library’s file system, and its diagnostics leave nothing on stderr', async () => {
    const module = await ready;
    const written: unknown[] = [];
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text: unknown) => written.push(text) > 0;
    try {
      const bytes = await made(compressed);
      await withHdf5('m.h5', bytes, (file) => file.kindOf('/gone'));
      await refuses(
        withHdf5('m.h5', bytes.slice(0, 900), () => 0),
        'bad-file',
        /not a readable HDF5 file/,
      );
      await assert.rejects(
        withHdf5('m.h5', bytes, () => assert.fail('in use')),
        /in use/,
      );
    } finally {
      process.stderr.write = write;
    }
    assert.deepEqual(written, []);
    const left = (module.FS.readdir('/') as string[]).filter((name) => name.includes('bitlens'));
    assert.deepEqual(left, []);
  });
});
