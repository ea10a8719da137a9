// QKeras models: the fixtures give what QKeras computed, and the graph says which quantizers they have.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dropQuantizers } from '../../../src/core/ir/dropQuantizers.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { isKernel, weightsOf } from '../../../src/core/ir/opFacts.ts';
import { printFormat } from '../../../src/core/quantizers/format.ts';
import { runGraph } from '../../engine/runGraph.ts';
import { fixtureBytes, layer, openFixture, openJson, refuses, sequential, weightsFile } from './support.ts';

/**
 * In units of the largest value of an output. The largest error measured is 2e-7; a value that is rounded to another
 * code is off by 1e-2 and more.
 */
const TOLERANCE = 1e-6;

const FIXTURES: readonly (readonly [file: string, weights?: string])[] = [
  ['qkeras/dense.h5'],
  ['qkeras/images.keras'],
  ['qkeras/sequences.json', 'qkeras/sequences.weights.h5'],
  ['qkeras/pruned.h5'],
];

interface Recorded {
  readonly shape: readonly number[];
  readonly float32: string;
}

const decode = ({ float32 }: Recorded) =>
  new Float32Array(Uint8Array.from(Buffer.from(float32, 'base64')).buffer);

describe('what QKeras computes', () => {
  for (const [file, weights] of FIXTURES)
    test(file, async () => {
      const graph = await openFixture(file, weights);
      const text = Buffer.from(fixtureBytes(file.replace(/\.\w+$/, '.io.json'))).toString();
      const { inputs, outputs } = JSON.parse(text) as Record<'inputs' | 'outputs', Recorded[]>;
      const found = await runGraph(graph, inputs.map(decode), inputs[0]!.shape[0]!);
      assert.equal(found.length, outputs.length);
      for (const [at, output] of outputs.entries()) {
        const expected = decode(output);
        const name = graph.layers[graph.nodes[graph.outputs[at]!]!.layer]!.id;
        const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
        assert.equal(found[at]!.length, expected.length, name);
        expected.forEach((value, i) => {
          const error = Math.abs(found[at]![i]! - value) / largest;
          assert.ok(error <= TOLERANCE, `${name}[${i}]: ${found[at]![i]} instead of ${value}`);
        });
      }
    });
});

/** Ops of a layer; quantizers by their text. */
const opsOf = (graph: Graph, name: string) =>
  graph.layers
    .find((entry) => entry.name === name)!
    .nodes.map((id) => graph.nodes[id]!.op)
    .map((op) => (op.kind === 'quantize' ? op.quantizer.text : op.kind));

/** Text and format of the quantizers of a layer's parameters. */
const parametersOf = (graph: Graph, name: string) =>
  graph.layers
    .find((entry) => entry.name === name)!
    .nodes.flatMap((id) => weightsOf(graph.nodes[id]!.op))
    .map(({ quantizer }) => quantizer && [quantizer.text, quantizer.format && printFormat(quantizer.format)]);

describe('the graph', () => {
  test('roundings are nodes of the layer behind their real function', async () => {
    const graph = await openFixture('qkeras/images.keras');
    assert.deepEqual(opsOf(graph, 'q_activation'), ['quantized_bits(8,2,0,alpha=1)']);
    assert.deepEqual(opsOf(graph, 'q_conv2d_batchnorm'), ['conv', 'activation', 'quantized_relu(6,2)']);
    assert.deepEqual(opsOf(graph, 'q_depthwise_conv2d'), [
      'depthwiseConv',
      'activation',
      'quantized_tanh(6)',
    ]);
    assert.deepEqual(opsOf(graph, 'adaptive'), ['activation', 'quantized_relu(6,3)']);
  });

  test('parameters say their quantizers', async () => {
    const graph = await openFixture('qkeras/images.keras');
    assert.deepEqual(parametersOf(graph, 'q_conv2d'), [
      ['quantized_bits(4,0,1,alpha=1)', undefined],
      ['quantized_bits(6,1,0)', 'fixed<6,2>'],
    ]);
    assert.deepEqual(parametersOf(graph, 'without_bias'), [
      ['quantized_bits(5,1,0,alpha=1)', 'fixed<5,2>'],
      undefined,
    ]);
    assert.deepEqual(parametersOf(graph, 'q_separable_conv2d')[1], ["ternary(alpha='auto_po2')", undefined]);
  });

  test('without its quantizers it has the values before them, and the real functions', async () => {
    const graph = await openFixture('qkeras/images.keras');
    const float = dropQuantizers(graph);
    const kernels = ({ nodes }: Graph) => nodes.flatMap(({ op }) => (isKernel(op) ? [op.kernel.read()] : []));
    assert.ok(float.nodes.every(({ op }) => op.kind !== 'quantize'));
    assert.ok(float.nodes.some(({ op }) => op.kind === 'activation' && op.activation.fn === 'hardTanh'));
    const coarse = kernels(graph).map((values) => new Set(values).size);
    const fine = kernels(float).map((values) => new Set(values).size);
    assert.ok(fine.every((count, at) => count > coarse[at]!));
    const mean = float.nodes.find(({ op }) => op.kind === 'affine')!.op;
    assert.deepEqual([...(mean.kind === 'affine' ? mean.scale.read() : [])], [1]);
  });

  test('weights are read by the JSON’s layers from a file of their own', async () => {
    const graph = await openFixture('qkeras/sequences.json', 'qkeras/sequences.weights.h5');
    const weights = graph.nodes.flatMap(({ op }) => weightsOf(op));
    assert.ok(weights.every((weight) => weight.read().length > 0));
    const [gamma, beta, mean] = parametersOf(graph, 'q_batch_normalization');
    assert.equal(gamma![0], 'quantized_bits(6,2,0,alpha=1)');
    assert.equal(beta![0], 'quantized_bits(5,0,0)');
    assert.equal(mean, undefined);
  });
});

describe('configurations', () => {
  const dense = (config: Readonly<Record<string, unknown>>) =>
    sequential([3], [layer('QDense', { units: 2, use_bias: false, ...config })]);
  const kernel = () => weightsFile({ qdense: { 'kernel:0': [3, 2] } });

  test('QKeras’ hard sigmoid goes before Keras’', async () => {
    const graph = await openJson(dense({ activation: 'hard_sigmoid' }), await kernel());
    const op = graph.nodes.at(-1)!.op;
    assert.deepEqual(op.kind === 'activation' && op.activation, {
      fn: 'hardSigmoid',
      slope: 0.5,
      offset: 0.5,
    });
  });

  test('a shared layer has one kernel', async () => {
    const kind = {
      class_name: 'QDense',
      config: { name: 'qdense', units: 3, use_bias: false, kernel_quantizer: 'quantized_bits(4,2,alpha=1)' },
    };
    const input = {
      class_name: 'InputLayer',
      config: { name: 'in', batch_input_shape: [null, 3] },
      name: 'in',
      inbound_nodes: [],
    };
    const calls = [[['in', 0, 0, {}]], [['qdense', 0, 0, {}]]];
    const config = {
      name: 'net',
      layers: [input, { ...kind, name: 'qdense', inbound_nodes: calls }],
      input_layers: [['in', 0, 0]],
      output_layers: [['qdense', 1, 0]],
    };
    const weights = await weightsFile({ qdense: { 'kernel:0': [3, 3] } });
    const graph = await openJson({ class_name: 'Functional', config, keras_version: '2.9.0' }, weights);
    const kernels = graph.nodes.flatMap(({ op }) => (isKernel(op) ? [op.kernel] : []));
    assert.equal(kernels.length, 2);
    assert.equal(kernels[0], kernels[1]);
    assert.deepEqual([...kernels[0]!.read()], [0, 1, 2, 3, 3.5, 3.5, 3.5, 3.5, 3.5]);
    assert.deepEqual([...kernels[0]!.latent!()], [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('unknown quantizers and arguments are told together, with the layers that have them', async () => {
    const model = sequential(
      [3],
      [
        layer('QDense', { name: 'a', units: 2, kernel_quantizer: 'quantized_foo(3)' }),
        layer('QDense', { name: 'b', units: 2, bias_quantizer: 'quantized_bits(3,bar=1)' }),
        layer('QActivation', { name: 'c', activation: 'my_relu(4)' }),
        layer('QLSTM', { name: 'd' }),
      ],
    );
    await refuses(
      openJson(model),
      'unsupported',
      /quantized_foo is unknown.*a \(QDense\); quantized_bits has no argument bar: b \(QDense\); activation "my_relu\(4\)" is unknown: c \(QActivation\);.*d \(QLSTM\)/,
    );
  });

  test('a user’s class that only has QKeras’ name is refused', async () => {
    const mine = { ...layer('QDense', { units: 2 }), registered_name: 'Mine>QDense', module: 'mine' };
    await refuses(openJson(sequential([3], [mine], '3.0.0')), 'unsupported', /QDense/);
    const qkeras = { ...layer('QDense', { units: 2, use_bias: false }), registered_name: 'qkeras>QDense' };
    const graph = await openJson(sequential([3], [qkeras], '3.0.0'), await kernel());
    assert.equal(graph.layers.at(-1)!.className, 'QDense');
  });

  test('a BatchNorm that is folded needs the last axis', () =>
    refuses(
      openJson(
        sequential([4, 4, 2], [layer('QConv2DBatchnorm', { filters: 2, kernel_size: [1, 1], axis: [1] })]),
      ),
      'unsupported',
      /another axis than the last/,
    ));

  test('QBatchNormalization with a quantizer of the whole factor', async () => {
    const config = {
      gamma_quantizer: null,
      variance_quantizer: null,
      mean_quantizer: null,
      beta_quantizer: null,
      inverse_quantizer: 'quantized_bits(4,1,alpha=1)',
      epsilon: 0,
    };
    const weights = await weightsFile({
      qbatchnormalization: {
        'gamma:0': Float32Array.of(1, 1),
        'beta:0': Float32Array.of(0, 1),
        'moving_mean:0': Float32Array.of(2, 4),
        'moving_variance:0': Float32Array.of(4, 2),
      },
    });
    const graph = await openJson(sequential([2], [layer('QBatchNormalization', config)]), weights);
    const [found] = await runGraph(graph, [Float32Array.of(4, 4)], 1);
    // 1/√2 is rounded to 0.75.
    assert.deepEqual([...found!], [1, 1]);
  });
});
