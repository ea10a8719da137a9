import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputTypes, tensorType, tensorTypes } from '../../../src/core/cost/dataTypes.ts';
import {
  accumulatorType,
  FLOAT32_TYPE,
  sumType,
  unionType,
  type DataType,
} from '../../../src/core/cost/fixedPoint.ts';
import { costView } from '../../support/costView.ts';
import { graphBuilder, weightOf } from '../../support/graphBuilder.ts';

const fixed = (bits: number, integer: number | undefined, signed = true): DataType => ({
  kind: 'fixed',
  bits,
  integer,
  signed,
});

test('accumulators grow as hls4ml infers them (types of the tutorial project)', () => {
  const weight = fixed(6, 1);
  const bias = fixed(6, 1);
  assert.deepEqual(accumulatorType(weight, fixed(16, 6), 27, bias), fixed(28, 13));
  assert.deepEqual(accumulatorType(weight, fixed(6, 0, false), 144, bias), fixed(21, 10));
  assert.deepEqual(accumulatorType(weight, fixed(6, 0, false), 96, fixed(1, 1, false)), fixed(20, 9));
  assert.deepEqual(accumulatorType(weight, fixed(16, 7), 16, bias), fixed(27, 13));
  assert.deepEqual(accumulatorType(weight, fixed(6, 0, false), 32, undefined), fixed(17, 6));
});

test('a wide bias adds its fraction bits', () => {
  assert.deepEqual(accumulatorType(fixed(4, 1), fixed(4, 1), 16, fixed(16, 1)), fixed(22, 7));
});

test('sums and unions give unsigned operands a sign bit beside signed ones', () => {
  assert.deepEqual(sumType(fixed(8, 3), fixed(6, 1)), fixed(9, 4));
  assert.deepEqual(sumType(fixed(8, 3), fixed(4, 2, false)), fixed(9, 4));
  assert.deepEqual(unionType(fixed(4, 1), fixed(4, 2, false)), fixed(6, 3));
  assert.deepEqual(unionType(fixed(4, undefined), fixed(4, 2, false)), fixed(5, undefined));
  assert.deepEqual(unionType(fixed(4, 1), FLOAT32_TYPE), FLOAT32_TYPE);
});

test('the accumulator flows through the fused chain to its quantizer; movers carry formats; float stays float', () => {
  const build = graphBuilder();
  const x = build.input('x', [4, 4]);
  const flat = build.op('flatten', { kind: 'reshape' }, [x], [16]);
  const dense = build.dense('fc', flat, 8);
  const relu = build.relu('relu', dense);
  const joined = build.op('join', { kind: 'concat', axis: 0 }, [relu, relu], [16]);
  const out = build.dense('out', joined, 2);
  const soft = build.op('softmax', { kind: 'softmax', log: false }, [out], [2]);
  const graph = build.graph([soft]);
  const formats = {
    'x/input': 'fixed<8,1>',
    'fc/weight': 'int4 per-channel',
    'fc/bias': 'int16',
    'relu/activation': 'ufixed<6,0>',
    'out/weight': 'fixed<6,1>',
    'out/bias': 'fixed<6,1>',
  };
  const types = tensorTypes(costView(graph, formats));
  assert.deepEqual(types[flat], fixed(8, 1));
  assert.deepEqual(types[dense], fixed(17, undefined), '4 + 8 + log2 16 = 16, and the bias');
  assert.deepEqual(types[relu], fixed(6, 0, false));
  assert.deepEqual(types[joined], fixed(6, 0, false));
  assert.deepEqual(types[soft], fixed(6 + 6 + 4 + 1, 0 + 1 + 4 + 1), 'no quantizer behind the logits');
  const partly = costView(graph, { 'x/input': 'fixed<8,1>', 'fc/weight': 'fixed<4,1>' });
  assert.deepEqual(tensorType(partly, dense), FLOAT32_TYPE, 'the bias is float32');
  assert.deepEqual(inputTypes(partly, graph.nodes[out]!), [FLOAT32_TYPE]);
});

test('merges and unfolded normalization grow inside a fused chain', () => {
  const build = graphBuilder();
  const a = build.relu('a', build.input('x', [4]));
  const sum = build.op('add', { kind: 'merge', fn: 'add' }, [a, a], [4]);
  const scale = weightOf('scale', [4], [1, 1, 1, 1]);
  const scaled = build.op('bn', { kind: 'affine', scale, offset: scale }, [sum], [4]);
  const graph = build.graph([build.dense('fc', build.relu('relu', scaled), 2)]);
  const formats = {
    'a/activation': 'ufixed<6,2>',
    'bn/scale_and_offset': 'fixed<8,2>',
    'relu/activation': 'ufixed<6,0>',
  };
  const view = costView(graph, formats);
  assert.deepEqual(tensorType(view, sum), fixed(7, 3, false));
  assert.deepEqual(tensorType(view, scaled), fixed(7 + 8 + 1, 3 + 2 + 1));
});
