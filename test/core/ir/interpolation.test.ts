import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { interpolation, type Resampling } from '../../../src/core/ir/interpolation.ts';

interface Row extends Resampling {
  readonly to: number;
  readonly y: readonly number[];
}

const recorded = JSON.parse(readFileSync('test/fixtures/kernels/resize.json', 'utf8')) as {
  readonly x: readonly (readonly number[])[];
  readonly rows: readonly Row[];
};

function resampled(x: readonly number[], to: number, resampling: Resampling): number[] {
  const { taps, indices, weights } = interpolation(0, x.length, to, resampling);
  assert.equal(indices.length, to * taps);
  const terms = Array.from(indices, (index, i) => weights[i]! * x[index]!);
  return Array.from({ length: to }, (_, o) => terms.slice(o * taps, (o + 1) * taps).reduce((a, b) => a + b));
}

describe('resampling gives the values of ONNX Runtime', () => {
  for (const mode of ['nearest', 'linear', 'cubic'] as const)
    for (const coordinates of ['halfPixel', 'pytorchHalfPixel', 'alignCorners', 'asymmetric'] as const)
      test(`${mode}, ${coordinates}`, () => {
        const rows = recorded.rows.filter((row) => row.mode === mode && row.coordinates === coordinates);
        assert.ok(rows.length > 0);
        for (const { to, y, ...resampling } of rows) {
          const found = recorded.x.flatMap((x) => resampled(x, to, resampling));
          for (const [i, value] of y.entries())
            assert.ok(
              Math.abs(found[i]! - value) < 1e-5,
              `${JSON.stringify(resampling)} to ${to}: ${found.join()}`,
            );
        }
      });
});

test('half pixels as TensorFlow takes them for the nearest neighbour', () => {
  const resampling = { mode: 'nearest', coordinates: 'halfPixelForNearest', rounding: 'floor' } as const;
  assert.deepEqual(resampled([0, 1, 2, 3, 4], 3, resampling), [0, 2, 4]);
  assert.deepEqual(resampled([0, 1], 5, resampling), [0, 0, 1, 1, 1]);
});

test('the axis is passed on, and every index lies inside', () => {
  const cubic = { mode: 'cubic', coordinates: 'halfPixel' } as const;
  const { axis, taps, indices } = interpolation(2, 2, 9, cubic);
  assert.deepEqual([axis, taps], [2, 4]);
  assert.ok(indices.every((index) => index === 0 || index === 1));
});
