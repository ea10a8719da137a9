// Our executor against the frameworks: every fixture model on the inputs it was recorded with. Weights are random and
// layers that come late in a network are few, so an op that computes something else shows in the outputs.

import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import type { Dataset } from '../../src/core/data/dataset.ts';
import { elements, type Graph, type GraphNode, type NodeId } from '../../src/core/ir/graph.ts';
import type { AffineOp, BatchNormOp } from '../../src/core/ir/ops.ts';
import type { Prepared } from '../../src/core/ir/prepare.ts';
import { parseFormat, type Format } from '../../src/core/quantizers/format.ts';
import type { HeadValues } from '../../src/core/sensitivity/metrics.ts';
import { createAssigner } from '../../src/engine/assignment.ts';
import { startBackend } from '../../src/engine/backend/backend.ts';
import { createExecutor } from '../../src/engine/backend/executor.ts';
import type { Assignment, Quantizer } from '../../src/engine/backend/schedule.ts';
import { createEvaluator, executorFor } from '../../src/engine/evaluator.ts';
import { loadModel } from '../../src/engine/loadModel.ts';
import { weightOf } from '../support/graphBuilder.ts';

const FOLDER = path.resolve('test/fixtures/models');

/**
 * Largest error, in units of the largest value of an output (or of 1, where all are smaller). The frameworks add in
 * another order than tfjs: sums of some hundred terms, each off by at most 2⁻²⁴ (6e-8) of its value. The largest error
 * measured over all fixtures is 2.5e-7 (TensorFlow 2.21 on x86, tfjs 4.22); an op that is wrong is off by 1e-4 and more.
 */
const TOLERANCE = 5e-6;

interface Row {
  readonly file: string;
  readonly weights?: string;
  readonly io?: string;
}

interface Values {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

interface Recorded {
  readonly inputs: readonly Values[];
  readonly outputs: readonly Values[];
}

/** Steps of 0.37: no value of a network lies on them by itself. */
const COARSE: Quantizer = {
  format: 'steps of 0.37',
  grid: {
    scale: Float32Array.of(0.37),
    low: Float32Array.of(-1e4),
    high: Float32Array.of(1e4),
    zero: Int32Array.of(0),
    bipolar: false,
    inner: 1,
  },
};

const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'));

const rows = (readJson('models.json') as readonly Row[]).filter((row) => row.io !== undefined);
/** One row per recording: the first file of each network. */
const networks = rows.filter((row, at) => rows.findIndex(({ io }) => io === row.io) === at);

const titleOf = ({ file, weights }: Row): string =>
  weights === undefined ? file : `${file} with ${weights}`;

function recorded({ io }: Row): Recorded {
  const content = readJson(io!) as Record<keyof Recorded, { shape: number[]; float32: string }[]>;
  const decode = (list: { shape: number[]; float32: string }[]) =>
    list.map(({ shape, float32 }) => {
      const bytes = Uint8Array.from(Buffer.from(float32, 'base64'));
      return { shape, values: new Float32Array(bytes.buffer) };
    });
  return { inputs: decode(content.inputs), outputs: decode(content.outputs) };
}

async function open({ file, weights }: Row): Promise<Prepared> {
  const at = (name: string) => path.join(FOLDER, name);
  const { prepared } = await loadModel({
    path: at(file),
    ...(weights === undefined ? {} : { weights: at(weights) }),
  });
  return prepared;
}

/** Outputs of a graph without BatchNorms; observed nodes are kept out of fused kernels. */
function run(
  graph: Graph,
  inputs: readonly Values[],
  observed: ReadonlySet<NodeId> = new Set(),
  assignment: Assignment = new Map(),
): Values[] {
  // Whoever takes the outputs takes each node once: a network may name one tensor as several outputs.
  const wanted = [...new Set(graph.outputs)];
  const executor = createExecutor(graph, wanted, observed);
  const tensors = inputs.map(({ shape, values }) => tf.tensor(values, [...shape], 'float32'));
  const outputs = executor.run(tensors, assignment).map((output) => {
    const values = Float32Array.from(output.dataSync());
    output.dispose();
    return { shape: output.shape, values };
  });
  tf.dispose(tensors);
  executor.dispose();
  return graph.outputs.map((id) => outputs[wanted.indexOf(id)]!);
}

/** Largest difference between two lists of tensors, in the units of {@link TOLERANCE}. */
function distance(found: readonly Values[], expected: readonly Values[]): number {
  assert.deepEqual(
    found.map(({ shape }) => shape),
    expected.map(({ shape }) => shape),
  );
  const each = expected.map(({ values }, at) => {
    const other = found[at]!.values;
    const unit = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
    // NaN must not get lost in a comparison.
    return values.reduce((worst, value, i) => {
      const error = Math.abs(value - other[i]!) / unit;
      return error <= worst ? worst : error;
    }, 0);
  });
  return Math.max(...each);
}

function assertClose(found: readonly Values[], expected: readonly Values[], what: string): void {
  const error = distance(found, expected);
  assert.ok(error < TOLERANCE, `${what}: off by ${error}`);
}

before(() => startBackend(path.resolve('dist')));

describe('the executor computes what the framework computed', () => {
  for (const row of rows)
    test(titleOf(row), async () => {
      const { graph } = await open(row);
      const { inputs, outputs } = recorded(row);
      assertClose(run(graph, inputs), outputs, 'with fused kernels');
      const all = new Set(graph.nodes.map(({ id }) => id));
      assertClose(run(graph, inputs, all), outputs, 'op by op');
    });
});

describe('a value that is wrong anywhere in a network shows in its recorded outputs', () => {
  // Without this the comparison above could pass over a layer that nothing depends on, such as one before a dead ReLU.
  for (const row of networks)
    test(row.io, async () => {
      const { graph } = await open(row);
      const { inputs, outputs } = recorded(row);
      const all = new Set(graph.nodes.map(({ id }) => id));
      for (const { id, op, layer } of graph.nodes) {
        const disturbed = run(graph, inputs, all, new Map([[id, { output: COARSE }]]));
        const change = distance(disturbed, outputs);
        assert.ok(change > 20 * TOLERANCE, `${graph.layers[layer]!.id} (${op.kind}) changes ${change}`);
      }
    });
});

describe('the heads of an evaluation are the outputs of the framework', () => {
  for (const row of networks)
    test(row.io, async () => {
      const prepared = await open(row);
      const { inputs, outputs } = recorded(row);
      const executor = executorFor(prepared);
      const evaluator = await createEvaluator(executor, prepared, datasetOf(prepared.graph, inputs));
      const found = evaluator.float.map((head, at) => ({ shape: outputs[at]!.shape, values: squash(head) }));
      evaluator.dispose();
      executor.dispose();
      assertClose(found, outputs, 'heads');
    });
});

function datasetOf(graph: Graph, inputs: readonly Values[]): Dataset {
  const shapes = graph.inputs.map((id) => graph.nodes[id]!.shape);
  const batch = (start: number, length: number) =>
    Promise.resolve(
      inputs.map(({ values }, at) => {
        const size = elements(shapes[at]!);
        return values.slice(start * size, (start + length) * size);
      }),
    );
  return { description: 'recorded', count: inputs[0]!.shape[0]!, shapes, notes: [], batch };
}

/** Heads are logits: what the network puts out is still to be computed from them. */
function squash({ kind, size, values }: HeadValues): Float32Array {
  if (kind === 'linear') return values;
  if (kind === 'sigmoid') return values.map((z) => 1 / (1 + Math.exp(-z)));
  return values.map((z, i) => {
    const row = values.subarray(i - (i % size), i - (i % size) + size);
    return Math.exp(z) / row.reduce((sum, other) => sum + Math.exp(other), 0);
  });
}

describe('BatchNorm', () => {
  test('is folded into every kind of kernel', async () => {
    const { graph, original, folded } = await open({ file: 'keras3/folding.keras' });
    assert.equal(folded.length, 7);
    assert.ok(graph.nodes.every(({ op }) => op.kind !== 'affine' && op.kind !== 'batchNorm'));
    const kinds = original.nodes.flatMap(({ op, inputs }) =>
      op.kind === 'batchNorm' ? [original.nodes[inputs[0]!]!.op.kind] : [],
    );
    assert.deepEqual([...new Set(kinds)].sort(), ['conv', 'convTranspose', 'dense', 'depthwiseConv']);
  });

  for (const row of networks.filter(({ io }) => /folding|images|scaling|nested|native/.test(io!)))
    test(`folded and unfolded graphs compute the same: ${row.io!}`, async () => {
      const { graph, original } = await open(row);
      const { inputs, outputs } = recorded(row);
      const unfolded = run(withoutFolding(original), inputs);
      assertClose(unfolded, outputs, 'unfolded');
      assertClose(run(graph, inputs), unfolded, 'folded');
    });
});

/** Each BatchNorm as multiplication and addition, straight from its definition in ops.ts. */
function withoutFolding(graph: Graph): Graph {
  const nodes = graph.nodes.map((node): GraphNode =>
    node.op.kind === 'batchNorm' ? { ...node, op: scaleAndOffset(node.op) } : node,
  );
  return { ...graph, nodes };
}

function scaleAndOffset({ gamma, beta, mean, variance, epsilon }: BatchNormOp): AffineOp {
  const means = mean.read();
  const deviations = variance.read().map((value) => Math.sqrt(value + epsilon));
  const scale = deviations.map((deviation, c) => (gamma ? gamma.read()[c]! : 1) / deviation);
  const offset = scale.map((factor, c) => (beta ? beta.read()[c]! : 0) - means[c]! * factor);
  return {
    kind: 'affine',
    scale: weightOf('scale', mean.shape, scale),
    offset: weightOf('offset', mean.shape, offset),
  };
}

describe('tensors', () => {
  for (const row of networks.filter(({ file }) => !file.startsWith('keras2')))
    test(`none is left behind by measurements: ${row.io!}`, async () => {
      const prepared = await open(row);
      const { graph, slots } = prepared;
      const dataset = datasetOf(graph, recorded(row).inputs);
      const atStart = tf.memory().numTensors;
      const executor = executorFor(prepared);
      const evaluator = await createEvaluator(executor, prepared, dataset, { statistics: true });
      const assigner = createAssigner(prepared, 'minmax', (slot) => evaluator.statistics(slot));
      // One slot at a time puts a quantizer behind each cached value in turn; all at once uses no cached value.
      const one = slots.list.map(({ id }) => new Map([[id, formatOf(8)]]));
      const all = new Map(slots.list.map(({ id }) => [id, formatOf(6)]));
      const assignments = [...one, all, new Map<string, Format>()].map((formats) => assigner.assign(formats));
      const round = async () => {
        for (const assignment of assignments) await evaluator.measure(assignment);
        return tf.memory().numTensors;
      };
      const warm = await round(); // every parameter in every format is on the backend now
      assert.equal(await round(), warm);
      assert.equal(await round(), warm);
      evaluator.dispose();
      executor.dispose();
      assert.equal(tf.memory().numTensors, atStart, 'after everything was disposed');
    });
});

const formatOf = (bits: number): Format => parseFormat(`fixed<${bits},3>`);
