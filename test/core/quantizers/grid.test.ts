import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFormat } from '../../../src/core/quantizers/format.ts';
import {
  fakeQuantize,
  fixedGrid,
  intGrid,
  integerMultiples,
  roundHalfEven,
  type Grid,
} from '../../../src/core/quantizers/grid.ts';

// Vector V and outputs of quantized_bits (google/qkeras, executed): quantized_bits(b, i) is fixed<b, i + 1>,
// quantized_relu(b, i) is ufixed<b, i>.
const V = [
  -3, -1.5, -1, -0.9375, -0.8, -0.5, -0.3, -0.1875, -0.0625, 0, 0.03125, 0.0625, 0.09375, 0.1, 0.1875, 0.25,
  0.3, 0.4375, 0.5, 0.7, 0.8, 0.9375, 1, 1.5, 3,
];
const GOLDEN: Record<string, number[]> = {
  'fixed<4,1>': [
    -1, -1, -1, -1, -0.75, -0.5, -0.25, -0.25, 0, 0, 0, 0, 0.125, 0.125, 0.25, 0.25, 0.25, 0.5, 0.5, 0.75,
    0.75, 0.875, 0.875, 0.875, 0.875,
  ],
  'ufixed<3,0>': [
    ...Array<number>(10).fill(0),
    0,
    0,
    0.125,
    0.125,
    0.25,
    0.25,
    0.25,
    0.5,
    0.5,
    0.75,
    0.75,
    0.875,
    0.875,
    0.875,
    0.875,
  ],
  'ufixed<4,2>': [
    ...Array<number>(10).fill(0),
    0,
    0,
    0,
    0,
    0.25,
    0.25,
    0.25,
    0.5,
    0.5,
    0.75,
    0.75,
    1,
    1,
    1.5,
    3,
  ],
  'fixed<1,1>': [...Array<number>(9).fill(-1), ...Array<number>(16).fill(1)],
};

function fixed(text: string): Grid {
  const format = parseFormat(text);
  assert.equal(format.kind, 'fixed');
  return fixedGrid(format);
}

for (const [format, expected] of Object.entries(GOLDEN)) {
  test(`${format} gives the values of QKeras`, () => {
    assert.deepEqual(
      [...fakeQuantize(Float32Array.from(V), fixed(format))].map((v) => v + 0),
      expected,
    );
  });
}

test('rounding is half to even, also for large and negative values', () => {
  assert.deepEqual(
    [0.5, 1.5, 2.5, -0.5, -1.5, 4194303.5, 5e6].map((x) => roundHalfEven(x) + 0),
    [0, 2, 2, 0, -2, 4194304, 5e6],
  );
});

test('an asymmetric grid clips at its codes and multiplies integers without the zero point', () => {
  const format = { kind: 'int', bits: 4, signed: true, symmetric: false, perChannel: false } as const;
  const grid = intGrid(format, Float32Array.of(0.5), Int32Array.of(-3), { channels: 1, inner: 1 });
  const values = Float32Array.of(-9, -2.4, 0, 1.3, 9);
  const multiples = integerMultiples(values, grid);
  assert.deepEqual([...multiples], [-5, -5, 0, 3, 10]);
  assert.deepEqual(
    [...fakeQuantize(values, grid)],
    [...multiples].map((multiple) => 0.5 * multiple),
  );
});

test('a per-channel grid applies each scale to its channel, wherever the channel stands', () => {
  const format = { kind: 'int', bits: 8, signed: true, symmetric: true, perChannel: true } as const;
  const scales = Float32Array.of(1, 10);
  const last = intGrid(format, scales, new Int32Array(2), { channels: 2, inner: 1 });
  assert.deepEqual([...fakeQuantize(Float32Array.of(4.4, 4.4, 6.6, 6.6), last)], [4, 0, 7, 10]);
  const inner = intGrid(format, scales, new Int32Array(2), { channels: 2, inner: 2 });
  assert.deepEqual([...fakeQuantize(Float32Array.of(4.4, 6.6, 4.4, 6.6), inner)], [4, 7, 0, 10]);
});
