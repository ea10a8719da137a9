import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { prepare } from '../../../src/core/ir/prepare.ts';
import { graphBuilder, weightOf } from '../../support/graphBuilder.ts';

const slotIds = (graph: Graph) => prepare(graph).slots.list.map(({ id }) => id);
const groupIds = (graph: Graph) =>
  prepare(graph).groups.map(({ id, weights, activations }) => [
    id,
    weights.length,
    activations.map((slot) => slot.id).join(),
  ]);

/** conv → BN → relu → conv → relu, added to the first relu, → flatten → dense → softmax */
function residual(): Graph {
  const build = graphBuilder();
  const image = build.input('image', [4, 4, 2]);
  const first = build.relu('relu1', build.batchNorm('bn1', build.conv('conv1', image, 3)));
  const second = build.conv('conv2', first, 3);
  const sum = build.relu('relu2', build.op('add', { kind: 'merge', fn: 'add' }, [first, second], [4, 4, 3]));
  const flat = build.op('flatten', { kind: 'reshape' }, [sum], [48]);
  const logits = build.dense('fc', flat, 5);
  return build.graph([build.op('softmax', { kind: 'softmax', log: false }, [logits], [5])]);
}

test('only the ends of fused chains are quantized, and never what leads to the output', () => {
  assert.deepEqual(slotIds(residual()), [
    'image/input',
    'conv1/weight',
    'conv1/bias',
    'relu1/activation',
    'conv2/weight',
    'conv2/bias',
    'conv2/activation',
    'relu2/activation',
    'fc/weight',
    'fc/bias',
  ]);
});

test('a group is an activation with the weights that read it', () => {
  assert.deepEqual(groupIds(residual()), [
    ['conv1', 1, 'image/input'],
    ['conv2', 1, 'relu1/activation'],
    ['conv2/activation', 0, 'conv2/activation'],
    ['fc', 1, 'relu2/activation'],
  ]);
});

test('two layers that read one tensor share a group; tensors that are concatenated too', () => {
  const build = graphBuilder();
  const x = build.input('x', [4]);
  const a = build.relu('ra', build.dense('a', x, 3));
  const b = build.relu('rb', build.dense('b', x, 3));
  const joined = build.op('cat', { kind: 'concat', axis: 0 }, [a, b], [6]);
  assert.deepEqual(groupIds(build.graph([build.dense('c', joined, 2)])), [
    ['a+b', 2, 'x/input'],
    ['c', 1, 'ra/activation,rb/activation'],
  ]);
});

test('max pooling carries the format of its source, average pooling has its own', () => {
  for (const [mode, expected] of [
    ['max', ['image/input', 'conv/weight', 'conv/bias', 'conv/activation', 'fc/weight', 'fc/bias']],
    [
      'average',
      [
        'image/input',
        'conv/weight',
        'conv/bias',
        'conv/activation',
        'pool/activation',
        'fc/weight',
        'fc/bias',
      ],
    ],
  ] as const) {
    const build = graphBuilder();
    const conv = build.conv('conv', build.input('image', [4, 4, 1]), 2);
    const pool = build.op('pool', { kind: 'globalPool', mode }, [conv], [2]);
    assert.deepEqual(slotIds(build.graph([build.dense('fc', pool, 2)])), expected);
  }
});

test('a Rescaling after the input is preprocessing: the input slot sits behind it and it has no parameters to quantize', () => {
  const build = graphBuilder();
  const image = build.input('image', [4]);
  const scaled = build.op(
    'rescaling',
    { kind: 'affine', scale: weightOf('s', [], [1 / 255]), offset: weightOf('o', [], [0]) },
    [image],
    [4],
  );
  assert.deepEqual(slotIds(build.graph([build.dense('fc', scaled, 2)])), [
    'rescaling/input',
    'fc/weight',
    'fc/bias',
  ]);
});

test('a layer that is called twice has one weight slot and one activation per call', () => {
  const build = graphBuilder();
  const x = build.input('x', [3]);
  const first = build.dense('fc', x, 3);
  const second = build.dense('fc', first, 3, { like: first });
  const graph = build.graph([build.dense('out', second, 1)]);
  assert.deepEqual(slotIds(graph), [
    'x/input',
    'fc/weight',
    'fc/bias',
    'fc/activation',
    'fc/activation:2',
    'out/weight',
    'out/bias',
  ]);
  assert.equal(prepare(graph).slots.byId.get('fc/weight')!.nodes.length, 2);
});

test('the head is read before its softmax', () => {
  const graph = residual();
  const [head] = prepare(graph).heads;
  assert.deepEqual(head, {
    node: graph.nodes.findIndex(({ op }) => op.kind === 'softmax') - 1,
    kind: 'softmax',
    size: 5,
  });
});
