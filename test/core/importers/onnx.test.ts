// The structure of ONNX files: inputs, order of nodes, names of layers, what is refused and how it is told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitLensError, type ErrorKind } from '../../../src/core/errors.ts';
import { onnx } from '../../../src/core/importers/onnx/onnx.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { memorySource } from '../../support/memorySource.ts';
import {
  field,
  intAttribute,
  message,
  node,
  onnxModel,
  tensor,
  value,
  type ModelText,
} from '../../support/onnxBuilder.ts';
import { onnxCases, openOnnx } from './onnxCases.ts';

const relu = (input: string, output: string, name = '') => ({ op: 'Relu', in: [input], out: [output], name });

const small = (model: Partial<ModelText>): ModelText => ({
  nodes: [relu('x', 'y')],
  inputs: [value('x', [1, 4])],
  outputs: ['y'],
  ...model,
});

async function refused(
  model: Uint8Array | ModelText,
  kind: ErrorKind,
  ...texts: readonly RegExp[]
): Promise<void> {
  const bytes = model instanceof Uint8Array ? model : onnxModel(model);
  await assert.rejects(openOnnx(bytes), (error) => {
    assert.ok(BitLensError.is(error, kind), String(error));
    for (const text of texts) assert.match(error.message, text);
    return true;
  });
}

const open = (model: ModelText, inputShapes?: readonly (readonly number[])[]): Promise<Graph> =>
  openOnnx(onnxModel(model), inputShapes ? { inputShapes } : {});

const shapesOf = (graph: Graph): readonly (readonly number[])[] => graph.nodes.map(({ shape }) => shape);

test('a model is recognized by its content, whatever its name', () => {
  const matches = (bytes: Uint8Array): unknown => onnx.match(bytes, memorySource('model.bin', bytes));
  assert.equal(matches(onnxModel(small({}))), true);
  for (const { model } of onnxCases('torch')) assert.equal(matches(model), true);
  assert.equal(matches(new TextEncoder().encode('{"modelTopology": {}}')), false);
  assert.equal(matches(Uint8Array.of(0x89, 0x48, 0x44, 0x46)), false);
  assert.equal(matches(Uint8Array.of(8, 8, 0x12, 200)), false);
  assert.equal(matches(new Uint8Array(0)), false);
});

test('an open first axis is the batch; others need a shape', async () => {
  for (const batch of [null, 'n', 0, -1, 1])
    assert.deepEqual(shapesOf(await open(small({ inputs: [value('x', [batch, 4])] }))), [[4], [4]]);
  const image = small({ inputs: [value('x', ['n', 3, 'h', null])] });
  await refused(image, 'needs-input-shape', /model\.onnx .* input x open: 3×\?×\?/);
  assert.deepEqual(shapesOf(await open(image, [[3, 5, 6]])), [
    [3, 5, 6],
    [3, 5, 6],
  ]);
  await assert.rejects(open(image, [[4, 5, 6]]), /Input x .* 3×\?×\?/);
  await assert.rejects(open(image, [[3, 5, 6], [1]]), /1 inputs, but 2 input shapes/);
});

test('a fixed batch is read as 1, also in the shapes the graph reshapes to', async () => {
  const shape = tensor('s', [2], field(7, message(Uint8Array.of(0x94, 0x91, 0x30, 2))), 7);
  const fixed = small({
    nodes: [relu('x', 'r'), { op: 'Reshape', in: ['r', 's'], out: ['y'] }],
    inputs: [value('x', [788628, 2])],
    initializers: [shape],
    outputShape: [788628, 2],
  });
  assert.deepEqual(shapesOf(await open(fixed)), [[2], [2]]);
});

test('a first axis that is no batch keeps its extent', async () => {
  // Sequence first, as recurrent layers of PyTorch.
  const sequence = small({ inputs: [value('x', [5, 1, 4])] });
  assert.deepEqual(shapesOf(await open(sequence))[0], [5, 1, 4]);
  // Read as a batch, the matrix would not fit.
  const square = small({
    nodes: [{ op: 'MatMul', in: ['w', 'x'], out: ['y'] }],
    inputs: [value('x', [3, 2])],
    initializers: [tensor('w', [3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9])],
    outputShape: [3, 2],
  });
  assert.deepEqual((await open(square)).nodes[0]!.shape, [3, 2]);
});

test('initializers are no inputs, even if they are listed among them', async () => {
  const model = small({
    nodes: [{ op: 'Add', in: ['x', 'w'], out: ['y'] }],
    inputs: [value('x', [1, 2]), value('w', [2])],
    initializers: [tensor('w', [2], [1, 2])],
    irVersion: 3,
  });
  assert.equal((await open(model)).inputs.length, 1);
});

test('nodes may come in any order, but not in a circle', async () => {
  const unordered = small({
    nodes: [relu('b', 'y', 'third'), relu('a', 'b', 'second'), relu('x', 'a', 'first')],
  });
  assert.deepEqual(
    (await open(unordered)).layers.map(({ id }) => id),
    ['x', 'first', 'second', 'third'],
  );
  const circle = small({ nodes: [relu('b', 'a', 'one'), relu('a', 'b', 'two'), relu('b', 'y')] });
  await refused(
    circle,
    'bad-file',
    /model\.onnx: node (one|two) \(Relu\) reads what is made from its own output/,
  );
  await refused(small({ nodes: [relu('y', 'y', 'self')] }), 'bad-file', /node self/);
});

test('names must be there, and once', async () => {
  await refused(small({ nodes: [relu('gone', 'y', 'act')] }), 'bad-file', /input of node act .*gone/);
  await refused(small({ outputs: ['gone'] }), 'bad-file', /output of graph net .*gone/);
  await refused(
    small({ nodes: [relu('x', 'y'), relu('x', 'y')] }),
    'bad-file',
    /two nodes make the tensor y/,
  );
  const overInput = small({
    nodes: [{ op: 'Relu', in: ['w'], out: ['x'] }, relu('x', 'y')],
    initializers: [tensor('w', [1], [1])],
  });
  await refused(overInput, 'bad-file', /tensor x is there twice/);
  const twice = [tensor('w', [1], [1]), tensor('w', [1], [2])];
  await refused(small({ initializers: twice }), 'bad-file', /tensor w is there twice/);
  await refused(small({ inputs: [] }), 'bad-file', /has no input/);
});

test('all operations that cannot be read are told at once, with what can', async () => {
  const model = small({
    nodes: [
      relu('x', 'a', 'first'),
      { op: 'StringNormalizer', in: ['a'], out: ['b'], name: 'words' },
      relu('b', 'c', 'behind'),
      { op: 'NonMaxSuppression', in: ['a', 'a'], out: ['d'], name: 'boxes' },
      { op: 'FancyOp', in: ['a'], out: ['e'], name: 'own', domain: 'my.domain' },
      { op: 'Sum', in: ['c', 'd', 'e'], out: ['y'] },
    ],
    domains: ['my.domain'],
  });
  await refused(
    model,
    'unsupported',
    /StringNormalizer \(opset 17\)[^;]*: words;/,
    /NonMaxSuppression \(opset 17\)[^;]*: boxes;/,
    /FancyOp \(my\.domain version 1\)[^;]*: own\./,
    /Layers that can be read: first\./,
  );
});

test('a result that no row gives is told, not taken for granted', async () => {
  const pool = {
    op: 'MaxPool',
    in: ['x'],
    out: ['p', 'places'],
    name: 'pool',
    attributes: [message(field(1, 'kernel_shape'), field(8, 2), field(8, 2), field(20, 7))],
  };
  const inputs = [value('x', [1, 1, 4, 4])];
  assert.equal((await open(small({ nodes: [pool, relu('p', 'y')], inputs }))).layers.length, 3);
  await refused(
    small({ nodes: [pool, relu('places', 'y')], inputs }),
    'unsupported',
    /MaxPool: its result 1 is not computed: pool/,
  );
});

test('an attribute of another type names its node', async () => {
  const attributes = [message(field(1, 'axis'), field(4, 'x'), field(20, 3))];
  const nodes = [{ op: 'Softmax', in: ['x'], out: ['y'], name: 'head', attributes }];
  await refused(small({ nodes }), 'bad-file', /node head: Softmax.* attribute axis is no int/);
});

test('layers are called as the framework calls them', async () => {
  const kernel = (name: string): Uint8Array => tensor(name, [4, 4], new Array<number>(16).fill(0.5));
  const names = async (
    nodes: ModelText['nodes'],
    initializers: readonly Uint8Array[],
  ): Promise<readonly string[]> =>
    (await open(small({ nodes, initializers }))).layers.map(({ id }) => id).slice(1);
  const gemm = (input: string, weight: string, output: string, name: string) => ({
    op: 'Gemm',
    in: [input, weight],
    out: [output],
    name,
  });
  // PyTorch, scopes in the names.
  assert.deepEqual(
    await names(
      [
        gemm('x', 'w', 'a', '/features/features.0/Gemm'),
        relu('a', 'b', '/features/features.1/Relu'),
        gemm('b', 'v', 'c', '/layer1/layer1.0/fc/Gemm'),
        relu('c', 'd', '/layer1/layer1.0/Relu'),
        relu('d', 'y', '/Relu'),
      ],
      [kernel('w'), kernel('v')],
    ),
    ['features.0', 'features.1', 'layer1.0.fc', 'layer1.0', 'Relu'],
  );
  // TensorFlow: the kernel gives a scope its name.
  assert.deepEqual(
    await names(
      [gemm('x', 'w', 'a', 'model/dense/MatMul'), relu('a', 'y', 'model/dense/Relu')],
      [kernel('w')],
    ),
    ['dense', 'dense/Relu'],
  );
  // Older PyTorch: numbered nodes, names in the parameters.
  assert.deepEqual(
    await names(
      [gemm('x', 'fc1.weight', 'a', 'Gemm_0'), relu('a', 'b', 'Relu_1'), gemm('b', '7', 'y', '')],
      [kernel('fc1.weight'), kernel('7')],
    ),
    ['fc1', 'Relu_1', 'Gemm_2'],
  );
  // PyTorch 2: scopes in the metadata.
  const scopes = field(
    9,
    message(field(1, 'pkg.torch.onnx.name_scopes'), field(2, "['', 'head', 'head.fc', 'linear']")),
  );
  const traced = message(node(gemm('x', 'w', 'y', 'node_linear')), scopes);
  assert.deepEqual(await names([traced], [kernel('w')]), ['head.fc']);
});

test('layers of PyTorch carry its hyper-parameters', async () => {
  const [cnn] = onnxCases('torch');
  const { layers } = await openOnnx(cnn!.model);
  const settings = (id: string) => layers.find((layer) => layer.id === id)?.settings;
  assert.deepEqual(settings('features.4'), {
    in_channels: 4,
    out_channels: 6,
    stride: [2, 2],
    kernel_size: [3, 3],
    dilation: [1, 1],
    groups: 1,
  });
  assert.deepEqual(settings('fc'), { in_features: 24, out_features: 5 });
});

test('functions of the model are read where they are called', async () => {
  const slope = message(field(1, 'alpha'), field(20, 1), field(21, 'slope'));
  const body = node({ op: 'LeakyRelu', in: ['v'], out: ['w'], attributes: [slope] });
  const leaky = message(
    field(1, 'Leaky'),
    field(4, 'v'),
    field(5, 'w'),
    field(6, 'slope'),
    field(7, body),
    field(9, message(field(1, ''), field(2, 16))),
    field(10, 'mine'),
  );
  const half = message(field(1, 'slope'), Uint8Array.of(0x15, 0, 0, 0, 0x3f), field(20, 1));
  const call = { op: 'Leaky', in: ['x'], out: ['y'], name: 'act', domain: 'mine', attributes: [half] };
  const graph = await open(small({ nodes: [call], functions: [leaky], domains: ['mine'] }));
  const { op, layer } = graph.nodes[1]!;
  assert.ok(op.kind === 'activation' && op.activation.fn === 'relu');
  assert.equal(op.activation.slope, 0.5);
  assert.equal(graph.layers[layer]!.id, 'act/LeakyRelu');
  const endless = message(
    field(1, 'Endless'),
    field(4, 'v'),
    field(5, 'w'),
    field(7, node({ op: 'Endless', in: ['v'], out: ['w'], domain: 'mine' })),
    field(10, 'mine'),
  );
  const nodes = [{ op: 'Endless', in: ['x'], out: ['y'], domain: 'mine' }];
  await refused(small({ nodes, functions: [endless], domains: ['mine'] }), 'unsupported', /steps/);
});

test('operator set 6 broadcasts from an axis on', async () => {
  const attributes = [intAttribute('broadcast', 1), intAttribute('axis', 1)];
  const model = small({
    nodes: [{ op: 'Add', in: ['x', 'b'], out: ['y'], attributes }],
    inputs: [value('x', [1, 2, 3, 3])],
    initializers: [tensor('b', [2], [10, 20])],
    opset: 6,
  });
  const { nodes, outputs } = await open(model);
  assert.deepEqual(nodes[outputs[0]!]!.shape, [2, 3, 3]);
});

test('a loop that would not end is refused', async () => {
  const body = message(
    field(1, node({ op: 'Identity', in: ['go'], out: ['go2'] })),
    field(1, node({ op: 'Relu', in: ['v'], out: ['v2'] })),
    field(2, 'body'),
    ...[value('i', [], 7), value('go', [], 9), value('v', [1, 4])].map((item) => field(11, item)),
    ...['go2', 'v2'].map((name) => field(12, value(name, []))),
  );
  const attributes = [message(field(1, 'body'), field(6, body), field(20, 5))];
  const endless = small({ nodes: [{ op: 'Loop', in: ['', '', 'x'], out: ['y'], name: 'loop', attributes }] });
  await refused(endless, 'unsupported', /Loop \(opset 17\): more than 5000 iterations: loop/);
});
