// TensorFlow Lite models run by the engine, against what TensorFlow Lite itself computes (fixtures: make_tflite.py).

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { runGraph } from '../../engine/runGraph.ts';
import { openFixture } from './support.ts';
import { floats, type StoredTensor } from './tfliteSupport.ts';

const FOLDER = path.join(process.cwd(), 'test/fixtures/models/tflite');

interface Stored {
  readonly inputs: readonly StoredTensor[];
  readonly outputs: readonly StoredTensor[];
}

const ioOf = (name: string): Stored =>
  JSON.parse(readFileSync(path.join(FOLDER, `${name}.io.json`), 'utf8')) as Stored;

async function run(name: string): Promise<{ graph: Graph; got: Float32Array[]; wanted: Float32Array[] }> {
  const { inputs, outputs } = ioOf(name);
  const graph = await openFixture(`tflite/${name}.tflite`);
  const samples = outputs[0]!.shape[0]!;
  return { graph, got: await runGraph(graph, inputs.map(floats), samples), wanted: outputs.map(floats) };
}

/** Greatest difference over the greatest value. */
function relativeError(got: Float32Array, wanted: Float32Array): number {
  assert.equal(got.length, wanted.length);
  const scale = wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-6);
  return got.reduce((most, x, i) => Math.max(most, Math.abs(x - wanted[i]!)), 0) / scale;
}

describe('float models', () => {
  const floatModels = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.io.json'))
    .map((file) => file.replace('.io.json', ''))
    .filter((name) => !/int|dynamic/.test(name));
  assert.ok(floatModels.length >= 14);
  for (const name of floatModels)
    test(name, async () => {
      const { got, wanted } = await run(name);
      assert.equal(got.length, wanted.length);
      for (const [i, values] of wanted.entries()) {
        const error = relativeError(got[i]!, values);
        assert.ok(error < 2e-5, `output ${i}: ${error}`);
      }
    });
});

/** Step of the grid that the last layer computes on. */
function lastStep(graph: Graph): number {
  const scales = graph.nodes.flatMap(({ op }) =>
    op.kind === 'quantize' && op.quantizer.format?.kind === 'int' ? [op.quantizer.format.scale!] : [],
  );
  return scales.at(-1)!;
}

describe('integer models', () => {
  for (const { name, steps, share } of [
    // The kernels that TensorFlow Lite runs by default.
    { name: 'network_int8', steps: 1, share: 0 },
    // The reference kernels, which round twice.
    { name: 'legacy_uint8', steps: 1, share: 0.05 },
    { name: 'int4', steps: 1, share: 0.05 },
    // Sixteen bits: float32 has little more than that, and softmax is a table.
    { name: 'network_int16', steps: 3, share: 0.2 },
    // The states between the steps are codes in TensorFlow Lite, real numbers here.
    { name: 'lstm_int8', steps: 1, share: 0.2 },
  ])
    test(`${name}: codes are at most ${steps} steps apart`, async () => {
      const { graph, got, wanted } = await run(name);
      const step = lastStep(graph);
      const apart = Array.from(wanted[0]!, (x, i) => Math.abs(Math.round((got[0]![i]! - x) / step)));
      assert.ok(Math.max(...apart) <= steps, apart.join());
      assert.ok(apart.filter((n) => n > 0).length <= share * apart.length, apart.join());
    });

  test('weights of 8 bits on floats: activations are quantized as they come', async () => {
    const { got, wanted } = await run('network_dynamic');
    assert.ok(relativeError(got[0]!, wanted[0]!) < 1e-4);
  });
});
