// What TensorFlow Lite files tell: layers, quantizers, and what cannot be read.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openModel } from '../../../src/core/importers/registry.ts';
import { className } from '../../../src/core/importers/tflite/builtins.ts';
import { dynamicQuantizer } from '../../../src/core/importers/tflite/dynamicQuantizer.ts';
import { rows } from '../../../src/core/importers/tflite/ops/table.ts';
import { readModel } from '../../../src/core/importers/tflite/readModel.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { isKernel } from '../../../src/core/ir/opFacts.ts';
import { parseFormat, printFormat } from '../../../src/core/quantizers/format.ts';
import { memorySource } from '../../support/memorySource.ts';
import { fixtureBytes, fixtureSource, openFixture, refuses } from './support.ts';
import { MODELS } from './tfliteSupport.ts';

const kernelOf = (graph: Graph, layer: string) => {
  const { nodes } = graph.layers.find(({ id }) => id === layer)!;
  const op = nodes.map((id) => graph.nodes[id]!.op).find(isKernel);
  assert.ok(op, layer);
  return op;
};

const quantizersOf = (graph: Graph) =>
  graph.nodes.flatMap(({ op, layer }) =>
    op.kind === 'quantize' ? [{ layer: graph.layers[layer]!.id, quantizer: op.quantizer }] : [],
  );

describe('layers', () => {
  test('are named as the author named them, with their settings', async () => {
    const graph = await openFixture('tflite/network_float.tflite');
    assert.deepEqual(
      graph.layers.map(({ id, className: kind }) => `${id} ${kind}`),
      [
        'image Input',
        'stem Conv2D',
        'depthwise DepthwiseConv2D',
        'project Conv2D',
        'residual Add',
        'pool AveragePool2D',
        'reduce Conv2D',
        'global Mean',
        'classes FullyConnected',
        'softmax Softmax',
      ],
    );
    const [, stem, , , , pool, , , classes] = graph.layers;
    assert.deepEqual(stem!.settings, {
      filters: 8,
      kernel_size: [3, 3],
      strides: [1, 1],
      padding: 'same',
      activation: 'relu6',
    });
    assert.deepEqual(pool!.settings['pool_size'], [2, 2]);
    assert.equal(classes!.settings['units'], 10);
    assert.equal(graph.framework, 'TensorFlow Lite (MLIR Converted)');
  });

  test('operators in the spelling of users', () => {
    const spelled = [
      'CONV_2D',
      'L2_POOL_2D',
      'BATCH_MATMUL',
      'TOPK_V2',
      'UNIDIRECTIONAL_SEQUENCE_LSTM',
      'LEAKY_RELU',
    ];
    assert.deepEqual(spelled.map(className), [
      'Conv2D',
      'L2Pool2D',
      'BatchMatMul',
      'TopKV2',
      'UnidirectionalSequenceLSTM',
      'LeakyRelu',
    ]);
  });

  test('every row of the op table is met by a fixture', () => {
    const met = new Set(
      MODELS.flatMap((name) =>
        readModel(fixtureSource(`tflite/${name}.tflite`)).operators.map((o) => o.builtin),
      ),
    );
    assert.deepEqual(
      Object.keys(rows).filter((builtin) => !met.has(builtin)),
      [],
    );
  });
});

describe('quantizers', () => {
  test('activations of 8 bits carry a format that is the grid', async () => {
    const graph = await openFixture('tflite/network_int8.tflite');
    const found = quantizersOf(graph);
    assert.equal(found[0]!.layer, 'image');
    for (const { quantizer } of found) {
      const { format, text, bits } = quantizer;
      assert.ok(format?.kind === 'int');
      assert.deepEqual(parseFormat(text), format);
      assert.equal(printFormat(format), text);
      assert.deepEqual([bits, format.signed, format.symmetric], [8, true, false]);
    }
    const softmax = found.at(-1)!.quantizer;
    assert.equal(softmax.text, 'int8 asymmetric scale=0.00390625 zero=-128');
    const values = softmax.apply(Float32Array.of(-1, 0, 0.3, 2), [1, 4]);
    assert.deepEqual([...values], [0, 0, 77 / 256, 255 / 256]);
  });

  test('each layer that computes has one, those that move data have none', async () => {
    const graph = await openFixture('tflite/network_int8.tflite');
    const layers = quantizersOf(graph).map(({ layer }) => layer);
    assert.deepEqual(layers, [
      'image',
      'stem',
      'depthwise',
      'project',
      'residual',
      'pool',
      'reduce',
      'global',
      'classes',
      'softmax',
    ]);
  });

  test('weights and biases name their codes and have nothing before them', async () => {
    const graph = await openFixture('tflite/network_int8.tflite');
    const { kernel, bias } = kernelOf(graph, 'stem');
    assert.equal(kernel.quantizer?.text, 'int8 per-channel');
    assert.ok(kernel.quantizer.format);
    assert.equal(printFormat(kernel.quantizer.format), 'int8 per-channel');
    assert.equal(kernel.latent, undefined);
    assert.equal(bias?.quantizer?.text, 'int32 per-channel');
    assert.deepEqual([bias.quantizer.bits, bias.quantizer.format], [32, undefined]);
    assert.equal(new Set(kernel.read()).size > 100, true);
  });

  test('legacy weights have a zero point, packed ones four bits, halves sixteen', async () => {
    const legacy = kernelOf(await openFixture('tflite/legacy_uint8.tflite'), 'conv').kernel;
    assert.match(legacy.quantizer!.text, /^uint8 asymmetric scale=0\.00\d+ zero=131$/);
    const packed = kernelOf(await openFixture('tflite/int4.tflite'), 'conv').kernel;
    assert.equal(packed.quantizer?.text, 'int4 per-channel');
    const half = kernelOf(await openFixture('tflite/network_float16.tflite'), 'reduce').kernel;
    assert.deepEqual([half.quantizer?.text, half.quantizer?.bits], ['float16', 16]);
  });

  test('averages of codes round halves away from code 0', async () => {
    const graph = await openFixture('tflite/legacy_uint8.tflite');
    const { quantizer } = quantizersOf(graph).find(({ layer }) => /pool/.test(layer))!;
    const scale = Math.fround(6 / 255);
    const codes = quantizer.apply(
      Float32Array.of(2.5, 4.5, 4.499).map((code) => code * scale),
      [1, 3],
    );
    assert.deepEqual(
      Array.from(codes, (x) => Math.round(x / scale)),
      [3, 5, 4],
    );
  });

  test('a range set from the values: one per row around 0, or one per sample between the extremes', () => {
    const rowWise = dynamicQuantizer({ symmetric: true, per: 'row' });
    const values = rowWise.apply(Float32Array.of(127, 0.6, 1.27, -0.001), [2, 2]);
    assert.deepEqual([values[0], values[1], values[3]], [127, 1, -0]);
    assert.ok(Math.abs(values[2]! - 1.27) < 1e-6);
    const sampleWise = dynamicQuantizer({ symmetric: false, per: 'sample' });
    const [low, high, zero] = sampleWise.apply(Float32Array.of(0, 255, 0.4, -1, 0, 0), [2, 3]);
    assert.deepEqual([low, high, zero], [0, 255, 0]);
  });
});

describe('what cannot be read', () => {
  test('all operators are named at once, with what could be read', async () => {
    await refuses(
      openFixture('tflite/refused.tflite'),
      'unsupported',
      /refused\.tflite.*Svdf \(version 1\).*keeps its state.*bad.*custom operator MyOperator \(version 2\).*worse.*can be read: .*good/,
    );
  });

  test('files of another kind and of another version', async () => {
    const text = new Uint8Array(64).fill(65);
    await refuses(openModel(memorySource('m.tflite', text), {}), 'bad-file', /does not begin with TFL3/);
    await refuses(openModel(memorySource('m.tflite', new Uint8Array(3)), {}), 'bad-file', /m\.tflite/);
  });

  test('a shape that contradicts the file', async () => {
    const source = fixtureSource('tflite/network_float.tflite');
    await refuses(openModel(source, { inputShapes: [[8, 8, 3]] }), 'bad-option', /image.*12×12×3.*8×8×3/);
  });
});

test('opening reads the tables, not the weights', async () => {
  const bytes = fixtureBytes('tflite/network_float.tflite');
  const graph = await openModel(memorySource('m.tflite', bytes), {});
  const { kernel } = kernelOf(graph, 'stem');
  const at = positionOf(bytes, kernel.read());
  const spoiled = bytes.slice().fill(0, at, at + 4);
  let open = true;
  const source = memorySource('m.tflite', bytes);
  const readNow = (offset: number, length: number) => (open ? bytes : spoiled).slice(offset, offset + length);
  const later = kernelOf(await openModel({ ...source, readNow }, {}), 'stem').kernel;
  open = false;
  assert.notDeepEqual(later.read(), kernel.read());
});

/** Where the first of these values lies in the file. */
function positionOf(bytes: Uint8Array, values: Float32Array): number {
  const wanted = new Uint8Array(Float32Array.of(values[0]!).buffer);
  const at = bytes.findIndex((_, i) => wanted.every((byte, k) => bytes[i + k] === byte));
  assert.ok(at > 0);
  return at;
}
