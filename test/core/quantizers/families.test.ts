import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  biasFormat,
  FAMILIES,
  family,
  parameterGrid,
  splitChannels,
  type Family,
  type WeightValues,
} from '../../../src/core/quantizers/families.ts';
import { bitsOf, parseFormat, printFormat, type Format } from '../../../src/core/quantizers/format.ts';
import { fakeQuantize } from '../../../src/core/quantizers/grid.ts';
import { statisticsOf } from '../../../src/core/quantizers/range.ts';
import { normal, seeded } from '../../../src/core/random.ts';

const CHANNELS = { channels: 4, inner: 1 };

/** Four channels, each an eighth of the one before. */
function kernel(): Float32Array {
  const random = seeded(5);
  return Float32Array.from({ length: 400 }, (_, i) => normal(random) * 8 ** -(i % 4));
}

function weightValues(values: Float32Array): WeightValues {
  return {
    statistics: statisticsOf(values),
    channels: () => splitChannels(values, CHANNELS).map((channel) => statisticsOf(channel)),
  };
}

/** Functions of a family, to be called by themselves. */
function bound(id: Family['id']) {
  const own = family(id);
  return { weight: own.weight.bind(own), activation: own.activation.bind(own) };
}

function squaredError(values: Float32Array, format: Format): number {
  const quantized = fakeQuantize(values, parameterGrid(format, values, CHANNELS, 'mse')!);
  return values.reduce((sum, value, i) => sum + (value - quantized[i]!) ** 2, 0);
}

const unsigned = statisticsOf(Float32Array.of(0, 0.5, 3));
const signed = statisticsOf(Float32Array.of(-1, 0.5, 3));

for (const { id } of FAMILIES) {
  const { weight, activation } = bound(id);
  test(`${id}: formats have the width that was asked for and can be written down`, () => {
    const values = weightValues(kernel());
    for (const bits of [2, 4, 8]) {
      const formats = [
        ...weight(bits, values, 'output', { perChannel: true }),
        ...weight(bits, values, 'minmax', { perChannel: false }),
        ...activation(bits, signed, 'output'),
        ...activation(bits, unsigned, 'mse'),
      ];
      for (const format of formats) {
        assert.equal(bitsOf(format), bits);
        assert.deepEqual(printFormat(parseFormat(printFormat(format))), printFormat(format));
      }
    }
  });

  test(`${id}: a method other than “output” leaves one format`, () => {
    for (const range of ['minmax', 'percentile', 'mse'] as const) {
      assert.equal(weight(4, weightValues(kernel()), range, { perChannel: false }).length, 1);
      assert.equal(activation(4, signed, range).length, 1);
    }
  });

  test(`${id}: channels on their own lose less than one range for all`, () => {
    const values = kernel();
    const [own] = weight(4, weightValues(values), 'mse', { perChannel: true });
    const [shared] = weight(4, weightValues(values), 'mse', { perChannel: false });
    assert.ok(squaredError(values, own!) < squaredError(values, shared!));
    const kept = fakeQuantize(values, parameterGrid(own!, values, CHANNELS, 'mse')!);
    assert.ok(splitChannels(kept, CHANNELS)[3]!.some((value) => value !== 0));
  });
}

test('values that are never negative get an unsigned format; a zero point needs none', () => {
  const print = (id: 'fixed' | 'int' | 'int-asymmetric', values: typeof signed) =>
    printFormat(family(id).activation(8, values, 'minmax')[0]!);
  assert.equal(print('fixed', unsigned), 'ufixed<8,2>');
  assert.equal(print('fixed', signed), 'fixed<8,3>');
  assert.match(print('int', unsigned), /^uint8 scale=/);
  assert.match(print('int', signed), /^int8 scale=/);
  assert.match(print('int-asymmetric', unsigned), /^int8 asymmetric scale=\S+ zero=-128$/);
});

test('“output” offers ranges from the one of least error to the widest', () => {
  const outlier = statisticsOf(
    Float32Array.from({ length: 16000 }, (_, i) => (i === 9 ? 8 : (i % 100) / 100)),
  );
  const integers = family('fixed')
    .activation(4, outlier, 'output')
    .map((format) => (format.kind === 'fixed' ? format.integer : Number.NaN));
  assert.ok(integers.length >= 3);
  assert.deepEqual(
    integers,
    integers.map((_, i) => integers[0]! + i),
  );
  assert.equal(integers.at(-1), 4);
  const scales = family('int')
    .activation(4, outlier, 'output')
    .map((format) => (format.kind === 'int' ? format.scale! : Number.NaN));
  assert.deepEqual(
    scales,
    scales.toSorted((a, b) => a - b),
  );
  assert.equal(scales.length, 3);
});

test('per-channel binary points differ by powers of two and are bounded from below', () => {
  const values = Float32Array.from({ length: 400 }, (_, i) => (i % 4 === 3 ? 1e-9 : 8 ** -(i % 4)));
  const [format] = family('fixed').weight(8, weightValues(values), 'minmax', { perChannel: true });
  assert.ok(format?.kind === 'fixed' && format.lowest === format.integer - 8);
  const { scale } = parameterGrid(format, values, CHANNELS, 'minmax')!;
  assert.equal(scale.length, 4);
  assert.deepEqual([scale[1]! / scale[0]!, scale[2]! / scale[0]!], [1 / 8, 1 / 64]);
  assert.equal(scale[3], 2 ** (format.lowest - 8));
});

test('biases keep 16 bits in every family', () => {
  assert.equal(printFormat(biasFormat(statisticsOf(Float32Array.of(-0.3, 0.9)))), 'fixed<16,1>');
});

test('channels are split wherever they stand', () => {
  const values = Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
  const split = (channels: number, inner: number) =>
    splitChannels(values, { channels, inner }).map((c) => [...c]);
  assert.deepEqual(split(2, 1), [
    [0, 2, 4, 6],
    [1, 3, 5, 7],
  ]);
  assert.deepEqual(split(2, 2), [
    [0, 1, 4, 5],
    [2, 3, 6, 7],
  ]);
});
