// Layers of packages other than QKeras that build on Keras, against their formulas written out.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customClasses } from '../../../src/core/importers/keras/layerKinds.ts';
import { runGraph } from '../../engine/runGraph.ts';
import { layer, openFixture, openJson, refuses, sequential, weightsFile } from './support.ts';

const close = (found: ArrayLike<number>, expected: readonly number[]) => {
  assert.equal(found.length, expected.length);
  expected.forEach((value, i) =>
    assert.ok(Math.abs(found[i]! - value) < 1e-5, `${i}: ${found[i]} is not ${value}`),
  );
};

describe('HGQ proxy models', () => {
  const quantizer = (config: Readonly<Record<string, unknown>>) => layer('FixedPointQuantizer', config);
  const types = (signed: readonly number[], bits: readonly number[], integers: readonly number[]) =>
    weightsFile({
      fixedpointquantizer: {
        'keep_negative:0': Float32Array.from(signed),
        'bits:0': Float32Array.from(bits),
        'integers:0': Float32Array.from(integers),
      },
    });

  test('one type for all: truncates and wraps, and says so', async () => {
    const model = sequential([4], [quantizer({ RND: 'TRN', SAT: 'WRAP', shape: [1] })]);
    const graph = await openJson(model, await types([1], [4], [2]));
    const [found] = await runGraph(graph, [Float32Array.of(0.3, -0.3, 2.25, -2.5)], 1);
    assert.deepEqual([...found!], [0.25, -0.5, -1.75, 1.5]);
    const { op } = graph.nodes.at(-1)!;
    assert.equal(op.kind === 'quantize' && op.quantizer.text, 'fixed<4,2,TRN,WRAP>');
  });

  test('a type of its own for each element; no bits make it zero', async () => {
    const model = sequential([3], [quantizer({ RND: 'RND', SAT: 'SAT', shape: [3] })]);
    const graph = await openJson(model, await types([0, 1, 0], [2, 3, 0], [1, 2, 0]));
    const [found] = await runGraph(graph, [Float32Array.of(0.25, -3, 5, 9, 0.25, 5)], 2);
    assert.deepEqual([...found!], [0.5, -2, 0, 1.5, 0.5, 0]);
    const { op } = graph.nodes.at(-1)!;
    assert.ok(op.kind === 'quantize');
    assert.equal(op.quantizer.text, 'fixed<0:3,0:2,RND,SAT>');
    assert.equal(op.quantizer.bits, 3);
    assert.equal(op.quantizer.format, undefined);
  });

  test('half to even and saturation are in our grammar', async () => {
    const model = sequential([3], [quantizer({ RND: 'RND_CONV', SAT: 'SAT', shape: [1] })]);
    const graph = await openJson(model, await types([1], [6], [2]));
    const { op } = graph.nodes.at(-1)!;
    assert.deepEqual(op.kind === 'quantize' && op.quantizer.format, {
      kind: 'fixed',
      width: 6,
      integer: 2,
      signed: true,
    });
  });

  test('unknown modes are told', () =>
    refuses(
      openJson(sequential([3], [quantizer({ RND: 'UP', shape: [1] })])),
      'unsupported',
      /rounding mode UP/,
    ));

  test('a table stands for an activation; negative codes are its upper half', async () => {
    const lut = layer('UnaryLUT', { kif_in: [1, 1, 1], kif_out: [0, 1, 3] });
    const weights = await weightsFile({ unarylut: { 'table:0': [8] } });
    const graph = await openJson(sequential([5], [lut]), weights);
    const [found] = await runGraph(graph, [Float32Array.of(0, 0.5, 1.5, -0.5, -2)], 1);
    assert.deepEqual([...found!], [0, 1, 3, 7, 4]);
  });
});

describe('binary and ternary networks', () => {
  test('levels of kernels', async () => {
    const kernelOf = async (className: string, H: unknown) => {
      const model = sequential([4], [layer(className, { units: 2, use_bias: false, H })]);
      const file = await weightsFile({ [className.toLowerCase()]: { 'kernel:0': [4, 2] } });
      const { op } = (await openJson(model, file)).nodes.at(-1)!;
      assert.ok(op.kind === 'dense');
      return [...op.kernel.read()];
    };
    // Values 0 … 7.
    assert.deepEqual(await kernelOf('BinaryDense', 1), [-1, 1, 1, 1, 1, 1, 1, 1]);
    assert.deepEqual(await kernelOf('TernaryDense', 4), [0, 0, 0, 4, 4, 4, 4, 4]);
    close(await kernelOf('BinaryDense', 'Glorot'), [-0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
  });

  test('their activations have no Keras function', async () => {
    const activation = (name: string) =>
      openJson(sequential([5], [layer('Activation', { activation: name })]));
    const x = Float32Array.of(-0.5, -0.1, 0, 0.5, 0.75);
    const run = async (name: string) => [...(await runGraph(await activation(name), [x], 1))[0]!];
    assert.deepEqual(await run('binary_tanh'), [-1, -1, -1, 1, 1]);
    assert.deepEqual(await run('ternary_tanh'), [-1, 0, 0, 0, 1]);
    await refuses(activation('quaternary_tanh'), 'unsupported', /activation "quaternary_tanh" is unknown/);
  });
});

describe('graph layers', () => {
  test('NodeEdgeProjection multiplies by its matrix', async () => {
    const projection = layer('NodeEdgeProjection', { receiving: true, node_to_edge: false });
    const weights = await weightsFile({ nodeedgeprojection: { 'adjacency_matrix:0': [1, 2, 2] } });
    const graph = await openJson(sequential([2, 3], [projection]), weights);
    const [found] = await runGraph(graph, [Float32Array.of(1, 2, 3, 4, 5, 6)], 1);
    assert.deepEqual([...found!], [4, 5, 6, 14, 19, 24]);
    await refuses(openJson(sequential([5, 3], [projection])), 'bad-file', /gets 5 edges/);
  });

  test('GarNet, simplified', async () => {
    const config = {
      simplified: true,
      collapse: 'mean',
      input_format: 'xn',
      output_activation: 'tanh',
      n_aggregators: 2,
      n_filters: 1,
      n_propagate: 1,
    };
    const inputs = [
      ['x', [3, 1]],
      ['n', [1]],
    ] as const;
    const layers = inputs.map(([name, shape]) => ({
      class_name: 'InputLayer',
      name,
      config: { name, batch_input_shape: [null, ...shape] },
      inbound_nodes: [],
    }));
    const model = {
      class_name: 'Functional',
      keras_version: '2.9.0',
      config: {
        name: 'net',
        layers: [
          ...layers,
          {
            ...layer('GarNet', { name: 'g', ...config }),
            name: 'g',
            inbound_nodes: [
              [
                ['x', 0, 0, {}],
                ['n', 0, 0, {}],
              ],
            ],
          },
        ],
        input_layers: [
          ['x', 0, 0],
          ['n', 0, 0],
        ],
        output_layers: [['g', 0, 0]],
      },
    };
    const [flr, s, out] = [
      [0.5, 0.25],
      [0.3, -0.2, 0.1, 0.4],
      [0.7, -0.6, 0.05],
    ] as const;
    const weights = await weightsFile({
      g: {
        'FLR_kernel:0': [1, 1],
        'FLR_bias:0': Float32Array.of(flr[1]),
        'S_kernel:0': [1, 2],
        'S_bias:0': Float32Array.of(s[2], s[3]),
        'Fout_kernel:0': [2, 1],
        'Fout_bias:0': Float32Array.of(out[2]),
      },
    });
    const graph = await openJson(model, weights);
    const x = [0.5, -1, 2];
    const [found] = await runGraph(graph, [Float32Array.from(x), Float32Array.of(2.9)], 1);
    // Kernels count up from 0: FLR [0], S [0, 1], Fout [0, 1]; the third vertex is not there.
    const feature = x.map(() => flr[1]);
    const edge = x.map((v, i) => [s[2], v + s[3]].map((d) => (i < 2 ? Math.exp(-d * d) : 0)));
    const mean = [0, 1].map((a) => x.reduce((sum, _, i) => sum + edge[i]![a]! * feature[i]!, 0) / 3);
    const y = x.map((_, i) => (i < 2 ? Math.tanh(Math.tanh(edge[i]![1]! * mean[1]! + out[2])) : 0));
    close(found!, [y.reduce((sum, v) => sum + v, 0) / 3]);
  });

  test('GarNet in its other forms is refused', () =>
    refuses(
      openJson(sequential([3, 1], [layer('GarNet', { simplified: false })])),
      'unsupported',
      /GarNet in its full form/,
    ));
});

test('a pruned layer is the layer inside', async () => {
  const graph = await openFixture('qkeras/pruned.h5');
  const pruned = graph.layers.filter(({ className }) => className === 'PruneLowMagnitude');
  assert.deepEqual(
    pruned.map(({ nodes }) => nodes.map((id) => graph.nodes[id]!.op.kind)),
    [['dense', 'activation'], ['dense']],
  );
  const wrapper = layer('PruneLowMagnitude', { layer: layer('Flatten2', {}) });
  await refuses(openJson(sequential([3], [wrapper])), 'unsupported', /prunes Flatten2/);
});

test('every custom layer is in a fixture or in a test of this folder', async () => {
  const files = ['qkeras/dense.h5', 'qkeras/images.keras', 'qkeras/pruned.h5'];
  const graphs = await Promise.all([
    ...files.map((file) => openFixture(file)),
    openFixture('qkeras/sequences.json', 'qkeras/sequences.weights.h5'),
  ]);
  const known = new Set(graphs.flatMap(({ layers }) => layers.map(({ className }) => className)));
  const missing = customClasses.filter((name) => !known.has(name));
  assert.deepEqual(missing.sort(), [
    'BinaryConv2D',
    'BinaryDense',
    'FixedPointQuantizer',
    'GarNet',
    'NodeEdgeProjection',
    'QDenseBatchnorm',
    'TernaryConv2D',
    'TernaryDense',
    'UnaryLUT',
  ]);
});

test('QDenseBatchnorm folds, then rounds', async () => {
  const config = {
    units: 1,
    kernel_quantizer: 'quantized_bits(4,2,alpha=1)',
    bias_quantizer: 'quantized_bits(4,2)',
    epsilon: 0,
  };
  const weights = await weightsFile({
    qdensebatchnorm: {
      'kernel:0': [2, 1],
      'bias:0': Float32Array.of(1),
      'gamma:0': Float32Array.of(1.2),
      'beta:0': Float32Array.of(0.1),
      'iteration:0': [],
      'moving_mean:0': Float32Array.of(0.5),
      'moving_variance:0': Float32Array.of(4),
    },
  });
  const graph = await openJson(sequential([2], [layer('QDenseBatchnorm', config)]), weights);
  const { op } = graph.nodes.at(-1)!;
  assert.ok(op.kind === 'dense');
  // g = 0.6: kernel [0, 0.6], bias 0.6 · 0.5 + 0.1 = 0.4; steps of 0.5.
  assert.deepEqual([...op.kernel.read()], [0, 0.5]);
  assert.deepEqual([...op.bias!.read()], [0.5]);
  close(op.bias!.latent!(), [0.4]);
});

test('binary and ternary convolutions', async () => {
  for (const [className, expected] of [
    ['BinaryConv2D', [-1, 1, 1, 1]],
    ['TernaryConv2D', [0, 1, 1, 1]],
  ] as const) {
    const config = { filters: 1, kernel_size: [2, 2], use_bias: false };
    const file = await weightsFile({ [className.toLowerCase()]: { 'kernel:0': [2, 2, 1, 1] } });
    const graph = await openJson(sequential([2, 2, 1], [layer(className, config)]), file);
    const { op } = graph.nodes.at(-1)!;
    assert.deepEqual(op.kind === 'conv' && [...op.kernel.read()], expected);
  }
});
