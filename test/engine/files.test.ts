// Models and data as the engine opens them: label columns, and files that change under their names.

import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { BitLensError } from '../../src/core/errors.ts';
import { prepare } from '../../src/core/ir/prepare.ts';
import { isKernel } from '../../src/core/ir/opFacts.ts';
import { describeData } from '../../src/engine/jobs/describeData.ts';
import { inspect } from '../../src/engine/jobs/inspect.ts';
import { loadData } from '../../src/engine/loadData.ts';
import { loadModel } from '../../src/engine/loadModel.ts';
import { graphBuilder } from '../support/graphBuilder.ts';
import { fixture, TINY } from './support.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'bitlens-files-'));
after(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

function classifier() {
  const build = graphBuilder();
  const logits = build.dense('fc', build.input('x', [2]), 3);
  return build.graph([build.op('softmax', { kind: 'softmax', log: false }, [logits], [3])]);
}

const TABLE = 'a,kind,b\n1,2,3\n4,0,6\n7,1,9\n';

test('a label column is taken out of the samples, by name and by number', async () => {
  const file = write('table.csv', TABLE);
  for (const labelColumn of ['kind', '2']) {
    const { dataset, description } = await loadData({ path: file, labelColumn }, classifier());
    assert.deepEqual([...dataset.labels!], [2, 0, 1]);
    assert.deepEqual([...(await dataset.batch(0, 3))[0]!], [1, 3, 4, 6, 7, 9]);
    assert.ok(description.labelled);
  }
});

test('with a file of labels the column is of that file', async () => {
  const samples = write('samples.csv', '1,3\n4,6\n7,9\n');
  const labels = write('labels.csv', 'id,kind\n5,2\n6,0\n7,1\n');
  const { dataset } = await loadData({ path: samples, labels, labelColumn: 'kind' }, classifier());
  assert.deepEqual([...dataset.labels!], [2, 0, 1]);
});

test('a column that is not there is wrong use, and the columns are named', async () => {
  const file = write('table.csv', TABLE);
  await assert.rejects(
    loadData({ path: file, labelColumn: 'colour' }, classifier()),
    (error) =>
      BitLensError.is(error, 'bad-option') &&
      error.message === 'table.csv has no column colour. Its columns are: a, kind, b.',
  );
});

test('another label column is another data set', async () => {
  const file = write('twice.csv', 'a,b,c,d\n1,2,0,1\n3,4,1,0\n');
  const graph = prepare(classifier()).graph;
  const build = graphBuilder();
  const three = build.graph([build.dense('fc', build.input('x', [3]), 2)]);
  const [c, d] = [
    await loadData({ path: file, labelColumn: 'c' }, three),
    await loadData({ path: file, labelColumn: 'd' }, three),
  ];
  assert.notEqual(c.description.hash, d.description.hash);
  await assert.rejects(loadData({ path: file, labelColumn: 'c' }, graph), (error) =>
    BitLensError.is(error, 'bad-data'),
  );
});

test('a picker sees the samples without the label column', async () => {
  const data = { path: write('table.csv', TABLE), labelColumn: 'kind' };
  const { sampleShape, count, labelled } = await describeData({ data });
  assert.deepEqual([sampleShape, count, labelled], [[2], 3, true]);
});

test('a model that stays as it is stays open', async () => {
  assert.equal(await loadModel(TINY), await loadModel(TINY));
});

test('new contents under the same name are read again', async () => {
  const file = path.join(folder, 'model.keras');
  copyFileSync(fixture('keras3/tiny.keras'), file);
  const first = await loadModel({ path: file });
  const hash = await first.hash();
  copyFileSync(fixture('keras3/operators.keras'), file);
  const second = await loadModel({ path: file });
  assert.notEqual(await second.hash(), hash);
  assert.notEqual(second.prepared.graph.layers.length, first.prepared.graph.layers.length);
});

test('so are new weights beside an unchanged model.json', async () => {
  for (const name of ['model.json', 'group1-shard1of1.bin'])
    copyFileSync(fixture(`tfjs/tiny/${name}`), path.join(folder, name));
  const model = { path: path.join(folder, 'model.json') };
  const first = await loadModel(model);
  const hash = await first.hash();
  const shard = path.join(folder, 'group1-shard1of1.bin');
  const trained = new Uint8Array(readFileSync(shard));
  writeFileSync(shard, new Uint8Array(new Float32Array(trained.length / 4).fill(0.5).buffer));
  const second = await loadModel(model);
  assert.notEqual(await second.hash(), hash);
  const kernel = ({ prepared }: typeof first) => {
    const { op } = prepared.graph.nodes.find((node) => isKernel(node.op))!;
    return isKernel(op) ? [...op.kernel.read()] : [];
  };
  assert.notDeepEqual(kernel(second), kernel(first));
});

test('inspect sums up what the layers hold', async () => {
  const found = await inspect({ model: TINY });
  assert.deepEqual(found.totals, { parameters: 55, macs: 312 });
  assert.deepEqual(found.inputs, [{ name: 'input_layer', shape: [6, 6, 1] }]);
  assert.deepEqual(
    found.slots.map(({ id }) => id),
    [
      'input_layer/input',
      'conv2d/weight',
      'conv2d/bias',
      'conv2d/activation', // the BatchNorm comes after a ReLU: it cannot be folded
      'batch_normalization/scale_and_offset',
      'batch_normalization/activation',
      'dense/weight',
      'dense/bias',
    ],
  );
});
