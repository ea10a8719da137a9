// How layers are connected: calls, sharing, nesting, several inputs and outputs, and what is wrong with them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openModel } from '../../../src/core/importers/registry.ts';
import { textSource } from '../../support/memorySource.ts';
import { layer, openFixture, openJson, refuses, sequential } from './support.ts';

type Ref = readonly [layer: string, call: number, tensor: number];

interface Called {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly inbound_nodes: unknown;
}

/** A layer of a functional model with the calls of Keras 2. */
function called(className: string, name: string, calls: readonly (readonly Ref[])[], config = {}): Called {
  const inbound = calls.map((call) => call.map((ref) => [...ref, {}]));
  return { class_name: className, name, config: { name, ...config }, inbound_nodes: inbound };
}

const input = (name: string, shape: readonly (number | null)[]) =>
  called('InputLayer', name, [], { batch_input_shape: [null, ...shape] });

function functional(name: string, layers: readonly unknown[], inputs: unknown, outputs: unknown) {
  const config = { name, layers, input_layers: inputs, output_layers: outputs };
  return { class_name: 'Functional', name, config, keras_version: '2.9.0' };
}

const ref = (name: string, call = 0, tensor = 0): Ref => [name, call, tensor];

describe('calls', () => {
  test('inputs and outputs keep the order of the model, whatever the order of the layers', async () => {
    const layers = [
      called('Subtract', 'minus', [[ref('a'), ref('b')]]),
      input('b', [3]),
      input('a', [3]),
      called('ReLU', 'relu', [[ref('minus')]]),
    ];
    const graph = await openJson(functional('m', layers, [ref('a'), ref('b')], [ref('relu'), ref('minus')]));
    const layerOf = (id: number) => graph.layers[graph.nodes[id]!.layer]!.id;
    assert.deepEqual(graph.inputs.map(layerOf), ['a', 'b']);
    assert.deepEqual(graph.outputs.map(layerOf), ['relu', 'minus']);
    const minus = graph.nodes.find((node) => node.op.kind === 'merge')!;
    assert.deepEqual(minus.inputs.map(layerOf), ['a', 'b']);
  });

  test('a layer called twice owns two nodes; the call index tells which one is meant', async () => {
    const layers = [
      input('a', [3]),
      input('b', [3]),
      called('ReLU', 'shared', [[ref('a')], [ref('b')]]),
      called('Subtract', 'minus', [[ref('shared', 1), ref('shared', 0)]]),
    ];
    const graph = await openJson(functional('m', layers, [ref('a'), ref('b')], [ref('minus')]));
    const shared = graph.layers.find((known) => known.id === 'shared')!;
    assert.equal(shared.nodes.length, 2);
    const minus = graph.nodes.at(-1)!;
    assert.deepEqual(minus.inputs, [shared.nodes[1], shared.nodes[0]]);
  });

  test('a single input or output may be written flat or as a dictionary', async () => {
    const layers = [input('a', [3]), called('ReLU', 'r', [[ref('a')]])];
    for (const [from, to] of [
      [ref('a'), ref('r')],
      [{ x: ref('a') }, { y: ref('r') }],
    ]) {
      const graph = await openJson(functional('m', layers, from, to));
      assert.deepEqual([graph.inputs, graph.outputs], [[0], [1]]);
    }
  });

  test('Keras 2 counts the calls of a nested model from one', async () => {
    const inner = functional(
      'inner',
      [input('i', [3]), called('ReLU', 'r', [[ref('i')]])],
      [ref('i')],
      [ref('r')],
    );
    const calls = [[[['a', 0, 0, {}]]], [[['b', 0, 0, {}]]]].map(([call]) => call);
    const layers = [
      input('a', [3]),
      input('b', [3]),
      { ...inner, inbound_nodes: calls },
      called('Subtract', 'minus', [[ref('inner', 2), ref('inner', 1)]]),
    ];
    const graph = await openJson(functional('m', layers, [ref('a'), ref('b')], [ref('minus')]));
    const relu = graph.layers.find((known) => known.id === 'inner/r')!;
    assert.deepEqual(graph.nodes.at(-1)!.inputs, [relu.nodes[1], relu.nodes[0]]);
    assert.deepEqual(
      relu.nodes.map((id) => graph.nodes[id]!.inputs),
      [[0], [1]],
    );
  });

  test('a nested model whose calls are counted from nought and from one at once is damage', async () => {
    const inner = functional(
      'inner',
      [input('i', [3]), called('ReLU', 'r', [[ref('i')]])],
      [ref('i')],
      [ref('r')],
    );
    const layers = [input('a', [3]), { ...inner, inbound_nodes: [[['a', 0, 0, {}]]] }];
    const outputs = [ref('inner', 1), ref('inner', 0)];
    await refuses(
      openJson(functional('m', layers, [ref('a')], outputs)),
      'bad-file',
      /call -1 of layer inner/,
    );
  });

  test('a layer that depends on itself, or on what is not there, is damage', async () => {
    const cycle = [
      input('a', [3]),
      called('Add', 'x', [[ref('a'), ref('z')]]),
      called('ReLU', 'y', [[ref('x')]]),
      called('ReLU', 'z', [[ref('y')]]),
    ];
    await refuses(
      openJson(functional('m', cycle, [ref('a')], [ref('z')])),
      'bad-file',
      /layer x depends on its own output/,
    );
    const from = (wanted: Ref) =>
      openJson(functional('m', [input('a', [3]), called('ReLU', 'r', [[wanted]])], [ref('a')], [ref('r')]));
    await refuses(from(ref('ghost')), 'bad-file', /layer r refers to layer ghost/);
    await refuses(from(ref('a', 3)), 'bad-file', /call 3 of layer a/);
    await refuses(from(ref('a', 0, 2)), 'bad-file', /layer a has no output 2/);
    await refuses(from(ref('a', -1)), 'bad-file', /call -1/);
  });

  test('a chain far longer than the call stack is walked', async () => {
    const length = 15_000;
    const names = Array.from({ length }, (_, at) => `r${at}`);
    const chain = names.map((name, at) => called('ReLU', name, [[ref(at === 0 ? 'a' : names[at - 1]!)]]));
    // In reverse, so that the first layer leads through all others.
    const layers = [...chain.toReversed(), input('a', [3])];
    const graph = await openJson(functional('m', layers, [ref('a')], [ref(names.at(-1)!)]));
    assert.equal(graph.nodes.length, length + 1);
  });

  test('calls that multiply through nesting are bounded, also where they add no nodes', async () => {
    let model: Record<string, unknown> = functional('m0', [input('i', [1])], [ref('i')], [ref('i')]);
    for (let depth = 1; depth <= 30; depth++) {
      const inner = `m${depth - 1}`;
      const twice = [[['i', 0, 0, {}]], [[inner, 1, 0, {}]]];
      const layers = [input('i', [1]), { ...model, inbound_nodes: twice }];
      model = functional(`m${depth}`, layers, [ref('i')], [[inner, 2, 0]]);
    }
    await refuses(openJson(model), 'unsupported', /too many calls/);
  });
});

describe('sequential models', () => {
  test('without an input layer, the shape is that of the first layer or of the build', async () => {
    const relu = layer('ReLU', { name: 'r', batch_input_shape: [null, 5] });
    const bare = { class_name: 'Sequential', config: [relu], keras_version: '2.1.0' };
    const graph = await openJson(bare);
    assert.deepEqual(
      graph.layers.map((known) => known.id),
      ['r_input', 'r'],
    );
    assert.deepEqual(graph.nodes[0]!.shape, [5]);
    const built = { name: 's', layers: [layer('ReLU', { name: 'r' })], build_input_shape: [null, 7] };
    const other = await openJson({ class_name: 'Sequential', config: built });
    assert.deepEqual(other.nodes[0]!.shape, [7]);
  });

  test('two layers of one name are damage', async () => {
    const net = sequential([3], [layer('ReLU', { name: 'r' }), layer('ReLU', { name: 'r' })]);
    await refuses(openJson(net), 'bad-file', /two layers named r/);
  });
});

describe('input shapes', () => {
  const open = JSON.stringify(sequential([null, 4], [layer('ReLU', { name: 'r' })]));
  const withShapes = (...inputShapes: number[][]) => openModel(textSource('net.json', open), { inputShapes });

  test('open extents are asked for, and filled by what the user gives', async () => {
    await refuses(openModel(textSource('net.json', open), {}), 'needs-input-shape', /input in open: \?×4/);
    assert.deepEqual((await withShapes([7, 4])).nodes[0]!.shape, [7, 4]);
  });

  test('a shape that contradicts the file, or one too many, is the user’s mistake', async () => {
    await refuses(withShapes([7, 5]), 'bad-option', /\?×4, which the given shape 7×5/);
    await refuses(withShapes([7]), 'bad-option', /the given shape 7 /);
    await refuses(withShapes([7, 4], [1]), 'bad-option', /1 inputs, but 2 input shapes/);
  });
});

describe('unsupported layers', () => {
  test('all are listed in one error, with reasons, also behind one another and inside nested models', async () => {
    const inner = {
      name: 'inner',
      layers: [layer('ConvLSTM2D', { name: 'memory' }), layer('Lambda', { name: 'code' })],
    };
    const net = sequential(
      [8, 8, 3],
      [
        layer('Conv2D', { name: 'turned', data_format: 'channels_first', filters: 2, kernel_size: [3, 3] }),
        layer('SpectralNormalization', { name: 'sn' }),
        layer('Activation', { name: 'odd', activation: 'my_function' }),
        { class_name: 'Sequential', config: inner },
        layer('BatchNormalization', { name: 'fine' }),
      ],
    );
    const all = [
      /data_format "channels_first": turned \(Conv2D\)/,
      /not a layer that BitLens runs: sn \(SpectralNormalization\)/,
      /activation "my_function" is unknown: odd \(Activation\)/,
      /recurrent layers: inner\/memory \(ConvLSTM2D\)/,
      /a Lambda is Python code: inner\/code \(Lambda\)/,
    ];
    for (const text of all) await refuses(openJson(net), 'unsupported', text);
    await refuses(openJson(net), 'unsupported', /^(?!.*fine)/);
  });

  test('quantized and wrapped networks get a hint of their own', async () => {
    const net = (className: string, more = {}) =>
      openJson(sequential([4], [{ ...layer(className, { name: 'x', layer: {} }), ...more }]));
    await refuses(net('QOctaveConv2D'), 'unsupported', /QKeras.*x \(QOctaveConv2D\).*Open the float model/);
    const registered = { registered_name: 'HGQ>HDense' };
    await refuses(net('HDense', registered), 'unsupported', /HGQ.*x \(HDense\).*Open the float model/);
    await refuses(net('ClusterWeights'), 'unsupported', /Model Optimization.*strip_clustering/);
  });

  test('a user’s class with the name of a Keras layer is not that layer', async () => {
    const own = { ...layer('ReLU', { name: 'x' }), registered_name: 'mine>ReLU' };
    await refuses(openJson(sequential([4], [own])), 'unsupported', /x \(ReLU\)/);
  });

  test('they are told even if the input shape is open or weights are missing', async () => {
    const net = sequential([null, null, 3], [layer('ConvLSTM2D', { name: 'memory' })]);
    await refuses(openJson(net), 'unsupported', /memory \(ConvLSTM2D\)/);
  });

  test('a subclassed model has no layers to read', async () => {
    const model = { class_name: 'MyModel', config: { units: 3 }, module: 'mine' };
    await refuses(openJson(model), 'unsupported', /holds a MyModel, whose layers are Python code/);
  });
});

test('a shared layer of the fixtures has one weight and two nodes', async () => {
  const graph = await openFixture('keras2/merges.h5');
  const { nodes } = graph.layers.find((known) => known.id === 'shared')!;
  const dense = nodes.map((id) => graph.nodes[id]!.op).filter((op) => op.kind === 'dense');
  assert.equal(dense.length, 2);
  assert.equal(dense[0]!.kernel, dense[1]!.kernel);
});
