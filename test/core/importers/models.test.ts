// Every fixture model, made by the real frameworks, against what the frameworks say of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elements } from '../../../src/core/ir/graph.ts';
import { macs, weightsOf } from '../../../src/core/ir/opFacts.ts';
import { openFixture, refuses, rows, valuesOf } from './support.ts';

for (const row of rows) {
  const name = row.weights === undefined ? row.file : `${row.file} with ${row.weights}`;
  if (row.error !== undefined) {
    const { error } = row;
    test(`${name} is refused as ${error}`, () => refuses(openFixture(row.file, row.weights), error, /./));
    continue;
  }
  test(`${name} has the layers, parameters and multiplications of the framework`, async () => {
    const graph = await openFixture(row.file, row.weights);
    assert.equal(graph.layers.length, row.layers);
    const kept = graph.nodes.filter(({ op }) => op.kind !== 'affine').flatMap(({ op }) => weightsOf(op));
    assert.equal(
      [...new Set(kept)].reduce((sum, weight) => sum + elements(weight.shape), 0),
      row.parameters,
    );
    for (const weight of kept) assert.equal(weight.read().length, elements(weight.shape), weight.name);
    for (const [at, node] of graph.nodes.entries()) {
      assert.equal(node.id, at);
      assert.ok(
        node.inputs.every((input) => input < at),
        `node ${at} is not in topological order`,
      );
      assert.ok(graph.layers[node.layer]!.nodes.includes(at));
    }
    assert.equal(new Set(graph.layers.map((layer) => layer.id)).size, graph.layers.length);
    if (row.macs === undefined) return;
    const total = graph.nodes.reduce(
      (sum, node) =>
        sum +
        macs(
          node,
          node.inputs.map((id) => graph.nodes[id]!.shape),
        ),
      0,
    );
    assert.equal(total, row.macs);
  });
}

const SAME_NETWORK: Readonly<Record<string, readonly (readonly [file: string, weights?: string])[]>> = {
  'Keras 3': [['keras3/tiny.keras'], ['keras3/tiny.h5'], ['keras3/tiny.json', 'keras3/tiny.weights.h5']],
  'Keras 2': [
    ['keras2/tiny.h5'],
    ['keras2/tiny.keras'],
    ['keras2/tiny.json', 'keras2/tiny_weights.h5'],
    ['keras2/tiny.json'],
    ['keras2/tiny_bare_list.json', 'keras2/tiny_weights.h5'],
    ['keras2/tiny_tagged_tuples.json', 'keras2/tiny_weights.h5'],
    ['keras2/tiny_split_attributes.h5'],
    ['tfjs/tiny/model.json'],
  ],
  'Keras 2, nested': [['keras2/nested.h5'], ['keras2/nested.keras']],
  'Keras 3, nested': [['keras3/nested.keras'], ['keras3/nested.h5']],
  'Keras 2, unique names': [['keras2/towers.h5'], ['tfjs/towers/model.json']],
};

for (const [name, forms] of Object.entries(SAME_NETWORK))
  test(`all file forms of one network give the same graph and weights: ${name}`, async () => {
    const [first, ...others] = await Promise.all(forms.map(([file, weights]) => openFixture(file, weights)));
    const ops = (graph: typeof first) =>
      graph!.nodes.map(({ op, shape, inputs }) => [op.kind, shape, inputs]);
    const firstValues = [...valuesOf(first!)];
    for (const [at, other] of others.entries()) {
      assert.deepEqual(ops(other), ops(first), forms[at + 1]![0]);
      assert.deepEqual([...valuesOf(other)], firstValues, forms[at + 1]![0]);
    }
  });

/** Largest difference between the stored and the float32 weights, in units of the largest weight. */
async function worst(file: string, reference: string): Promise<number> {
  const exact = [...valuesOf(await openFixture(reference)).values()];
  const stored = [...valuesOf(await openFixture(file)).values()];
  const differences = exact.flatMap((values, at) =>
    [...values].map((value, i) => Math.abs(value - stored[at]![i]!)),
  );
  return Math.max(...differences);
}

test('weights stored in other float types are converted', async () => {
  assert.ok((await worst('keras3/tiny_float16.keras', 'keras3/tiny.keras')) < 2 ** -10);
  assert.ok((await worst('keras3/tiny_bfloat16.keras', 'keras3/tiny.keras')) < 2 ** -7);
  assert.ok((await worst('keras3/tiny_float64.keras', 'keras3/tiny.keras')) < 1e-7);
});

test('quantized TF.js weights are scaled back: at most half a step off', async () => {
  // Weights span less than 4, so a step of uint8 is below 4 / 255.
  const uint8 = await worst('tfjs/tiny_uint8/model.json', 'tfjs/tiny/model.json');
  assert.ok(uint8 > 1e-4 && uint8 < 4 / 255 / 2, String(uint8));
  assert.ok((await worst('tfjs/tiny_uint16/model.json', 'tfjs/tiny/model.json')) < 4 / 65535);
  assert.ok((await worst('tfjs/tiny_float16/model.json', 'tfjs/tiny/model.json')) < 2 ** -10);
});

test('the framework and its version are told', async () => {
  assert.equal((await openFixture('keras3/tiny.keras')).framework, 'Keras 3.15.1');
  assert.equal(
    (await openFixture('keras2/tiny_bare_list.json', 'keras2/tiny_weights.h5')).framework,
    'Keras 2.1.6',
  );
  assert.equal((await openFixture('keras3/tiny.json', 'keras3/tiny.weights.h5')).framework, 'Keras 3');
  assert.equal((await openFixture('tfjs/tiny/model.json')).framework, 'TF.js layers (Keras 2.21.0)');
  assert.equal((await openFixture('tfjs-native/model.json')).framework, 'TF.js layers 4.22.0');
});

test('layers of nested models are prefixed, shared by both calls, and keep apart what has the same name', async () => {
  for (const file of ['keras3/nested.keras', 'keras2/nested.h5', 'keras2/nested.keras']) {
    const graph = await openFixture(file);
    const byId = new Map(graph.layers.map((layer) => [layer.id, layer]));
    assert.deepEqual(
      ['tower/conv', 'tower/norm', 'block/norm', 'block/head/deep'].map((id) => byId.get(id)?.nodes.length),
      [2, 2, 1, 1],
      file,
    );
    assert.equal(byId.get('block/head/deep')!.name, 'deep');
    const [first, second] = byId.get('tower/conv')!.nodes.map((id) => graph.nodes[id]!.op);
    assert.equal(first!.kind === 'conv' && first.kernel, second!.kind === 'conv' && second.kernel);
    const [one, other] = ['tower/norm', 'block/norm'].map((id) => graph.nodes[byId.get(id)!.nodes[0]!]!.op);
    assert.ok(one!.kind === 'batchNorm' && other!.kind === 'batchNorm');
    assert.notDeepEqual(one.mean.read(), other.mean.read());
  }
});

test('an activation argument becomes a second op of the same layer', async () => {
  const graph = await openFixture('keras3/tiny.keras');
  const kinds = (id: string) =>
    graph.layers.find((layer) => layer.id === id)!.nodes.map((at) => graph.nodes[at]!.op.kind);
  assert.deepEqual(kinds('conv2d'), ['conv', 'activation']);
  assert.deepEqual(kinds('dense'), ['dense', 'softmax']);
});

test('settings carry the numbers, strings, flags and number lists of the configuration', async () => {
  const graph = await openFixture('keras3/images.keras');
  const settings = (id: string) => graph.layers.find((layer) => layer.id === id)!.settings;
  const { filters, kernel_size, strides, padding, use_bias, activation, kernel_initializer } =
    settings('valid');
  assert.deepEqual(
    { filters, kernel_size, strides, padding, use_bias, activation, kernel_initializer },
    {
      filters: 5,
      kernel_size: [2, 3],
      strides: [1, 1],
      padding: 'valid',
      use_bias: true,
      activation: 'relu',
      kernel_initializer: undefined,
    },
  );
  assert.deepEqual(settings('image')['shape'], [9, 8, 4]);
});
