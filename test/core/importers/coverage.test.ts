// No layer and no activation is imported without a fixture that a framework has run: test/engine runs them again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layerClasses } from '../../../src/core/importers/keras/layerKinds.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { openFixture, rows } from './support.ts';

/** Graphs of the fixtures below a folder that have recorded outputs. */
async function graphsOf(folder: string): Promise<readonly Graph[]> {
  const recorded = rows.filter(({ file, io }) => file.startsWith(folder) && io !== undefined);
  assert.ok(recorded.length > 0);
  return Promise.all(recorded.map(({ file, weights }) => openFixture(file, weights)));
}

const classesIn = (graphs: readonly Graph[]): ReadonlySet<string> =>
  new Set(graphs.flatMap((graph) => graph.layers.map(({ className }) => className)));

test('every layer that can be imported is in a recorded network of Keras 2', async () => {
  const known = classesIn(await graphsOf('keras2/'));
  const missing = layerClasses.filter((name) => !known.has(name));
  assert.deepEqual(missing, []);
});

test('every layer that can be imported is in a recorded network of Keras 3, if it still exists there', async () => {
  const known = classesIn(await graphsOf('keras3/'));
  const missing = layerClasses.filter((name) => !known.has(name));
  // Keras 3 writes operators under names of their own, and has dropped the other one.
  assert.deepEqual(missing.sort(), ['TFOpLambda', 'ThresholdedReLU']);
});

test('every activation function is in a recorded network', async () => {
  const graphs = [...(await graphsOf('keras')), ...(await graphsOf('tfjs-native/'))];
  const functions = graphs.flatMap((graph) =>
    graph.nodes.flatMap(({ op }) => (op.kind === 'activation' ? [op.activation] : [])),
  );
  const found = functions.map((activation) =>
    activation.fn === 'gelu' ? `gelu ${activation.approximate}` : activation.fn,
  );
  const expected = [
    'celu',
    'clip',
    'elu',
    'exponential',
    'gelu false',
    'gelu true',
    'hardSigmoid',
    'hardSilu',
    'hardTanh',
    'logSigmoid',
    'mish',
    'relu',
    'selu',
    'sigmoid',
    'silu',
    'softplus',
    'softsign',
    'tanh',
  ];
  assert.deepEqual([...new Set(found)].sort(), expected);
  const slopes = functions.flatMap((activation) =>
    activation.fn === 'hardSigmoid' ? [activation.slope] : [],
  );
  assert.deepEqual([...new Set(slopes)].sort(), [1 / 6, 0.2]);
  const relus = functions.filter((activation) => activation.fn === 'relu');
  assert.ok(relus.some(({ slope, max, threshold }) => slope > 0 && max !== undefined && threshold > 0));
  assert.ok(relus.some(({ slope, max, threshold }) => slope === 0 && max === 6 && threshold === 0));
});

test('sequential, functional and nested models with several inputs and outputs are recorded', async () => {
  const graphs = await graphsOf('keras3/');
  assert.ok(graphs.some(({ inputs, outputs }) => inputs.length === 2 && outputs.length === 3));
  assert.ok(graphs.some(({ layers }) => layers.some(({ id }) => id.split('/').length === 3)));
  assert.ok(graphs.some(({ nodes }) => nodes.every(({ inputs }) => inputs.length < 2)));
});
