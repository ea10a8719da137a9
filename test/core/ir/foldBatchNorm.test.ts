import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foldBatchNorm } from '../../../src/core/ir/foldBatchNorm.ts';
import type { BatchNormOp, DenseOp } from '../../../src/core/ir/ops.ts';
import { graphBuilder } from '../../support/graphBuilder.ts';

test('dense and BatchNorm become one dense with the same function', () => {
  const build = graphBuilder();
  const dense = build.dense('fc', build.input('x', [3]), 2);
  const norm = build.batchNorm('bn', dense);
  const graph = build.graph([norm]);
  const folded = foldBatchNorm(graph);
  assert.deepEqual(folded.layers, ['bn']);
  assert.equal(folded.graph.nodes[norm]!.op.kind, 'identity');

  const before = graph.nodes[dense]!.op as DenseOp;
  const bn = graph.nodes[norm]!.op as BatchNormOp;
  const after = folded.graph.nodes[dense]!.op as DenseOp;
  const x = [0.3, -1.2, 2];
  const apply = (op: DenseOp) =>
    [0, 1].map((c) => x.reduce((sum, v, i) => sum + v * op.kernel.read()[i * 2 + c]!, op.bias!.read()[c]!));
  const expected = apply(before).map(
    (y, c) =>
      ((y - bn.mean.read()[c]!) / Math.sqrt(bn.variance.read()[c]! + bn.epsilon)) * bn.gamma!.read()[c]! +
      bn.beta!.read()[c]!,
  );
  for (const [c, y] of apply(after).entries()) assert.ok(Math.abs(y - expected[c]!) < 1e-5);
});

test('a kernel that feeds something else keeps its BatchNorm, as an affine op', () => {
  const build = graphBuilder();
  const dense = build.dense('fc', build.input('x', [3]), 2);
  const norm = build.batchNorm('bn', dense);
  const sum = build.op('add', { kind: 'merge', fn: 'add' }, [dense, norm], [2]);
  const { graph, layers } = foldBatchNorm(build.graph([sum]));
  assert.deepEqual(layers, []);
  assert.equal(graph.nodes[norm]!.op.kind, 'affine');
});

test('a shared kernel is not folded into', () => {
  const build = graphBuilder();
  const x = build.input('x', [3]);
  const first = build.dense('fc', x, 3);
  const norm = build.batchNorm('bn', first);
  const second = build.dense('fc', norm, 3, { like: first });
  assert.deepEqual(foldBatchNorm(build.graph([second])).layers, []);
});
