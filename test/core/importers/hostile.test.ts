// Wrong, damaged and hostile files: each gives a typed error, in bounded time and memory.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { importers, openModel } from '../../../src/core/importers/registry.ts';
import { memorySource, textSource } from '../../support/memorySource.ts';
import { find, fixtureBytes, fixtureSource, layer, openJson, refuses, sequential } from './support.ts';

const open = (name: string, bytes: Uint8Array) => openModel(memorySource(name, bytes), {});

describe('files that are something else', () => {
  test('a file nobody recognizes is told by name, with what is supported', async () => {
    for (const bytes of [
      new Uint8Array(0),
      strToU8('hello'),
      Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) % 251),
    ])
      await refuses(
        open('model.bin', bytes),
        'bad-file',
        /^model\.bin is not a model.*\.keras.*\.h5.*model\.json/,
      );
    const titles = importers.map((importer) => importer.title);
    assert.equal(new Set(titles).size, titles.length);
  });

  test('an empty file is refused under every name', async () => {
    for (const [name, what] of [
      ['m.keras', /m\.keras is not a readable zip archive.*offset 0/],
      ['m.h5', /m\.h5 is not a readable HDF5 file/],
      ['m.hdf5', /m\.hdf5 is not a readable HDF5 file/],
      ['model.json', /model\.json is not valid JSON/],
    ] as const)
      await refuses(open(name, new Uint8Array(0)), 'bad-file', what);
  });

  test('content decides before the extension does', async () => {
    const graph = await open('misnamed.keras', fixtureBytes('keras2/tiny.h5'));
    assert.equal(graph.framework, 'Keras 2.21.0');
  });

  test('the extension decides who complains', async () => {
    await refuses(open('m.h5', strToU8('hello')), 'bad-file', /m\.h5 is not a readable HDF5 file/);
    await refuses(open('m.keras', strToU8('hello')), 'bad-file', /m\.keras is not a readable zip archive/);
    await refuses(open('m.json', strToU8('hello')), 'bad-file', /m\.json is not valid JSON/);
    await refuses(open('m.keras', zipSync({ 'a.txt': strToU8('x') })), 'bad-file', /without config\.json/);
  });

  test('JSON that is not a model', async () => {
    for (const text of ['{}', '[]', '7', 'null', '{"class_name": 3, "config": {}}'])
      await refuses(openModel(textSource('m.json', text), {}), 'bad-file', /m\.json is not a Keras model/);
    const noLayers = '{"class_name": "Sequential", "config": {"layers": []}}';
    await refuses(openModel(textSource('m.json', noLayers), {}), 'bad-file', /has no layers/);
    const badEntry = '{"class_name": "Sequential", "config": {"layers": [1]}}';
    await refuses(openModel(textSource('m.json', badEntry), {}), 'bad-file', /entry 0 of the layers/);
  });
});

describe('HDF5', () => {
  for (const file of ['keras2/tiny.h5', 'keras3/tiny.h5'])
    test(`${file} cut short anywhere is refused`, async () => {
      const whole = fixtureBytes(file);
      for (const length of [1, 7, ...steps(8, whole.length, 1511), whole.length - 1])
        await refuses(open('m.h5', whole.slice(0, length)), 'bad-file', /m\.h5/);
    });

  test('weights without an architecture are told apart from a model', async () => {
    for (const file of ['keras2/tiny_weights.h5', 'keras3/tiny.weights.h5'])
      await refuses(
        open('w.h5', fixtureBytes(file)),
        'bad-file',
        /w\.h5 holds no architecture .* weights only.*model\.to_json\(\)/,
      );
  });

  test('a heap that never ends is found before the library walks it', async () => {
    const bytes = fixtureBytes('keras2/tiny.h5');
    const at = freeSpaceOfHeap(bytes);
    bytes.fill(0, at + 8, at + 16);
    await refuses(open('m.h5', bytes), 'bad-file', /m\.h5 .* damaged at offset \d+/);
  });

  test('a string of the architecture that points nowhere is refused', async () => {
    const bytes = fixtureBytes('keras2/tiny.h5');
    const heap = find(bytes, strToU8('GCOL'));
    bytes[heap] = 0;
    await refuses(open('m.h5', bytes), 'bad-file', /model_config/);
  });
});

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / by) }, (_, at) => from + at * by);
}

/** Offset of object 0 of the first global heap. */
function freeSpaceOfHeap(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer);
  let at = find(bytes, strToU8('GCOL')) + 16;
  while (view.getUint16(at, true) !== 0) at += 16 + Math.ceil(view.getUint32(at + 8, true) / 8) * 8;
  return at;
}

describe('architectures', () => {
  test('nesting of a hundred thousand levels', async () => {
    const deep = `{"class_name": "Sequential", "config": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    await refuses(openModel(textSource('m.json', deep), {}), 'bad-file', /nested 100001 levels deep/);
    const brackets = { class_name: 'Sequential', config: { layers: [], note: '['.repeat(1000) } };
    await refuses(openJson(brackets), 'bad-file', /has no layers/);
  });

  test('dimensions that are negative, fractional or absurd', async () => {
    const dense = (units: unknown) => openJson(sequential([3], [layer('Dense', { units })]));
    for (const units of [-1, 0, 2.5, 1e12, '7', null, [4]])
      await refuses(dense(units), 'bad-file', /net\.json: layer dense \(Dense\) has units = /);
    await refuses(dense(2 ** 31 - 1), 'bad-file', /3×2147483647, which is absurdly large/);
    const grow = layer('UpSampling2D', { size: [100_000, 100_000] });
    await refuses(openJson(sequential([4, 4, 1], [grow])), 'bad-file', /absurdly large/);
    const pad = layer('ZeroPadding1D', { padding: [0, 1e15] });
    await refuses(openJson(sequential([4, 1], [pad])), 'bad-file', /absurdly large/);
    await refuses(openJson(sequential([-3], [layer('ReLU', {})])), 'bad-file', /has the shape -3/);
  });

  test('ranks and extents that do not fit', async () => {
    const conv = layer('Conv2D', { filters: 2, kernel_size: [3, 3] });
    await refuses(
      openJson(sequential([8, 3], [conv])),
      'bad-file',
      /needs an input of rank 4 \(with batch\), but gets 3/,
    );
    const kernel = layer('Conv1D', { filters: 2, kernel_size: [3, 3] });
    await refuses(openJson(sequential([8, 3], [kernel])), 'bad-file', /has kernel_size = \[3,3\]/);
  });
});

describe('TF.js', () => {
  const model = JSON.parse(new TextDecoder().decode(fixtureBytes('tfjs/tiny/model.json'))) as {
    weightsManifest: { paths: string[]; weights: Record<string, unknown>[] }[];
  };
  const changed = (
    change: (copy: typeof model) => void,
    shard = fixtureBytes('tfjs/tiny/group1-shard1of1.bin'),
  ) => {
    const copy = structuredClone(model);
    change(copy);
    const beside = new Map([['group1-shard1of1.bin', shard]]);
    return openModel(textSource('model.json', JSON.stringify(copy), beside), {});
  };
  const [group] = model.weightsManifest;

  test('the unchanged model opens', async () => {
    assert.equal((await changed(() => undefined)).layers.length, 6);
  });

  test('shards outside the folder are refused', async () => {
    for (const path of [
      '../secret.bin',
      '/etc/passwd',
      'a/../../b.bin',
      '..\\b.bin',
      'https://example.org/w.bin',
    ])
      await refuses(
        changed((copy) => (copy.weightsManifest[0]!.paths = [path])),
        'bad-file',
        /lies outside the folder of the model/,
      );
  });

  test('values that are not finite are refused by name', async () => {
    const { name } = group!.weights[0] as { name: string };
    const shard = fixtureBytes('tfjs/tiny/group1-shard1of1.bin');
    new DataView(shard.buffer).setFloat32(4, NaN, true);
    await refuses(
      changed(() => undefined, shard),
      'bad-file',
      new RegExp(`\\(${name}\\) holds values that are not finite`),
    );
  });

  test('missing, short and long shards are told', async () => {
    const missing = changed((copy) => (copy.weightsManifest[0]!.paths = ['gone.bin']));
    await assert.rejects(missing, /gone\.bin, which is not there/);
    const whole = fixtureBytes('tfjs/tiny/group1-shard1of1.bin');
    const short = changed(() => undefined, whole.slice(0, -4));
    await refuses(short, 'bad-file', /hold 216 bytes, but the weights of the manifest need 220/);
    const twice = changed((copy) => copy.weightsManifest[0]!.paths.push('group1-shard1of1.bin'));
    await refuses(twice, 'bad-file', /hold 440 bytes/);
  });

  test('entries that make no sense are told by name', async () => {
    const { name } = group!.weights[0] as { name: string };
    const entry = (values: Record<string, unknown>) =>
      changed((copy) => Object.assign(copy.weightsManifest[0]!.weights[0]!, values));
    await refuses(
      entry({ dtype: 'complex64' }),
      'bad-file',
      new RegExp(`${name} has the unknown dtype complex64`),
    );
    await refuses(entry({ dtype: 'toString' }), 'bad-file', /unknown dtype toString/);
    await refuses(entry({ shape: [-1] }), 'bad-file', new RegExp(`${name} has no valid shape`));
    await refuses(entry({ shape: [1e15] }), 'bad-file', /the weights of the manifest need/);
    const half = { quantization: { dtype: 'uint8', scale: 'x', min: 0 } };
    await refuses(entry(half), 'bad-file', /quantized without a valid scale/);
    await refuses(entry({ name: 'other/kernel' }), 'missing-weights', /model\.json does not hold/);
  });

  test('no manifest, no topology, a graph model', async () => {
    const without = changed((copy) => Reflect.deleteProperty(copy, 'weightsManifest'));
    await refuses(without, 'missing-weights', /has no weightsManifest/);
    await refuses(openModel(fixtureSource('tfjs/weights_only.json'), {}), 'bad-file', /no modelTopology/);
    const graph = textSource('model.json', '{"format": "graph-model", "modelTopology": {"node": []}}');
    await refuses(openModel(graph, {}), 'missing-weights', /no weightsManifest/);
  });
});
