// .keras archives that are cut short, damaged, incomplete or bombs.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import { strToU8, Zip, ZipDeflate, zipSync, type ZipInputFile } from 'fflate';
import type { ByteSource } from '../../../src/core/importers/importer.ts';
import { openModel } from '../../../src/core/importers/registry.ts';
import { memorySource } from '../../support/memorySource.ts';
import { find, fixtureBytes, layer, refuses, sequential } from './support.ts';

const MEGABYTE = 1024 ** 2;

const open = (name: string, bytes: Uint8Array) => openModel(memorySource(name, bytes), {});

describe('archives', () => {
  const config = strToU8(JSON.stringify(sequential([3], [layer('ReLU', {})])));
  const dense = strToU8(JSON.stringify(sequential([3], [layer('Dense', { units: 2 })])));

  test('an archive cut short is refused', async () => {
    const whole = fixtureBytes('keras3/tiny.keras');
    for (const length of [3, 200, 5000, whole.length - 30, whole.length - 1])
      await refuses(open('m.keras', whole.slice(0, length)), 'bad-file', /m\.keras/);
  });

  test('a flipped bit in stored weights is found by the checksum', async () => {
    const bytes = fixtureBytes('keras3/tiny.keras');
    const at = find(bytes, strToU8('model.weights.h5')) + 4000;
    bytes[at]! ^= 1;
    await refuses(
      open('m.keras', bytes),
      'bad-file',
      /model\.weights\.h5 does not match its checksum.*write it again/,
    );
  });

  test('bombs are refused by what they declare, before they are inflated', async () => {
    for (const [entries, text] of [
      [[bomb('config.json', 80)], /config\.json has 83886080 bytes/],
      [[bomb('metadata.json', 80), packed('config.json', config)], /metadata\.json has 83886080 bytes/],
      [
        [packed('config.json', dense), bomb('model.weights.h5', 900)],
        /model\.weights\.h5 has 943718400 bytes; for this network up to 16908800 are read/,
      ],
    ] as const) {
      const { source, read } = counted(archive(entries));
      await refuses(openModel(source, {}), 'unsupported', text);
      // The end of the file and its directory, once to recognize it and once to open it; nothing of the bomb.
      assert.ok(read() < 150_000, `${read()} bytes were read`);
    }
  });

  test('a bomb that declares little is stopped at what it declares', async () => {
    const { source, read } = counted(archive([bomb('config.json', 900, 1000)]));
    await refuses(openModel(source, {}), 'bad-file', /config\.json does not hold the 1000 bytes it declares/);
    assert.ok(read() < 200_000, `${read()} bytes were read`);
  });

  test('a weights file with an optimizer’s state is no bomb', async () => {
    const entries = [packed('config.json', dense), packed('model.weights.h5', new Uint8Array(15 * MEGABYTE))];
    await refuses(open('m.keras', archive(entries)), 'bad-file', /model\.weights\.h5 is not a readable HDF5/);
  });

  test('an entry that declares more than deflate can hold is refused unread', async () => {
    const zip = zipSync({ 'config.json': [config, { level: 9 }] });
    declare(zip, 0x7fffffff);
    await refuses(open('m.keras', zip), 'bad-file', /declares 2147483647 bytes/);
  });

  test('entries with paths are no substitute for those of Keras', async () => {
    const zip = zipSync({ '../config.json': config, 'x/config.json': config, '/config.json': config });
    await refuses(open('m.keras', zip), 'bad-file', /without config\.json/);
  });

  test('weights that are missing or kept in shards are told', async () => {
    await refuses(
      open('m.keras', zipSync({ 'config.json': dense })),
      'missing-weights',
      /holds no model\.weights\.h5/,
    );
    const sharded = zipSync({ 'config.json': dense, 'model.weights.json': strToU8('{}') });
    await refuses(open('m.keras', sharded), 'unsupported', /several shards/);
  });
});

type Add = (zip: Zip) => void;

function packed(name: string, content: Uint8Array): Add {
  return (zip) => {
    const file = new ZipDeflate(name);
    zip.add(file);
    file.push(content, true);
  };
}

/**
 * An entry that does hold so many zeros: one deflated block, flushed to a whole byte, over and over.
 * @param declared size in the directory
 */
function bomb(name: string, megabytes: number, declared = megabytes * MEGABYTE): Add {
  const block = deflateRawSync(new Uint8Array(MEGABYTE), { finishFlush: constants.Z_FULL_FLUSH });
  const blocks = new Array<Uint8Array>(megabytes).fill(block);
  const deflated = Buffer.concat([...blocks, deflateRawSync(new Uint8Array(0))]);
  const file: ZipInputFile = { filename: name, size: declared, crc: 0, compression: 8 };
  return (zip) => {
    zip.add(file);
    file.ondata!(null, new Uint8Array(deflated), true);
  };
}

function archive(entries: readonly Add[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    assert.equal(error, null);
    parts.push(part);
  });
  for (const add of entries) add(zip);
  zip.end();
  return new Uint8Array(Buffer.concat(parts));
}

/** A file that counts the bytes that are read from it. */
function counted(bytes: Uint8Array): { source: ByteSource; read: () => number } {
  const source = memorySource('m.keras', bytes);
  let total = 0;
  const read = (offset: number, length: number) => {
    total += length;
    return source.read(offset, length);
  };
  return { source: { ...source, read }, read: () => total };
}

/** Changes the size that the directory declares for the only entry of an archive. */
function declare(zip: Uint8Array, size: number): void {
  const directory = find(zip, Uint8Array.of(0x50, 0x4b, 1, 2));
  new DataView(zip.buffer, zip.byteOffset).setUint32(directory + 24, size, true);
}
