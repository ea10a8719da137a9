import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { BitLensError } from '../../src/core/errors.ts';
import { prepare, type Prepared } from '../../src/core/ir/prepare.ts';
import { parameterGrid } from '../../src/core/quantizers/families.ts';
import { FLOAT32, parseFormat } from '../../src/core/quantizers/format.ts';
import { parameterValues } from '../../src/core/quantizers/formatTable.ts';
import { fakeQuantize, selfContainedGrid } from '../../src/core/quantizers/grid.ts';
import { normal, seeded } from '../../src/core/random.ts';
import { compareOutputs } from '../../src/core/sensitivity/metrics.ts';
import type { Formats } from '../../src/core/sensitivity/sweep.ts';
import { createAssigner } from '../../src/engine/assignment.ts';
import { createEvaluator, executorFor, type EvaluatorOptions } from '../../src/engine/evaluator.ts';
import { graphBuilder } from '../support/graphBuilder.ts';
import { datasetOf, startTestBackend } from './support.ts';

before(startTestBackend);

const INPUTS = 5;
const HIDDEN = 7;
const CLASSES = 3;

function network(): Prepared {
  const build = graphBuilder(4);
  const hidden = build.relu('relu', build.dense('fc1', build.input('x', [INPUTS]), HIDDEN));
  const logits = build.dense('fc2', hidden, CLASSES);
  return prepare(build.graph([build.op('softmax', { kind: 'softmax', log: false }, [logits], [CLASSES])]));
}

const random = seeded(11);
/** More than one batch. */
const COUNT = 300;
const samples = Float32Array.from({ length: COUNT * INPUTS }, () => normal(random));
const labels = Int32Array.from({ length: COUNT }, (_, i) => i % CLASSES);

const PLANS: Record<string, Formats> = Object.fromEntries(
  Object.entries({
    'one weight': { 'fc2/weight': 'fixed<3,1>' },
    'one activation': { 'relu/activation': 'ufixed<3,2>' },
    'the input': { 'x/input': 'fixed<3,2>' },
    'one bit': { 'fc1/weight': 'fixed<1,0>' },
    'per channel': { 'fc1/weight': 'int4 per-channel', 'fc1/bias': 'fixed<4,1>' },
    everything: {
      'x/input': 'int6 asymmetric scale=0.1 zero=3',
      'fc1/weight': 'int4 per-channel',
      'fc1/bias': 'fixed<6,1>',
      'relu/activation': 'ufixed<4,2>',
      'fc2/weight': 'fixed<4,0>',
      'fc2/bias': 'fixed<6,1>',
    },
  }).map(([name, plan]) => [
    name,
    new Map(Object.entries(plan).map(([slot, text]) => [slot, parseFormat(text)])),
  ]),
);

/** The network in plain loops, quantizers of core/quantizers/grid.ts in place. */
function reference({ graph, slots }: Prepared, formats: Formats): Float32Array {
  const activation = (id: string, values: Float32Array): Float32Array => {
    const grid = selfContainedGrid(formats.get(id) ?? FLOAT32);
    return grid ? fakeQuantize(values, grid) : values;
  };
  const parameter = (id: string, layout: { channels: number; inner: number }): Float32Array => {
    const values = parameterValues(graph, slots.byId.get(id)!);
    const grid = parameterGrid(formats.get(id) ?? FLOAT32, values, layout, 'mse');
    return grid ? fakeQuantize(values, grid) : values;
  };
  const dense = (x: Float32Array, layer: string, inputs: number, units: number): Float32Array => {
    const kernel = parameter(`${layer}/weight`, { channels: units, inner: 1 });
    const bias = parameter(`${layer}/bias`, { channels: units, inner: 1 });
    return Float32Array.from({ length: (x.length / inputs) * units }, (_, at) => {
      const row = Math.floor(at / units);
      let sum = bias[at % units]!;
      for (let i = 0; i < inputs; i++) sum += x[row * inputs + i]! * kernel[i * units + (at % units)]!;
      return sum;
    });
  };
  const x = activation('x/input', samples);
  const hidden = dense(x, 'fc1', INPUTS, HIDDEN).map((value) => Math.max(value, 0));
  return dense(activation('relu/activation', hidden), 'fc2', HIDDEN, CLASSES);
}

async function open(prepared: Prepared, options: EvaluatorOptions = {}) {
  const executor = executorFor(prepared);
  const evaluator = await createEvaluator(executor, prepared, datasetOf(samples, INPUTS, labels), options);
  const dispose = (): void => {
    evaluator.dispose();
    executor.dispose();
  };
  return { evaluator, dispose };
}

const noStatistics = () => ({ min: 0, max: 0, sample: new Float32Array() });
const head = (values: Float32Array) => [{ kind: 'softmax' as const, size: CLASSES, values }];

for (const [name, formats] of Object.entries(PLANS)) {
  test(`${name}: the executor computes what plain loops compute`, async () => {
    const prepared = network();
    const { evaluator, dispose } = await open(prepared);
    const assignment = createAssigner(prepared, 'mse', noStatistics).assign(formats);
    const expected = compareOutputs(
      head(reference(prepared, new Map())),
      head(reference(prepared, formats)),
      labels,
    );
    const measured = await evaluator.measure(assignment);
    // The loops add in another order: a value between two steps may be rounded to the other one.
    for (const key of ['sqnr', 'kl', 'mse', 'agreement', 'accuracy'] as const) {
      const difference = Math.abs(measured[key]! - expected[key]!);
      assert.ok(
        difference <= 1e-2 * Math.abs(expected[key]!) + 1e-6,
        `${key}: ${measured[key]}, not ${expected[key]}`,
      );
    }
    dispose();
  });
}

test('with the prefix cache, with a part of it and without it the metrics are the same to the last bit', async () => {
  const results = [];
  for (const cacheBytes of [undefined, 0, 4 * COUNT * INPUTS, 1]) {
    const prepared = network();
    const { evaluator, dispose } = await open(prepared, cacheBytes === undefined ? {} : { cacheBytes });
    const assigner = createAssigner(prepared, 'mse', noStatistics);
    const rows = [];
    for (const formats of Object.values(PLANS)) rows.push(await evaluator.measure(assigner.assign(formats)));
    results.push(rows);
    dispose();
  }
  for (const rows of results.slice(1)) assert.deepEqual(rows, results[0]);
});

test('without quantizers nothing is lost', async () => {
  const { evaluator, dispose } = await open(network());
  const { sqnr, kl, mse, agreement } = await evaluator.measure(new Map());
  assert.deepEqual({ sqnr, kl, mse, agreement }, { sqnr: 150, kl: 0, mse: 0, agreement: 1 });
  dispose();
});

test('statistics are those of the float activations', async () => {
  const prepared = network();
  const { evaluator, dispose } = await open(prepared, { statistics: true });
  const of = (id: string) => evaluator.statistics(prepared.slots.byId.get(id)!);
  assert.equal(of('x/input').min, Math.min(...samples));
  assert.equal(of('x/input').max, Math.max(...samples));
  assert.equal(of('relu/activation').min, 0);
  assert.ok(of('relu/activation').max > 0);
  dispose();
});

test('no tensor is left behind, neither after a run nor after a failed one', async () => {
  const count = tf.memory().numTensors;
  const { evaluator, dispose } = await open(network(), { statistics: true });
  const assigner = createAssigner(network(), 'mse', noStatistics);
  for (const formats of Object.values(PLANS)) await evaluator.measure(assigner.assign(formats));
  dispose();
  assert.equal(tf.memory().numTensors, count);

  const prepared = network();
  const executor = executorFor(prepared);
  const controller = new AbortController();
  const options = { signal: controller.signal, onBatch: () => controller.abort() };
  const dataset = datasetOf(samples, INPUTS);
  await assert.rejects(createEvaluator(executor, prepared, dataset, options), /Cancelled/);
  executor.dispose();
  assert.equal(tf.memory().numTensors, count);
});

test('an aborted measurement says so', async () => {
  const { evaluator, dispose } = await open(network());
  await assert.rejects(evaluator.measure(new Map(), AbortSignal.abort()), (error) =>
    BitLensError.is(error, 'cancelled'),
  );
  dispose();
});

test('labels for a network that answers several times for each sample are refused', async () => {
  const build = graphBuilder();
  const x = build.input('x', [4, 2]);
  const logits = build.dense('fc', x, 3);
  const graph = build.graph([build.op('softmax', { kind: 'softmax', log: false }, [logits], [4, 3])]);
  const prepared = prepare(graph);
  const one = { ...datasetOf(new Float32Array(16), 8, Int32Array.of(0, 1)), shapes: [[4, 2]] };
  const executor = executorFor(prepared);
  await assert.rejects(
    createEvaluator(executor, prepared, one),
    (error) => BitLensError.is(error, 'bad-data') && error.message.includes('4 answers'),
  );
  const evaluator = await createEvaluator(executor, prepared, { ...one, labels: undefined });
  assert.equal(evaluator.float[0]!.values.length, 2 * 4 * 3);
  evaluator.dispose();
  executor.dispose();
});

test('a network that gives the same values twice can be measured', async () => {
  const build = graphBuilder();
  const out = build.dense('fc', build.input('x', [INPUTS]), 2);
  const prepared = prepare(build.graph([out, out]));
  const executor = executorFor(prepared);
  const evaluator = await createEvaluator(executor, prepared, datasetOf(samples, INPUTS));
  assert.deepEqual(evaluator.float[0]!.values, evaluator.float[1]!.values);
  evaluator.dispose();
  executor.dispose();
});
