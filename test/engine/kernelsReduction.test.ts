import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Op, ReduceOp } from '../../src/core/ir/ops.ts';
import {
  assertClose,
  asWeight,
  at,
  fill,
  parameter,
  random,
  runOp,
  tensor,
  type Nd,
} from './kernelHarness.ts';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const REDUCTIONS: Readonly<Record<ReduceOp['fn'], (values: readonly number[]) => number>> = {
  sum,
  mean: (values) => sum(values) / values.length,
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  product: (values) => values.reduce((a, b) => a * b, 1),
  logSumExp: (values) => Math.log(sum(values.map(Math.exp))),
};

/** Values that meet in one entry of the result, whose reduced axes have extent 1. */
function meeting(x: Nd, axes: readonly number[], index: readonly number[]): number[] {
  const out: number[] = [];
  fill(x.shape, (from) => {
    if (from.every((i, axis) => axes.includes(axis - 1) || i === index[axis])) out.push(at(x, from));
    return 0;
  });
  return out;
}

describe('reduce', () => {
  for (const [fn, f] of Object.entries(REDUCTIONS) as [ReduceOp['fn'], (typeof REDUCTIONS)['sum']][])
    test(fn, async () => {
      for (const axes of [[0], [1], [3], [0, 2], [1, 2, 3], [0, 1, 2, 3]]) {
        const shape = [3, 2, 4, 5];
        const x = random(shape, axes.length, 0.5, 1.5);
        const kept = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
        const expected = fill([2, ...kept], (index) => f(meeting(x, axes, index)));
        assertClose(await runOp({ kind: 'reduce', fn, axes }, [x], kept), expected, axes.join());
        const dropped = shape.filter((_, axis) => !axes.includes(axis));
        const y = await runOp({ kind: 'reduce', fn, axes }, [x], dropped);
        assertClose(y, { shape: [2, ...dropped], values: expected.values }, 'axes dropped');
      }
    });

  test('NaN wins over every maximum and minimum', async () => {
    const x = fill([2, 9], ([b, i]) => (b === 1 && i === 4 ? NaN : i!));
    for (const [fn, first] of [
      ['max', 8],
      ['min', 0],
    ] as const) {
      const y = await runOp({ kind: 'reduce', fn, axes: [0] }, [x], []);
      assert.deepEqual([...y.values], [first, NaN]);
    }
  });

  test('long sums lose nothing', async () => {
    const x = fill([2, 1024, 1024], ([b]) => (b === 0 ? 0.1 : -0.3));
    const total = 2 ** 20;
    const expected = tensor([2], [Math.fround(0.1) * total, -0.3 * total]);
    assertClose(await runOp({ kind: 'reduce', fn: 'sum', axes: [0, 1] }, [x], []), expected);
    const mean = await runOp({ kind: 'reduce', fn: 'mean', axes: [0, 1] }, [x], []);
    assertClose(mean, tensor([2], [0.1, -0.3]));
  });

  test('logSumExp of large and infinite values', async () => {
    const x = tensor([4, 2], [1000, 1000, -1000, -1000, Infinity, 1, -Infinity, -Infinity]);
    const y = await runOp({ kind: 'reduce', fn: 'logSumExp', axes: [0] }, [x], []);
    assertClose(y, tensor([4], [1000 + Math.LN2, Math.LN2 - 1000, Infinity, -Infinity]));
  });
});

test('globalPool over all spatial axes, kept or not', async () => {
  const x = random([3, 4, 2], 1);
  for (const mode of ['max', 'average'] as const) {
    const f = REDUCTIONS[mode === 'max' ? 'max' : 'mean'];
    const expected = fill([2, 1, 1, 2], (index) => f(meeting(x, [0, 1], index)));
    assertClose(await runOp({ kind: 'globalPool', mode }, [x], [1, 1, 2]), expected);
    const y = await runOp({ kind: 'globalPool', mode }, [x], [2]);
    assertClose(y, { shape: [2, 2], values: expected.values });
  }
});

test('cumulate: running sums, exclusive and from the end', async () => {
  const x = random([3, 4, 2], 1);
  for (const axis of [0, 1, 2])
    for (const exclusive of [false, true])
      for (const reverse of [false, true]) {
        const expected = fill(x.shape, (index) => {
          let total = 0;
          for (let i = 0; i < x.shape[axis + 1]!; i++) {
            const distance = reverse ? i - index[axis + 1]! : index[axis + 1]! - i;
            if (distance > 0 || (distance === 0 && !exclusive)) total += at(x, index.with(axis + 1, i));
          }
          return total;
        });
        const op: Op = { kind: 'cumulate', axis, exclusive, reverse };
        assertClose(await runOp(op, [x], [3, 4, 2]), expected, JSON.stringify(op));
      }
});

test('arg: first or last of equals, NaN is the extreme', async () => {
  const x = tensor([2, 2, 3], [1, 3, 3, 0, 0, 5, 2, NaN, 9, -1, -1, -1]);
  const run = async (fn: 'max' | 'min', last: boolean) => [
    ...(await runOp({ kind: 'arg', fn, axis: 1, last }, [x], [2])).values,
  ];
  assert.deepEqual(await run('max', false), [1, 2, 1, 0]);
  assert.deepEqual(await run('max', true), [2, 2, 1, 2]);
  assert.deepEqual(await run('min', false), [0, 0, 1, 0]);
  assert.deepEqual(await run('min', true), [0, 1, 1, 2]);
  const rows = await runOp({ kind: 'arg', fn: 'max', axis: 0, last: false }, [x], [1, 3]);
  assert.deepEqual([...rows.values], [0, 0, 1, 0, 0, 0]);
});

test('topK: in order, the lower index first among equals', async () => {
  const x = tensor([2, 5], [1, 3, 3, 2, -4, Infinity, 0, Infinity, -1, NaN]);
  const run = async (largest: boolean, output: 'values' | 'indices') => [
    ...(await runOp({ kind: 'topK', k: 3, largest, output }, [x], [3])).values,
  ];
  assert.deepEqual(await run(true, 'values'), [3, 3, 2, NaN, Infinity, Infinity]);
  assert.deepEqual(await run(true, 'indices'), [1, 2, 3, 4, 0, 2]);
  assert.deepEqual(await run(false, 'values'), [-4, 1, 2, -1, 0, Infinity]);
  assert.deepEqual(await run(false, 'indices'), [4, 0, 3, 3, 1, 0]);
});

const moments = (values: readonly number[]): { mean: number; variance: number } => {
  const mean = sum(values) / values.length;
  return { mean, variance: sum(values.map((value) => (value - mean) ** 2)) / values.length };
};

test('layerNorm over the last axes, with and without parameters', async () => {
  const x = random([3, 4, 5], 1, -3, 9);
  for (const axes of [1, 2, 3]) {
    const normalized = [3, 4, 5].slice(3 - axes);
    const [gamma, beta] = [parameter(normalized, 2), parameter(normalized.slice(-1), 3)];
    const reduced = [0, 1, 2].slice(3 - axes);
    const plain = fill(x.shape, (index) => {
      const { mean, variance } = moments(meeting(x, reduced, index));
      return (at(x, index) - mean) / Math.sqrt(variance + 1e-3);
    });
    const base = { kind: 'layerNorm', axes, epsilon: 1e-3 } as const;
    assertClose(await runOp(base, [x], [3, 4, 5]), plain);
    const scaled = fill(x.shape, (index) => {
      const own = index.slice(4 - axes);
      return at(plain, index) * at(gamma, own) + at(beta, own.slice(-1));
    });
    const op: Op = { ...base, gamma: asWeight('gamma', gamma), beta: asWeight('beta', beta) };
    assertClose(await runOp(op, [x], [3, 4, 5]), scaled);
  }
});

test('groupNorm over space and the channels of a group; instance normalization', async () => {
  const x = random([3, 2, 6], 1, -3, 9);
  const [gamma, beta] = [parameter([6], 2), parameter([6], 3)];
  for (const groups of [1, 2, 3, 6]) {
    const size = 6 / groups;
    const expected = fill(x.shape, (index) => {
      const [b, , , c] = index as [number, number, number, number];
      const group: number[] = [];
      fill([3, 2, size], ([i, j, k]) => group.push(at(x, [b, i!, j!, Math.floor(c / size) * size + k!])));
      const { mean, variance } = moments(group);
      return ((at(x, index) - mean) / Math.sqrt(variance + 1e-5)) * at(gamma, [c]) + at(beta, [c]);
    });
    const op: Op = {
      kind: 'groupNorm',
      groups,
      epsilon: 1e-5,
      gamma: asWeight('gamma', gamma),
      beta: asWeight('beta', beta),
    };
    assertClose(await runOp(op, [x], [3, 2, 6]), expected, `${groups} groups`);
  }
});

test('lrn over the channels that exist', async () => {
  const x = random([2, 7], 1);
  for (const [before, after] of [
    [2, 2],
    [1, 3],
    [0, 9],
  ] as const) {
    const expected = fill(x.shape, ([b, i, c]) => {
      let squares = 0;
      for (let k = Math.max(c! - before, 0); k <= Math.min(c! + after, 6); k++)
        squares += at(x, [b!, i!, k]) ** 2;
      return at(x, [b!, i!, c!]) / (1.5 + 0.3 * squares) ** 0.75;
    });
    const op: Op = { kind: 'lrn', before, after, alpha: 0.3, beta: 0.75, bias: 1.5 };
    assertClose(await runOp(op, [x], [2, 7]), expected);
  }
});
