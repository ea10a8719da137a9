// Operations with stored kernels: the nodes that carry them, so that plans can give them formats, and what is refused.

import assert from 'node:assert/strict';
import test from 'node:test';
import { BitLensError } from '../../../../src/core/errors.ts';
import { constant } from '../../../../src/core/importers/tensors/constants.ts';
import { convTranspose } from '../../../../src/core/importers/tensors/convTranspose.ts';
import { einsum } from '../../../../src/core/importers/tensors/einsum.ts';
import { recurrent, type Recurrent } from '../../../../src/core/importers/tensors/recurrent.ts';
import { tensorGraph } from '../../../../src/core/importers/tensors/tensorGraph.ts';
import type { Constant } from '../../../../src/core/importers/tensors/tensor.ts';
import { asConstant, counted, emitted, graphOf, type Build } from './support.ts';

const g = tensorGraph('test.model');
const weight = (...shape: readonly number[]): Constant => asConstant(counted(shape));

const LSTM: Recurrent = {
  cell: 'lstm',
  kernel: weight(3, 8),
  recurrentKernel: weight(2, 8),
  bias: weight(8),
  recurrentBias: weight(8),
  resetAfter: false,
  reverse: false,
  activation: { fn: 'tanh' },
  recurrentActivation: { fn: 'sigmoid' },
};

test('a recurrent layer: projection and recurrence, only the outputs that are read', () => {
  const sequence: Build = (graph, x) => [recurrent(graph, x, LSTM).sequence];
  const { graph } = graphOf([[5, 1, 3]], sequence);
  const recurrences = graph.nodes.filter(({ op }) => op.kind === 'recurrence');
  assert.deepEqual(
    recurrences.map(({ op, shape }) => [op.kind === 'recurrence' && op.output, shape]),
    [['sequence', [5, 2]]],
  );
  const dense = graph.nodes.find(({ op }) => op.kind === 'dense')!;
  assert.ok(dense.op.kind === 'dense');
  assert.equal(dense.op.kernel, LSTM.kernel.weight);
  assert.deepEqual([...dense.op.bias!.read()], [0, 2, 4, 6, 8, 10, 12, 14], 'both biases in one');
  const states: Build = (one, x) => [recurrent(one, x, LSTM).state, recurrent(one, x, LSTM).cell!];
  const kinds = emitted([[5, 1, 3]], states);
  assert.equal(kinds.filter((kind) => kind === 'recurrence').length, 2);
});

test('a GRU keeps the recurrent bias apart only where the reset gate acts on it', () => {
  for (const resetAfter of [true, false]) {
    const layer: Recurrent = {
      ...LSTM,
      cell: 'gru',
      resetAfter,
      kernel: weight(3, 6),
      recurrentKernel: weight(2, 6),
      bias: weight(6),
      recurrentBias: weight(6),
    };
    const { graph } = graphOf([[5, 1, 3]], (one, x) => [recurrent(one, x, layer).state]);
    const op = graph.nodes.find((node) => node.op.kind === 'recurrence')!.op;
    assert.equal(op.kind === 'recurrence' && op.bias !== undefined, resetAfter);
  }
});

test('initial states: zeros need no operand, a cell without a state gets one', () => {
  const kinds = (layer: Partial<Recurrent>): readonly string[] =>
    emitted([[5, 1, 3]], (graph, x) => [recurrent(graph, x, { ...LSTM, ...layer }).state]);
  const zero = constant('zero', [1, 2], 'float', [0, 0]);
  assert.deepEqual(kinds({ initialState: zero, initialCell: zero }), kinds({}));
  assert.equal(kinds({ initialCell: weight(1, 2) }).filter((kind) => kind === 'constant').length, 2);
});

test('a transposed convolution in groups has one kernel', () => {
  const attributes = { strides: [2, 2], dilation: [1, 1], pads: [[1, 1], [1, 1]] } as const; // prettier-ignore
  const image: Build = (graph, x) => [
    convTranspose(graph, x, weight(4, 1, 3, 3), undefined, { ...attributes, groups: 4 }),
  ];
  const kinds = emitted([[1, 4, 3, 3]], image);
  assert.deepEqual(
    kinds.filter((kind) => kind.includes('onv')),
    ['depthwiseConv'],
  );
});

test('einsum with a stored matrix is a dense layer', () => {
  const project: Build = (graph, x) => [einsum(graph, 'bti,io->bto', [x, weight(3, 5)])];
  assert.deepEqual(emitted([[1, 4, 3]], project), ['dense']);
  const heads: Build = (graph, x) => [einsum(graph, 'hio,bti->bhto', [weight(2, 3, 5), x])];
  assert.ok(emitted([[1, 4, 3]], heads).includes('dense'));
});

test('what cannot be is refused', () => {
  const image = asConstant(counted([1, 2, 3, 3]));
  const plain = { strides: [1, 1], dilation: [1, 1], pads: [[0, 0], [0, 0]], groups: 1 } as const; // prettier-ignore
  const sequence = asConstant(counted([5, 1, 3]));
  const damaged: readonly (() => unknown)[] = [
    () => convTranspose(g, image, weight(3, 1, 2, 2), undefined, plain),
    () => convTranspose(g, image, weight(2, 1, 2, 2), undefined, { ...plain, groups: 3 }),
    () => convTranspose(g, image, weight(2, 1, 2, 2), undefined, { ...plain, dilation: [2 ** 40, 1] }),
    () => convTranspose(g, image, weight(2, 1, 2, 2), undefined, { ...plain, pads: [[9, 9], [0, 0]] }), // prettier-ignore
    () => recurrent(g, sequence, { ...LSTM, kernel: weight(4, 8) }),
    () => recurrent(g, sequence, { ...LSTM, recurrentKernel: weight(2, 6) }),
    () => recurrent(g, sequence, { ...LSTM, bias: weight(16) }),
    () => recurrent(g, asConstant(counted([5, 3])), LSTM),
    () => einsum(g, 'ij,jk->ik', [weight(2, 3), weight(2, 3)]),
    () => einsum(g, 'ij,jk->ik', [weight(2, 3)]),
    () => einsum(g, 'ij->ijk', [weight(2, 3)]),
    () => einsum(g, 'ij->ii', [weight(2, 3)]),
    () => einsum(g, 'ijk->i', [weight(2, 3)]),
    () => einsum(g, 'i j -> i -> j', [weight(2, 3)]),
    () => einsum(g, 'i1->i', [weight(2, 3)]),
  ];
  for (const [i, call] of damaged.entries())
    assert.throws(call, (error) => BitLensError.is(error, 'bad-file'), `damaged ${i}`);
  const unknown: readonly (() => unknown)[] = [
    () => einsum(g, 'ii->i', [weight(3, 3)]),
    () => recurrent(g, asConstant(counted([5, 2, 3])), LSTM),
  ];
  for (const [i, call] of unknown.entries())
    assert.throws(call, (error) => BitLensError.is(error, 'unsupported'), `unsupported ${i}`);
});
