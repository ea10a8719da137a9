// QONNX models compute what qonnx computes, show their formats, and give the network that was quantized when their
// quantizers are dropped.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { concatenate } from '../../../src/core/float32.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { prepare } from '../../../src/core/ir/prepare.ts';
import { runGraph } from '../../engine/runGraph.ts';
import { onnxCases, openOnnx, relativeError, type OnnxCase } from './onnxCases.ts';
import { field, message, onnxModel, tensor, value } from '../../support/onnxBuilder.ts';

const CASES = onnxCases('qonnx');
const TOLERANCE = 1e-5;

const errorOf = async (graph: Graph, one: OnnxCase, outputs: OnnxCase['outputs']): Promise<number> => {
  const found = await runGraph(graph, one.inputs.map(concatenate), one.inputs[0]!.length);
  return relativeError(found, outputs.map(concatenate));
};

describe('as qonnx computes it', () => {
  for (const one of CASES)
    test(one.name, async () => {
      const error = await errorOf(await openOnnx(one.model), one, one.outputs);
      assert.ok(error <= TOLERANCE, `off by ${error}`);
    });
});

describe('without quantizers', () => {
  for (const one of CASES) {
    const { name, float, model } = one;
    if (float)
      test(name, async () => {
        const error = await errorOf(prepare(await openOnnx(model), true).graph, one, float);
        assert.ok(error <= TOLERANCE, `off by ${error}`);
      });
  }
});

/** Texts of the quantizers of a case, parameters first. */
async function textsOf(name: string): Promise<readonly string[]> {
  const one = CASES.find((found) => found.name === name);
  assert.ok(one, name);
  const { nodes } = await openOnnx(one.model);
  const parameters = nodes.flatMap(({ op }) =>
    op.kind === 'dense' || op.kind === 'conv' ? [op.kernel.quantizer?.text, op.bias?.quantizer?.text] : [],
  );
  const activations = nodes.flatMap(({ op }) => (op.kind === 'quantize' ? [op.quantizer.text] : []));
  return [...parameters, ...activations].filter((text) => text !== undefined);
}

test('formats are named', async () => {
  assert.deepEqual(await textsOf('kernel fixed point'), ['fixed<4,1>', 'fixed<8,2>']);
  assert.deepEqual(await textsOf('kernel narrow'), ['int4 scale=0.125', 'fixed<8,2>']);
  assert.deepEqual(await textsOf('kernel per output'), ['int4 per-channel', 'fixed<8,2>']);
  assert.deepEqual(await textsOf('kernel one bit'), ['fixed<1,0>', 'fixed<8,2>']);
  assert.deepEqual(await textsOf('kernel bipolar'), ['fixed<1,-1>']);
  assert.deepEqual(await textsOf('Quant 8 signed=0 narrow=0 scale=0.125 zero=0'), ['ufixed<8,5>']);
  assert.deepEqual(await textsOf('Quant FLOOR'), ['Quant<4,signed,FLOOR>']);
  assert.deepEqual(await textsOf('Quant 3.5 bits'), ['Quant<3.5,unsigned>']);
  assert.deepEqual(await textsOf('Quant scales [1,C,1,1]'), ['int4 per-channel']);
  assert.deepEqual(await textsOf('Trunc 1 FLOOR'), ['Trunc<8,5,FLOOR>']);
});

const quant = (rounding: string): Uint8Array =>
  onnxModel({
    nodes: [
      {
        op: 'Quant',
        in: ['x', 's', 'z', 'b'],
        out: ['y'],
        domain: 'qonnx.custom_op.general',
        attributes: [message(field(1, 'rounding_mode'), field(4, rounding), field(20, 3))],
      },
    ],
    inputs: [value('x', [1, 4])],
    outputs: ['y'],
    initializers: [['s', 0.5] as const, ['z', 0] as const, ['b', 4] as const].map(([name, number]) =>
      tensor(name, [], [number]),
    ),
    domains: ['qonnx.custom_op.general'],
  });

test('a rounding mode that is none is refused', async () => {
  await openOnnx(quant('HALF_EVEN'));
  await assert.rejects(openOnnx(quant('STOCHASTIC')), /rounding_mode STOCHASTIC/);
});
