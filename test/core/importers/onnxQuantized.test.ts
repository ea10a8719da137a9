// Quantized ONNX models compute what onnxruntime computes, show the formats of their parameters, and give the network that
// was quantized when their quantizers are dropped.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatenate } from '../../../src/core/float32.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { isKernel } from '../../../src/core/ir/opFacts.ts';
import { prepare } from '../../../src/core/ir/prepare.ts';
import { printFormat } from '../../../src/core/quantizers/format.ts';
import { runGraph } from '../../engine/runGraph.ts';
import { onnxCases, openOnnx, relativeError, type OnnxCase } from './onnxCases.ts';

const CASES = onnxCases('quantized');

const caseOf = (name: string): OnnxCase => {
  const found = CASES.find((one) => one.name === name);
  assert.ok(found, name);
  return found;
};

const run = async (graph: Graph, { inputs }: OnnxCase): Promise<Float32Array> => {
  const [output] = await runGraph(graph, inputs.map(concatenate), inputs[0]!.length);
  return output!;
};

/** In steps of the quantizer before the output, or relative to the largest value where none is there. */
function differences({ outputs, step }: OnnxCase, found: Float32Array): Float32Array {
  const expected = concatenate(outputs[0]!);
  assert.equal(found.length, expected.length);
  const unit = step > 0 ? step : expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.map((value, i) => Math.abs(value - found[i]!) / unit);
}

/** Sums in another order land on the other side of the border between two codes now and then: never further. */
const MOST_STEPS = 1.001;
/** Of the values of a case, those on the same code as in onnxruntime; a code is exact to 1 % of a step. */
const LEAST_EQUAL = 0.95;
const EQUAL = 0.01;
/** Where no quantizer follows. */
const RELATIVE = 1e-5;

describe('as onnxruntime computes it', () => {
  for (const one of CASES)
    test(one.name, async () => {
      const off = differences(one, await run(await openOnnx(one.model), one));
      const most = off.reduce((worst, value) => (value <= worst ? worst : value), 0);
      if (one.step === 0) return assert.ok(most <= RELATIVE, `off by ${most}`);
      const equal = off.filter((value) => value < EQUAL).length / off.length;
      assert.ok(most <= MOST_STEPS, `off by ${most} steps`);
      assert.ok(equal >= LEAST_EQUAL, `${100 * equal} % equal`);
    });
});

describe('without quantizers', () => {
  const errorOf = async (name: string): Promise<number> => {
    const one = caseOf(name);
    const { graph } = prepare(await openOnnx(one.model), true);
    assert.ok(!graph.nodes.some(({ op }) => op.kind === 'quantize'));
    return relativeError([await run(graph, one)], one.float!.map(concatenate));
  };

  for (const { name, float } of CASES.filter(({ name: text }) =>
    /float weights|Brevitas QCDQ|Transpose of a/.test(text),
  ))
    test(`${name}: the network before`, async () => {
      assert.ok(float);
      assert.ok((await errorOf(name)) < RELATIVE);
    });

  // Parameters are stored as codes: what they lost remains lost, what activations lose is gone.
  for (const [name, tolerance] of [
    ['cnn QDQ uint8', 0.02],
    ['cnn QDQ 16 bits', 2e-4],
    ['cnn QOperator per-channel', 0.02],
    ['cnn dynamic uint8', 0.02],
    ['mlp dynamic uint8', 0.02],
  ] as const)
    test(`${name}: near the network before`, async () => {
      const error = await errorOf(name);
      assert.ok(error < tolerance, `off by ${error}`);
    });
});

/** Class, and texts of the quantizers of kernel and bias, of every layer with a kernel. */
const parametersOf = (graph: Graph): readonly string[] =>
  graph.nodes.flatMap(({ op, layer }) => {
    if (!isKernel(op) || op.kind === 'recurrence' || op.kind === 'embedding') return [];
    const words = [op.kernel, op.bias].map((weight) => weight?.quantizer?.text ?? '–');
    return [`${graph.layers[layer]!.className}: ${words.join(', ')}`];
  });

const activationsOf = (graph: Graph): readonly string[] =>
  graph.nodes.flatMap(({ op }) => (op.kind === 'quantize' ? [op.quantizer.text] : []));

const rounded = (text: string): string =>
  text.replace(/\d\.\d+(e-\d+)?/g, (digits) => Number(digits).toPrecision(2));

describe('what the file says about its quantizers', () => {
  test('one layer for each operator on codes', async () => {
    const graph = await openOnnx(caseOf('cnn QOperator per-channel').model);
    assert.deepEqual(
      graph.layers.map(({ className }) => className),
      [
        'Input',
        'QuantizeLinear',
        'QLinearConv',
        'MaxPool',
        'QLinearConv',
        'QLinearLeakyRelu',
        'QLinearConv',
        'QLinearSigmoid',
        'QLinearMul',
        'QLinearAdd',
        'QLinearConcat',
        'QLinearAveragePool',
        'QLinearGlobalAveragePool',
        'QGemm',
      ],
    );
    const kernels = ['QLinearConv', 'QLinearConv', 'QLinearConv', 'QGemm'];
    assert.deepEqual(
      parametersOf(graph),
      kernels.map((kind) => `${kind}: int8 per-channel, int32 per-channel`),
    );
    // Nothing between the codes of one layer and the real values of the next.
    assert.ok(!graph.nodes.some(({ op }) => op.kind === 'affine'));
  });

  test('a layer that quantizes as it runs is one layer', async () => {
    const graph = await openOnnx(caseOf('mlp dynamic per-channel').model);
    assert.deepEqual(parametersOf(graph), [
      'MatMulInteger: int8 per-channel, –',
      'MatMulInteger: int8 per-channel, –',
    ]);
    assert.deepEqual(activationsOf(graph), ['uint8 dynamic', 'uint8 dynamic']);
  });

  test('widths of kernels', async () => {
    const words = async (name: string) => parametersOf(await openOnnx(caseOf(name).model)).map(rounded);
    assert.deepEqual(await words('Brevitas QCDQ 4 narrow'), ['Conv: int4 per-channel, –']);
    assert.deepEqual(await words('Brevitas QCDQ 2 narrow'), ['Conv: int2 per-channel, –']);
    assert.deepEqual(await words('Brevitas stored codes'), ['MatMul: fixed<4,2>, –']);
    assert.deepEqual(await words('blocked int4'), ['MatMul: int4 per-block, –']);
    assert.deepEqual(await words('parameter int8 fixed point'), ['Gemm: fixed<8,4>, –']);
    assert.deepEqual(await words('parameter int8 odd scale'), [
      'Gemm: int8 asymmetric scale=0.037 zero=0, –',
    ]);
    assert.deepEqual(await words('mlp QDQ int4 weights'), [
      'MatMul: int4 scale=0.13, –',
      'MatMul: int4 scale=0.17, –',
    ]);
  });

  test('widths of activations, those that are clipped among them', async () => {
    const words = async (name: string) => activationsOf(await openOnnx(caseOf(name).model)).map(rounded);
    assert.deepEqual(await words('Brevitas QCDQ 4 narrow'), [
      'int4 scale=0.13',
      'uint4 asymmetric scale=0.30 zero=0',
    ]);
    assert.deepEqual(await words('Brevitas QCDQ 6'), ['fixed<6,3>', 'uint6 asymmetric scale=0.30 zero=0']);
    assert.deepEqual(await words('MaxPool of codes'), ['int8 asymmetric scale=0.050 zero=-9']);
    assert.deepEqual(await words('pair per channel'), ['int8 asymmetric per-channel']);
  });

  test('a text is the print of its format', async () => {
    for (const { model } of CASES)
      for (const { op } of (await openOnnx(model)).nodes)
        if (op.kind === 'quantize' && op.quantizer.format)
          assert.equal(op.quantizer.text, printFormat(op.quantizer.format));
  });

  test('values before a quantizer are there where the file has them', async () => {
    const kernel = async (name: string) =>
      (await openOnnx(caseOf(name).model)).nodes
        .map(({ op }) => op)
        .find((op) => isKernel(op) && 'kernel' in op);
    for (const [name, has] of [
      ['Brevitas QCDQ 4 narrow', true],
      ['cnn QDQ float weights', true],
      ['cnn QDQ uint8', false],
      ['Brevitas stored codes', false],
    ] as const) {
      const op = await kernel(name);
      assert.ok(op && isKernel(op) && op.kind !== 'recurrence' && op.kind !== 'embedding');
      assert.equal(op.kernel.latent !== undefined, has, name);
      if (has) assert.notDeepEqual(op.kernel.latent!(), op.kernel.read());
    }
  });

  test('a ReLU that a quantizer replaced is put back, once', async () => {
    for (const name of ['cnn QDQ uint8', 'cnn QOperator uint8', 'Brevitas QCDQ 4 narrow']) {
      const graph = await openOnnx(caseOf(name).model);
      const relus = graph.nodes.filter(
        ({ op }) => op.kind === 'activation' && op.activation.fn === 'relu' && op.activation.slope === 0,
      );
      assert.equal(relus.length, 1, name);
    }
  });
});
