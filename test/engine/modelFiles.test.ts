// Model paths on a real disk: what is not a file, what is not there, and names that lead out of the model's folder.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { BitLensError } from '../../src/core/errors.ts';
import { loadModel } from '../../src/engine/loadModel.ts';

let folder = '';

before(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'bitlens-'));
});
after(() => rmSync(folder, { recursive: true }));

async function refuses(name: string, text: RegExp): Promise<void> {
  await assert.rejects(loadModel({ path: path.join(folder, name) }), (error: unknown) => {
    assert.ok(BitLensError.is(error, 'bad-file'), String(error));
    assert.match(error.message, text);
    return true;
  });
}

test('a folder is no model, whatever its name says', async () => {
  mkdirSync(path.join(folder, 'folder.keras'));
  await refuses('folder.keras', /folder\.keras is not a file/);
});

test('a file that is not there is told by name', async () => {
  await refuses('gone.keras', /no file .*gone\.keras/);
});

test('an empty file is refused', async () => {
  writeFileSync(path.join(folder, 'empty.h5'), '');
  await refuses('empty.h5', /empty\.h5 is not a readable HDF5 file/);
});

test('shards beside the model are read; those that are missing or elsewhere are refused', async () => {
  const weights = [{ name: 'd/kernel', shape: [1, 1], dtype: 'float32' }];
  const config = {
    name: 'net',
    layers: [
      { class_name: 'Dense', config: { name: 'd', units: 1, use_bias: false, batch_input_shape: [null, 1] } },
    ],
  };
  const write = (shard: string): void => {
    const weightsManifest = [{ paths: [shard], weights }];
    const content = { modelTopology: { class_name: 'Sequential', config }, weightsManifest };
    writeFileSync(path.join(folder, 'models', 'model.json'), JSON.stringify(content));
  };
  mkdirSync(path.join(folder, 'models'));
  writeFileSync(path.join(folder, 'outside.bin'), Float32Array.of(1));
  writeFileSync(path.join(folder, 'models', 'inside.bin'), Float32Array.of(2));

  write('inside.bin');
  const { prepared } = await loadModel({ path: path.join(folder, 'models', 'model.json') });
  const { op } = prepared.original.nodes.at(-1)!;
  assert.deepEqual(op.kind === 'dense' && [...op.kernel.read()], [2]);
  write('gone.bin');
  await refuses('models/model.json', /gone\.bin/);
  for (const shard of ['../outside.bin', path.join(folder, 'outside.bin')]) {
    write(shard);
    await refuses('models/model.json', /model\.json: its shard .*outside\.bin lies outside the folder/);
  }
});
