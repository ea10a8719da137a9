// Exported programs (.pt2) compute what PyTorch computes.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openModel } from '../../../src/core/importers/registry.ts';
import { isKernel } from '../../../src/core/ir/opFacts.ts';
import { runGraph } from '../../engine/runGraph.ts';
import { example, openProgram, PROGRAMS } from './pytorchSupport.ts';
import { fixtureSource, refuses } from './support.ts';

/** Largest difference, relative to the largest value of the output. */
function relativeError(found: Float32Array, expected: Float32Array): number {
  assert.equal(found.length, expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  return expected.reduce((most, value, i) => {
    const error = Math.abs(value - found[i]!);
    return Number.isNaN(error) ? Infinity : Math.max(most, error / scale);
  }, 0);
}

const TOLERANCE = 2e-6;

describe('exported programs compute what torch computes', () => {
  for (const { file, batch = 1, io = file, inputShapes } of PROGRAMS)
    test(file, async () => {
      const graph = await openProgram(file, inputShapes);
      const { inputs, outputs } = await example(io);
      const found = await runGraph(
        graph,
        inputs.map(({ values }) => values),
        batch,
      );
      assert.equal(found.length, outputs.length);
      for (const [at, { values }] of outputs.entries()) {
        const error = relativeError(found[at]!, values);
        assert.ok(error < TOLERANCE, `output ${at}: relative error ${error}`);
      }
    });
});

test('layers are the modules of the source, with their settings', async () => {
  const graph = await openProgram('cnn');
  const layers = new Map(graph.layers.map((layer) => [layer.name, layer]));
  const stem = layers.get('stem.0')!;
  assert.equal(stem.className, 'Conv2d');
  assert.deepEqual(stem.settings, { in_channels: 3, out_channels: 8, kernel_size: 3, stride: 2 });
  assert.deepEqual(layers.get('grouped')!.settings['in_channels'], 12);
  assert.equal(layers.get('block.norm')!.className, 'BatchNorm2d');
  assert.deepEqual(layers.get('head.3')!.settings, { in_features: 12, out_features: 5 });
  assert.equal(layers.get('softmax')!.className, 'softmax');
  assert.equal(graph.framework, 'PyTorch 2.13.0+cpu (torch.export)');
  const kernels = graph.nodes.flatMap(({ op }) => (isKernel(op) ? [`${op.kind} ${op.kernel.name}`] : []));
  assert.ok(kernels.includes('depthwiseConv block.depthwise.weight'));
});

test('the quantizers of the file are told', async () => {
  const graph = await openProgram('quantized');
  const quantizers = graph.nodes.flatMap(({ op }) => (op.kind === 'quantize' ? [op.quantizer] : []));
  assert.deepEqual(
    quantizers.map(({ text, bits }) => [text, bits]),
    [['int8 asymmetric scale=0.05 zero=-7', 8]],
  );
  const kernels = graph.nodes.flatMap(({ op }) => (op.kind === 'dense' ? [op.kernel] : []));
  assert.deepEqual(
    kernels.map(({ quantizer }) => quantizer?.text),
    ['int8 asymmetric per-channel', 'int4 asymmetric scale=0.1 zero=0'],
  );
  assert.equal(kernels[0]!.latent, undefined);
  const [, second] = kernels;
  const steps = Array.from(second!.read(), (value) => value / 0.1);
  assert.ok(steps.every((step) => Math.abs(step - Math.round(step)) < 1e-5));
  assert.notDeepEqual(second!.latent!(), second!.read());
});

test('open extents that are no batch need a shape', async () => {
  await refuses(
    openProgram('open_length'),
    'needs-input-shape',
    /leaves the shape of its input .* open: 2×\?/,
  );
  await refuses(openProgram('open_length', [[3, 9]]), 'bad-option', /which the given shape 3×9 does not fit/);
});

test('operations that are not read are listed at once', async () => {
  await refuses(
    openProgram('unsupported'),
    'unsupported',
    /aten\.linalg_inv\S*: not an operation.*aten\.fft_rfft\S*: not an operation.*aten\.special_i0\S*.*Layers that can be read: fc/,
  );
});

test('weights are read when they are asked for', async () => {
  const source = fixtureSource('pytorch/cnn.pt2');
  const reads: number[] = [];
  const graph = await openModel(
    {
      ...source,
      readNow(offset, length) {
        reads.push(length);
        return source.readNow(offset, length);
      },
    },
    {},
  );
  const opening = reads.length;
  const [op] = graph.nodes.flatMap((node) => (node.op.kind === 'conv' ? [node.op] : []));
  const bytes = op!.kernel.shape.reduce((size, extent) => size * extent, 4);
  assert.ok(!reads.includes(bytes));
  op!.kernel.read();
  assert.ok(reads.slice(opening).includes(bytes));
});
