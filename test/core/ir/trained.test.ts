import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Graph, NodeId, Weight } from '../../../src/core/ir/graph.ts';
import type { Op } from '../../../src/core/ir/ops.ts';
import { prepare } from '../../../src/core/ir/prepare.ts';
import { summarizeSlots } from '../../../src/core/ir/summarize.ts';
import { isTrainedQuantized, trainedFormats } from '../../../src/core/ir/trainedPlan.ts';
import { parseFormat } from '../../../src/core/quantizers/format.ts';
import { selfContainedGrid, fakeQuantize } from '../../../src/core/quantizers/grid.ts';
import type { Quantizer } from '../../../src/core/quantizers/quantizer.ts';
import { graphBuilder, weightOf, type GraphBuilder } from '../../support/graphBuilder.ts';

function quantizer(text: string): Quantizer {
  const format = parseFormat(text);
  const grid = selfContainedGrid(format)!;
  return { text, bits: 4, format, grid, apply: (values) => fakeQuantize(values, grid) };
}

/** A parameter as QKeras keeps it: trained values, and a quantizer that is applied to them. */
function quantized(name: string, shape: readonly number[], latent: readonly number[], text: string): Weight {
  const { format, bits, apply } = quantizer(text);
  const values = Float32Array.from(latent);
  const read = () => apply(values, shape);
  return { name, shape, read, latent: () => values, quantizer: { text, bits, format } };
}

const LATENT = [0.3, -0.6, 0.9, 0.1];

/** input → quantize → dense (quantized kernel) → BatchNorm → relu → quantize → dense → softmax → quantize */
function trained(kernelFormat = 'fixed<4,1>'): Graph {
  const build = graphBuilder();
  const quantize = (name: string, from: NodeId, size: number, text: string): NodeId =>
    build.op(name, { kind: 'quantize', quantizer: quantizer(text) }, [from], [size]);
  const input = quantize('q_in', build.input('x', [2]), 2, 'fixed<8,1>');
  const kernel = quantized('fc1/kernel', [2, 2], LATENT, kernelFormat);
  const bias = quantized('fc1/bias', [2], [0.05, 0.4], 'fixed<4,1>');
  const first = dense(build, 'fc1', input, { kind: 'dense', kernel, bias });
  const relu = quantize('q_relu', build.relu('relu', build.batchNorm('bn', first)), 2, 'ufixed<4,1>');
  const second = quantized('fc2/kernel', [2, 2], LATENT, 'fixed<4,1>');
  const logits = dense(build, 'fc2', relu, { kind: 'dense', kernel: second });
  const softmax = build.op('softmax', { kind: 'softmax', log: false }, [logits], [2]);
  return build.graph([quantize('q_out', softmax, 2, 'ufixed<8,0>')]);
}

const dense = (build: GraphBuilder, name: string, from: NodeId, op: Op): NodeId =>
  build.op(name, op, [from], [2]);

test('the quantizers of a file are what its slots were trained with', () => {
  const slots = summarizeSlots(prepare(trained()));
  assert.deepEqual(
    slots.map(({ id, kind, trained: text }) => [id, kind, text]),
    [
      ['q_in/input', 'input', 'fixed<8,1>'],
      ['fc1/weight', 'weight', 'fixed<4,1>'],
      ['fc1/bias', 'bias', 'fixed<4,1>'],
      ['bn/scale_and_offset', 'bias', undefined], // folded it would leave the kernel's grid
      ['q_relu/activation', 'activation', 'ufixed<4,1>'],
      ['fc2/weight', 'weight', 'fixed<4,1>'],
    ],
  );
});

test('they are the plan the model follows already, when our grammar has words for all of its weights', () => {
  const { slots } = prepare(trained());
  assert.ok(isTrainedQuantized(slots));
  assert.deepEqual(
    [...trainedFormats(slots)!.keys()],
    ['q_in/input', 'fc1/weight', 'fc1/bias', 'q_relu/activation', 'fc2/weight'],
  );
  const wordless = trained();
  const nodes = wordless.nodes.map((node) =>
    node.op.kind === 'dense'
      ? { ...node, op: { ...node.op, kernel: { ...node.op.kernel, quantizer: { text: 'own', bits: 3 } } } }
      : node,
  );
  assert.equal(trainedFormats(prepare({ ...wordless, nodes }).slots), undefined);
});

test('without its quantizers the network has the values from before, and BatchNorm folds again', () => {
  const { graph, slots, folded } = prepare(trained(), true);
  assert.ok(!isTrainedQuantized(slots));
  assert.deepEqual(folded, ['bn']);
  assert.ok(graph.nodes.every(({ op }) => op.kind !== 'quantize'));
  const kernel = (graph.nodes.find(({ op }) => op.kind === 'dense')!.op as { kernel: Weight }).kernel;
  const unfolded = trained().nodes.find(({ op }) => op.kind === 'dense')!.op as { kernel: Weight };
  assert.deepEqual(
    [...unfolded.kernel.read()].map((value) => value * 8),
    [2, -5, 7, 1],
  );
  const gains = [0, 1].map((channel) => kernel.read()[channel]! / LATENT[channel]!);
  for (const [i, value] of kernel.read().entries())
    assert.ok(Math.abs(value - LATENT[i]! * gains[i % 2]!) < 1e-6, 'the kernel is the latent one, scaled');
});

test('values that a file holds quantized only stay when its quantizers are dropped', () => {
  const build = graphBuilder();
  const stored = weightOf('fc/kernel', [2, 1], [0.25, -0.5]);
  const kernel: Weight = { ...stored, quantizer: { text: 'int8 scale=0.25', bits: 8 } };
  const graph = build.graph([build.op('fc', { kind: 'dense', kernel }, [build.input('x', [2])], [1])]);
  const { op } = prepare(graph, true).graph.nodes[1]!;
  assert.ok(op.kind === 'dense');
  assert.equal(op.kernel.quantizer, undefined);
  assert.deepEqual([...op.kernel.read()], [0.25, -0.5]);
});

test('accuracy is taken before a quantizer that follows the final softmax', () => {
  const [head] = prepare(trained()).heads;
  assert.equal(head!.kind, 'softmax');
});

test('masks, positions and truth values have no slots', () => {
  const build = graphBuilder();
  const x = build.input('x', [3]);
  const mask = build.op('mask', { kind: 'constant', value: weightOf('mask', [3], [1, 0, -3e38]) }, [], [3]);
  const shown = build.op('less', { kind: 'merge', fn: 'less' }, [mask, x], [3]);
  const scores = build.relu('relu', x);
  const chosen = build.op('where', { kind: 'where' }, [shown, scores, mask], [3]);
  const graph = build.graph([build.dense('fc', chosen, 2)]);
  assert.deepEqual(
    prepare(graph).slots.list.map(({ id }) => id),
    ['x/input', 'relu/activation', 'fc/weight', 'fc/bias'],
  );
});

test('indices into a table are not quantized, the table is', () => {
  const build = graphBuilder();
  const tokens = build.input('tokens', [4]);
  const table = weightOf('table', [5, 2], new Float32Array(10).fill(0.5));
  const rows = build.op('embed', { kind: 'embedding', kernel: table }, [tokens], [4, 2]);
  const graph = build.graph([build.dense('fc', rows, 2)]);
  assert.deepEqual(
    prepare(graph).slots.list.map(({ id }) => id),
    ['embed/weight', 'embed/activation', 'fc/weight', 'fc/bias'],
  );
});

test('two kernels of one layer are two slots, one kernel used twice is one', () => {
  const build = graphBuilder();
  const x = build.input('x', [2]);
  const query = build.dense('attention', x, 2);
  const key = build.dense('attention', x, 2);
  const again = build.dense('attention', key, 2, { like: query });
  const sum = build.op('sum', { kind: 'merge', fn: 'add' }, [query, again], [2]);
  const weights = prepare(build.graph([build.dense('fc', sum, 2)])).slots.list.filter(
    ({ kind }) => kind === 'weight',
  );
  assert.deepEqual(
    weights.map(({ id, nodes }) => [id, nodes.length]),
    [
      ['attention/weight', 2],
      ['attention/weight:2', 1],
      ['fc/weight', 1],
    ],
  );
});
