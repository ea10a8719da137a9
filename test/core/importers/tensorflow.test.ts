// SavedModels, frozen graphs and TF.js graph models, made by TensorFlow, against what TensorFlow computes from them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openModel } from '../../../src/core/importers/registry.ts';
import { runGraph } from '../../engine/runGraph.ts';
import { fixture, FIXTURES, recorded, type Fixture } from './tensorflowSupport.ts';

/** Largest error, in units of the largest value of an output. Measured: 4.1e-7 (cnn), below 2.3e-7 elsewhere. */
const TOLERANCE = 2e-6;
/** TensorFlow's bicubic kernel takes its weights from a table of 1024 steps. Measured: 3.8e-4. */
const BICUBIC = 1e-3;
const BICUBIC_OUTPUT = 27;

const toleranceOf = (name: Fixture, output: number): number =>
  name === 'ops' && output === BICUBIC_OUTPUT ? BICUBIC : TOLERANCE;

for (const name of FIXTURES)
  test(`${name} computes what TensorFlow computes`, async () => {
    const graph = await openModel(fixture(name), {});
    const { inputs, outputs } = recorded(name);
    const batch = inputs[0]!.shape[0]!;
    const got = await runGraph(
      graph,
      inputs.map(({ values }) => values),
      batch,
    );
    assert.equal(got.length, outputs.length);
    for (const [at, { shape, values }] of outputs.entries()) {
      assert.deepEqual([batch, ...graph.nodes[graph.outputs[at]!]!.shape], shape, `output ${at}`);
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const error = values.reduce((most, value, i) => Math.max(most, Math.abs(value - got[at]![i]!)), 0);
      assert.ok(largest > 0 && error <= toleranceOf(name, at) * largest, `output ${at}: ${error / largest}`);
    }
  });

const layersOf = async (name: Fixture): Promise<readonly string[]> =>
  (await openModel(fixture(name), {})).layers.map(({ id, className }) => `${id}: ${className}`);

describe('layers', () => {
  test('carry the names of the Keras layers whose scopes the ops are in', async () => {
    assert.deepEqual(await layersOf('cnn'), [
      'image: Input',
      'stem: Conv2D',
      'norm: BatchNormalization',
      'separable: DepthwiseConv2D',
      'separable_2: Conv2D',
      'wide: DepthwiseConv2D',
      'up: Conv2DTranspose',
      'leaky: LeakyReLU',
      'pool: MaxPooling2D',
      'flat: Reshape',
      'head: Dense',
    ]);
  });

  test('of recurrent Keras layers are one recurrence each; unusual ones are unrolled', async () => {
    const graph = await openModel(fixture('sequence'), {});
    const cells = graph.nodes.flatMap(({ op, layer }) =>
      op.kind === 'recurrence' ? [`${graph.layers[layer]!.id} ${op.cell} ${op.reverse}`] : [],
    );
    assert.deepEqual(cells, ['long lstm false', 'gated gru true']);
    const unrolled = graph.layers.find(({ id }) => id === 'lstm_cell')!;
    assert.equal(unrolled.nodes.filter((id) => graph.nodes[id]!.op.kind === 'dense').length, 6);
  });

  test('tell what their source says of them', async () => {
    const { layers } = await openModel(fixture('cnn'), {});
    assert.deepEqual(layers[1]!.settings, {
      filters: 4,
      kernel_size: [3, 3],
      strides: [2, 2],
      padding: 'same',
    });
    const up = layers.find(({ id }) => id === 'up')!;
    assert.deepEqual(up.settings, { filters: 3, kernel_size: [3, 3], strides: [2, 2], padding: 'same' });
    assert.deepEqual(layers.at(-1)!.settings, { units: 5 });
  });

  test('keep bias, normalization and dilation in one convolution', async () => {
    const { nodes } = await openModel(fixture('cnn'), {});
    const wide = nodes.find(({ op }) => op.kind === 'depthwiseConv' && op.dilation[0] === 2);
    assert.ok(wide?.op.kind === 'depthwiseConv' && wide.op.bias, 'no dilated convolution with a bias');
    assert.equal(
      nodes.filter(({ op }) => op.kind === 'merge' || op.kind === 'pad' || op.kind === 'permute').length,
      0,
    );
  });
});

describe('quantizers', () => {
  test('of a graph are nodes with their text, bits and format', async () => {
    const { nodes } = await openModel(fixture('ops'), {});
    const found = nodes.flatMap(({ op }) => (op.kind === 'quantize' ? [op.quantizer] : []));
    assert.deepEqual(
      found.map(({ text }) => text),
      [
        'FakeQuantWithMinMaxArgs<4,narrow>',
        'FakeQuantWithMinMaxVars<6>',
        'FakeQuantWithMinMaxVarsPerChannel<5>',
        'QuantizeAndDequantizeV4<5,signed>',
        'QuantizeAndDequantizeV4<4>',
      ],
    );
    const { format } = found[1]!;
    assert.ok(format?.kind === 'int' && format.scale !== undefined);
    assert.deepEqual([format.bits, format.zero, format.symmetric], [6, 7, false]);
    assert.ok(Math.abs(format.scale - 1.9 / 63) < 1e-7);
  });

  test('of stored weights are those that TF.js stored them with', async () => {
    const { nodes } = await openModel(fixture('graph-model'), {});
    const deep = nodes.find(({ op }) => op.kind === 'depthwiseConv')?.op;
    assert.ok(deep?.kind === 'depthwiseConv');
    assert.match(deep.kernel.quantizer!.text, /^uint8 scale=0\.\d+ min=-/);
    assert.equal(deep.kernel.quantizer!.format?.kind, 'int');
    const first = nodes.find(({ op }) => op.kind === 'conv')?.op;
    assert.ok(first?.kind === 'conv');
    assert.equal(first.kernel.quantizer, undefined);
  });
});
