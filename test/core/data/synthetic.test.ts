import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classCount, modelInputs } from '../../../src/core/data/modelInputs.ts';
import { parseFormat } from '../../../src/core/quantizers/format.ts';
import { selfContainedGrid } from '../../../src/core/quantizers/grid.ts';
import { synthetic, syntheticDistributions } from '../../../src/core/data/synthetic.ts';
import type { Graph, GraphNode, Weight } from '../../../src/core/ir/graph.ts';
import type { Op } from '../../../src/core/ir/ops.ts';
import { input, refuses } from './memory.ts';

const weight = (...values: number[]): Weight => ({
  name: 'w',
  shape: [values.length],
  read: () => Float32Array.from(values),
});

/** A chain of ops behind one input, each with its own layer. */
function chain(shape: number[], ops: readonly Op[], outputShape = shape): Graph {
  const all: Op[] = [{ kind: 'input' }, ...ops];
  const nodes = all.map((op, id): GraphNode => ({
    id,
    op,
    inputs: id === 0 ? [] : [id - 1],
    shape: id === all.length - 1 ? outputShape : shape,
    layer: id,
  }));
  const layers = nodes.map(({ id }) => ({
    id: `m/layer${id}`,
    name: `layer${id}`,
    className: 'X',
    nodes: [id],
    settings: {},
  }));
  return { name: 'm', framework: 'test', nodes, layers, inputs: [0], outputs: [nodes.length - 1] };
}

const affine = (scale: Weight): Op => ({ kind: 'affine', scale, offset: weight(0) });

test('the same seed gives the same samples, whatever the batches', async () => {
  const data = synthetic(input(3, 2), { count: 10, seed: 1 });
  const [whole] = await data.batch(0, 10);
  const parts = [...(await data.batch(0, 3)), ...(await data.batch(3, 7))].flatMap((part) => [...part]);
  assert.deepEqual([...whole!], parts);
  assert.notDeepEqual((await synthetic(input(3, 2), { count: 10, seed: 2 }).batch(0, 10))[0], whole);
  assert.equal(new Set(whole).size, 60, 'no two values alike');
});

test('two inputs of the same shape get different values', async () => {
  const [a, b] = await synthetic([...input(4), ...input(4)], { count: 2, seed: 1 }).batch(0, 2);
  assert.notDeepEqual(a, b);
});

test('standard normal values', async () => {
  const data = synthetic(input(100), { count: 200, seed: 3 });
  const [values] = await data.batch(0, 200);
  const mean = values!.reduce((sum, value) => sum + value, 0) / values!.length;
  const variance = values!.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values!.length;
  assert.ok(Math.abs(mean) < 0.03, String(mean)); // 4 standard errors: 0.028
  assert.ok(Math.abs(variance - 1) < 0.04, String(variance));
  assert.deepEqual(data.notes, ['synthetic calibration (seed 3)', 'input: standard normal values']);
  assert.equal(data.labels, undefined);
  assert.equal(data.description, 'synthetic calibration: 200 samples');
});

test('uniform pixels where the first layer rescales them', async () => {
  const data = synthetic(input(100), { count: 200, seed: 3, distributions: ['pixels'] });
  const [values] = await data.batch(0, 200);
  assert.ok(values!.every((value) => value >= 0 && value <= 255));
  const mean = values!.reduce((sum, value) => sum + value, 0) / values!.length;
  assert.ok(Math.abs(mean - 127.5) < 2.1, String(mean));
  assert.match(data.notes[1]!, /input: uniform values 0 … 255, as the first layer rescales pixels/);
});

test('which inputs take pixels', () => {
  const relu: Op = { kind: 'identity' };
  const of = (...ops: Op[]) => syntheticDistributions(chain([2], ops))[0];
  assert.equal(of(affine(weight(1 / 255))), 'pixels');
  assert.equal(of(affine(weight(1 / 127.5, 1 / 127.5)), relu), 'pixels');
  assert.equal(of(affine(weight(1 / 64))), 'standard');
  assert.equal(of(affine(weight(1 / 255, 1))), 'standard');
  assert.equal(of({ kind: 'reshape' }, affine(weight(1 / 255))), 'pixels');
  assert.equal(of({ kind: 'map', fn: 'abs' }, affine(weight(1 / 255))), 'standard');
  assert.equal(of(), 'standard');
});

test('rows of a table, and what the quantizer of an input can hold', async () => {
  const table = { name: 'table', shape: [7, 2], read: () => new Float32Array(14) };
  const format = parseFormat('uint8 asymmetric scale=0.5 zero=10');
  const grid = selfContainedGrid(format)!;
  const quantizer = { text: 'uint8', bits: 8, grid, apply: (values: Float32Array) => values };
  const of = (op: Op) => syntheticDistributions(chain([2], [op]))[0]!;
  assert.deepEqual(of({ kind: 'embedding', kernel: table }), { below: 7 });
  assert.deepEqual(of({ kind: 'quantize', quantizer }), { low: -5, high: 122.5 });
  const distributions = [{ below: 7 }, { low: -5, high: 122.5 }];
  const data = synthetic([...input(50), ...input(50)], { count: 100, seed: 3, distributions });
  const [rows, reals] = await data.batch(0, 100);
  assert.deepEqual([...new Set(rows)].sort(), [0, 1, 2, 3, 4, 5, 6]);
  assert.ok(reals!.every((value) => value >= -5 && value < 122.5));
  assert.ok(reals!.some((value) => value < 0) && reals!.some((value) => value > 110));
  assert.match(data.notes[1]!, /whole numbers 0 … 6, the rows of the first table/);
  assert.match(data.notes[2]!, /uniform values -5 … 123, the range of the input's quantizer/);
});

test('a wrong count', async () => {
  for (const count of [0, -1, 1.5, NaN])
    await refuses(
      Promise.resolve().then(() => synthetic(input(2), { count, seed: 1 })),
      'bad-option',
      /number of synthetic samples must be/,
    );
});

test('inputs and classes of a graph', () => {
  const graph = chain([4, 4, 1], [{ kind: 'identity' }], [10]);
  assert.deepEqual(modelInputs(graph), [{ id: 'm/layer0', name: 'layer0', shape: [4, 4, 1] }]);
  assert.equal(classCount(graph), 10);
  assert.equal(classCount(chain([4], [{ kind: 'identity' }], [1])), 2);
  assert.equal(classCount(chain([4], [{ kind: 'identity' }], [1, 1, 5])), 5);
  assert.equal(classCount(chain([4], [{ kind: 'identity' }], [8, 5])), undefined);
  assert.equal(classCount({ ...graph, outputs: [0, 1] }), undefined);
});
