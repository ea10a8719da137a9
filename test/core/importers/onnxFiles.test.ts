// Bytes of ONNX files: what is read when, contents in all their forms, other files, and damage.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitLensError } from '../../../src/core/errors.ts';
import { decodeStored, STORED_TYPES } from '../../../src/core/importers/elementTypes.ts';
import { onnx } from '../../../src/core/importers/onnx/onnx.ts';
import type { Graph } from '../../../src/core/ir/graph.ts';
import { memorySource } from '../../support/memorySource.ts';
import {
  field,
  float32,
  message,
  onnxModel,
  packedVarints,
  tensor,
  value,
} from '../../support/onnxBuilder.ts';

const COUNT = 1000;
const values = Array.from({ length: COUNT }, (_, i) => i - 300);

/** x + w with a large w. */
const adding = (w: Uint8Array): Uint8Array =>
  onnxModel({
    nodes: [{ op: 'Mul', in: ['x', 'w'], out: ['y'] }],
    inputs: [value('x', [1, COUNT])],
    outputs: ['y'],
    initializers: [w],
  });

const constantsOf = (graph: Graph): readonly Float32Array[] =>
  graph.nodes.flatMap(({ op }) =>
    op.kind === 'constant' ? [op.value.read()] : op.kind === 'affine' ? [op.scale.read()] : [],
  );

const open = (bytes: Uint8Array, beside?: ReadonlyMap<string, Uint8Array>): Promise<Graph> =>
  onnx.open(memorySource('model.onnx', bytes, beside), {});

test('opening leaves large contents where they are; reading takes them from there', async () => {
  const bytes = adding(tensor('w', [COUNT], values));
  const source = memorySource('model.onnx', bytes);
  let most = 0;
  const watched = {
    ...source,
    readNow(offset: number, length: number) {
      most = Math.max(most, length);
      return source.readNow(offset, length);
    },
  };
  const graph = await onnx.open(watched, {});
  assert.ok(most <= 32 * 1024);
  assert.deepEqual(constantsOf(graph), [Float32Array.from(values)]);
});

test('large contents are read from every field that may hold them', async () => {
  const doubles = new Uint8Array(Float64Array.from(values).buffer);
  const contents: readonly (readonly [Uint8Array, number])[] = [
    [field(4, float32(values)), 1],
    [field(5, packedVarints(values)), 6],
    [field(7, packedVarints(values)), 7],
    [field(10, doubles), 11],
    [field(9, doubles), 11],
    [field(9, new Uint8Array(BigInt64Array.from(values, BigInt).buffer)), 7],
    [field(9, new Uint8Array(Int16Array.from(values).buffer)), 5],
  ];
  for (const [content, dataType] of contents) {
    const graph = await open(adding(tensor('w', [COUNT], content, dataType)));
    assert.deepEqual(constantsOf(graph), [Float32Array.from(values)], `type ${dataType}`);
  }
});

test('contents that do not fit their shape are refused before they are read', async () => {
  await assert.rejects(
    open(adding(tensor('w', [COUNT + 1], values))),
    /tensor w: it has 4000 bytes; .* take 4004/,
  );
  await assert.rejects(open(adding(tensor('w', [-1], values))), /tensor w: its shape is \[-1\]/);
  await assert.rejects(open(adding(tensor('w', [2 ** 40], values))), /tensor w: its shape/);
  const missing = open(adding(tensor('w', [COUNT], new Uint8Array(0))));
  await assert.rejects(
    missing,
    (error) => BitLensError.is(error, 'missing-weights') && /tensor w/.test(error.message),
  );
});

const outside = (location: string, ...more: readonly [string, string][]): Uint8Array =>
  adding(
    message(
      field(1, COUNT),
      field(2, 1),
      field(8, 'w'),
      field(14, 1),
      ...[['location', location] as const, ...more].map(([key, text]) =>
        field(13, message(field(1, key), field(2, text))),
      ),
    ),
  );

test('weights in another file are read from it', async () => {
  const beside = new Map([['weights.bin', message(new Uint8Array(16), float32(values))]]);
  const graph = await open(outside('weights.bin', ['offset', '16'], ['length', '4000']), beside);
  assert.deepEqual(constantsOf(graph), [Float32Array.from(values)]);
  await assert.rejects(
    open(outside('weights.bin', ['offset', '17']), beside),
    /byte 17 of weights\.bin, which has 4016/,
  );
  await assert.rejects(open(outside('weights.bin', ['offset', 'x']), beside), /tensor w/);
  await assert.rejects(
    open(outside('gone.bin'), beside),
    (error) => BitLensError.is(error, 'missing-weights') && /weights in gone\.bin/.test(error.message),
  );
});

test('stored types have the values their definitions say', () => {
  const of = (type: keyof typeof STORED_TYPES, ...bytes: readonly number[]): readonly number[] => [
    ...STORED_TYPES[type].decode(Uint8Array.from(bytes)),
  ];
  assert.deepEqual(of('float16', 0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0x00, 0x7c), [
    1,
    -2,
    2 ** -24,
    Infinity,
  ]);
  assert.deepEqual(of('bfloat16', 0x80, 0x3f, 0x40, 0xc0), [1, -3]);
  assert.deepEqual(of('float8e4m3fn', 0x7e, 0x7f, 0x01, 0xb8), [448, NaN, 2 ** -9, -1]);
  assert.deepEqual(of('float8e4m3fnuz', 0x7f, 0x80, 0x40), [240, NaN, 1]);
  assert.deepEqual(of('float8e5m2', 0x7b, 0x7c, 0xbc), [57344, Infinity, -1]);
  assert.deepEqual(of('float8e5m2fnuz', 0x7f, 0x80), [57344, NaN]);
  assert.deepEqual(of('int4', 0x8f), [-1, -8]);
  assert.deepEqual(of('uint4', 0x8f), [15, 8]);
  assert.deepEqual(of('int2', 0b11_10_01_00), [0, 1, -2, -1]);
  assert.deepEqual(of('int64', 254, 255, 255, 255, 255, 255, 255, 255), [-2]);
  assert.deepEqual(of('uint32', 255, 255, 255, 255), [2 ** 32 - 1]);
  assert.deepEqual([...decodeStored('int4', Uint8Array.of(0x21, 0x03), 3, 'w')], [1, 2, 3]);
  assert.throws(
    () => decodeStored('int4', Uint8Array.of(0x21), 3, 'w'),
    /Tensor w has 1 bytes; its 3 values of int4 take 2/,
  );
});

test('a message inside a message inside a message has an end', async () => {
  let graph = message();
  for (let depth = 0; depth < 40; depth++) {
    const attribute = message(field(1, 'then_branch'), field(6, graph), field(20, 5));
    graph = message(field(1, message(field(4, 'If'), field(5, attribute))));
  }
  await assert.rejects(open(message(field(1, 8), field(7, graph))), /damaged at byte/);
});
