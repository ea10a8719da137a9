import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Activation, MapFunction, MergeFunction } from '../../src/core/ir/ops.ts';
import { fixedGrid } from '../../src/core/quantizers/grid.ts';
import { seeded } from '../../src/core/random.ts';
import {
  assertClose,
  asWeight,
  broadcastAt,
  fill,
  parameter,
  random,
  runOp,
  tensor,
  type Nd,
} from './kernelHarness.ts';

const unary = (x: Nd, f: (value: number) => number): Nd => ({ ...x, values: x.values.map((v) => f(v)) });

const SPECIAL = [NaN, Infinity, -Infinity, 0, 1, -1];

function roundEven(x: number): number {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
}

/** Abramowitz and Stegun 7.1.5: the power series, exact enough up to |x| = 3. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 60; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

describe('map', () => {
  const rows: readonly [MapFunction, (x: number) => number, low?: number, high?: number][] = [
    ['abs', Math.abs],
    ['negate', (x) => -x],
    ['sign', Math.sign],
    ['exp', Math.exp],
    ['log', Math.log, 0.01, 9],
    ['sqrt', Math.sqrt, 0, 9],
    ['reciprocal', (x) => 1 / x, 0.2, 3],
    ['floor', Math.floor],
    ['ceil', Math.ceil],
    ['round', roundEven, -9, 9],
    ['truncate', Math.trunc],
    ['erf', erf, -2.5, 2.5],
    ['sin', Math.sin, -40, 40],
    ['cos', Math.cos, -40, 40],
    ['tan', Math.tan, -1.2, 1.2],
    ['asin', Math.asin, -1, 1],
    ['acos', Math.acos, -1, 1],
    ['atan', Math.atan, -9, 9],
    ['sinh', Math.sinh],
    ['cosh', Math.cosh],
    ['asinh', Math.asinh, -90, 90],
    ['acosh', Math.acosh, 1, 90],
    ['atanh', Math.atanh, -0.9, 0.9],
    ['not', (x) => Number(x === 0)],
    ['isNaN', (x) => Number(Number.isNaN(x))],
    ['isInfinite', (x) => Number(x === Infinity || x === -Infinity)],
  ];
  for (const [fn, f, low = -3, high = 3] of rows)
    test(fn, async () => {
      const x = random([5, 7], 3, low, high);
      assertClose(await runOp({ kind: 'map', fn }, [x], [5, 7]), unary(x, f), fn);
    });

  test('halves go to the even neighbour', async () => {
    const x = tensor([2, 4], [0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 3.5, 4.5]);
    const y = await runOp({ kind: 'map', fn: 'round' }, [x], [4]);
    assert.deepEqual(
      [...y.values].map((v) => v + 0),
      [0, 2, 2, 0, -2, -2, 4, 4],
    );
  });

  test('NaN and infinities', async () => {
    const x = tensor([1, 6], SPECIAL);
    const results: Partial<Record<MapFunction, number[]>> = {
      sign: [NaN, 1, -1, 0, 1, -1],
      not: [0, 0, 0, 1, 0, 0],
      isNaN: [1, 0, 0, 0, 0, 0],
      isInfinite: [0, 1, 1, 0, 0, 0],
      truncate: [NaN, Infinity, -Infinity, 0, 1, -1],
      abs: [NaN, Infinity, Infinity, 0, 1, 1],
    };
    for (const [fn, expected] of Object.entries(results)) {
      const y = await runOp({ kind: 'map', fn: fn as MapFunction }, [x], [6]);
      assert.deepEqual(
        [...y.values].map((v) => v + 0),
        expected,
        fn,
      );
    }
  });

  test('rank 8, where the backend alone gives garbage', async () => {
    const shape = [2, 1, 2, 1, 2, 2, 1, 3];
    const x = random(shape, 5);
    assertClose(
      await runOp({ kind: 'map', fn: 'negate' }, [x], shape),
      unary(x, (v) => -v),
    );
    const elu: Activation = { fn: 'hardSigmoid', slope: 0.2, offset: 0.5 };
    const expected = unary(x, (v) => Math.min(Math.max(0.2 * v + 0.5, 0), 1));
    assertClose(await runOp({ kind: 'activation', activation: elu }, [x], shape), expected);
  });
});

const MERGES: Readonly<Record<Exclude<MergeFunction, 'average'>, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
  power: (a, b) => a ** b,
  modulo: (a, b) => a - b * Math.floor(a / b),
  remainder: (a, b) => a % b,
  equal: (a, b) => Number(a === b),
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  and: (a, b) => Number(a !== 0 && b !== 0),
  or: (a, b) => Number(a !== 0 || b !== 0),
  xor: (a, b) => Number((a !== 0) !== (b !== 0)),
};

const merged = (operands: readonly Nd[], shape: readonly number[], f: (a: number, b: number) => number): Nd =>
  fill([2, ...shape], (index) => operands.map((operand) => broadcastAt(operand, index)).reduce(f));

describe('merge', () => {
  for (const [fn, f] of Object.entries(MERGES) as [
    Exclude<MergeFunction, 'average'>,
    (typeof MERGES)['add'],
  ][])
    test(fn, async () => {
      const whole = (x: Nd): Nd => unary(x, Math.round);
      const positive = fn === 'power' ? 0.1 : -6;
      const [a, b] = [whole(random([4, 5], 1, positive, 6)), whole(random([4, 5], 2, -6, 6))];
      const divisor = fn === 'modulo' || fn === 'remainder' || fn === 'divide';
      const right = divisor ? unary(b, (v) => (v === 0 ? 3 : v)) : b;
      const left = fn === 'power' ? unary(a, (v) => v + 1) : a;
      assertClose(
        await runOp({ kind: 'merge', fn }, [left, right], [4, 5]),
        merged([left, right], [4, 5], f),
        fn,
      );
    });

  test('average and sum of three', async () => {
    const operands = [random([3, 2], 1), random([2], 2), random([], 3)];
    const sum = merged(operands, [3, 2], MERGES.add);
    assertClose(await runOp({ kind: 'merge', fn: 'add' }, operands, [3, 2]), sum);
    assertClose(
      await runOp({ kind: 'merge', fn: 'average' }, operands, [3, 2]),
      unary(sum, (v) => v / 3),
    );
  });

  test('NaN and infinities win on either side of maximum and minimum', async () => {
    const x = tensor([1, 6, 1], SPECIAL);
    const y = tensor([1, 1, 6], SPECIAL);
    for (const fn of ['maximum', 'minimum'] as const) {
      const expected = fill([1, 6, 6], (index) => MERGES[fn](broadcastAt(x, index), broadcastAt(y, index)));
      assertClose(await runOp({ kind: 'merge', fn }, [x, y], [6, 6]), expected, fn);
    }
  });

  test('random shapes broadcast, aligned at the end of the sample, up to rank 8', async () => {
    const generator = seeded(11);
    const below = (n: number): number => Math.floor(generator.next() * n);
    const fns = ['add', 'multiply', 'subtract', 'maximum', 'less', 'and', 'power'] as const;
    for (let round = 0; round < 40; round++) {
      const rank = below(8);
      const shape = Array.from({ length: rank }, () => 1 + below(3));
      const cut = (seed: number): Nd => {
        const own = shape.slice(below(rank + 1)).map((extent) => (below(2) === 0 ? 1 : extent));
        const x = random(own, seed, 0.5, 2);
        return below(4) === 0 ? { shape: [1, ...own], values: x.values.slice(0, x.values.length / 2) } : x;
      };
      const [a, b] =
        below(2) === 0
          ? [random(shape, round, 0.5, 2), cut(round + 99)]
          : [cut(round + 99), random(shape, round, 0.5, 2)];
      const fn = fns[below(fns.length)]!;
      const found = await runOp({ kind: 'merge', fn }, [a, b], shape);
      assertClose(
        found,
        merged([a, b], shape, MERGES[fn]),
        `${fn} ${a.shape.join('×')} ${b.shape.join('×')}`,
      );
    }
  });
});

test('where takes the second operand where the first is not 0', async () => {
  const condition = tensor([2, 3, 1], [0, 1, -2, 0.5, 0, 0]);
  const [a, b] = [random([2], 1), random([3, 2], 2)];
  const expected = fill([2, 3, 2], (i) =>
    broadcastAt(condition, i) === 0 ? broadcastAt(b, i) : broadcastAt(a, i),
  );
  assertClose(await runOp({ kind: 'where' }, [condition, a, b], [3, 2]), expected);
});

test('affine scales and shifts by scalars or channels', async () => {
  const x = random([3, 4], 1);
  for (const shape of [[], [4], [3, 1]]) {
    const [scale, offset] = [parameter(shape, 2), parameter(shape, 3)];
    const of = (p: Nd, [, r, c]: readonly number[]): number =>
      p.values[shape.length === 0 ? 0 : shape.length === 1 ? c! : r!]!;
    const op = {
      kind: 'affine',
      scale: asWeight('scale', scale),
      offset: asWeight('offset', offset),
    } as const;
    const expected = fill([2, 3, 4], (i) => broadcastAt(x, i) * of(scale, i) + of(offset, i));
    assertClose(await runOp(op, [x], [3, 4]), expected);
  }
});

test('prelu has its slope below 0', async () => {
  const x = random([3, 4], 1);
  const alpha = parameter([3, 1], 2);
  const expected = fill([2, 3, 4], (i) => {
    const value = broadcastAt(x, i);
    return value > 0 ? value : value * alpha.values[i[1]!]!;
  });
  assertClose(await runOp({ kind: 'prelu', alpha: asWeight('alpha', alpha) }, [x], [3, 4]), expected);
});

test('clip as an activation, and where a convolution takes it for its own', async () => {
  const x = random([3, 4], 1, -9, 9);
  const activation: Activation = { fn: 'clip', low: -1.5, high: 4 };
  const expected = unary(x, (v) => Math.min(Math.max(v, -1.5), 4));
  assertClose(await runOp({ kind: 'activation', activation }, [x], [3, 4]), expected);
});

test('softmax and its logarithm, over the last axis of any rank', async () => {
  for (const shape of [[5], [2, 3, 5], [2, 1, 2, 1, 2, 1, 5]]) {
    const x = random(shape, 7, -5, 5);
    const rows = x.values.length / 5;
    for (const log of [false, true]) {
      const expected = new Float32Array(x.values.length);
      for (let r = 0; r < rows; r++) {
        const row = [...x.values.subarray(r * 5, r * 5 + 5)].map(Math.exp);
        const sum = row.reduce((a, b) => a + b);
        for (const [i, value] of row.entries())
          expected[r * 5 + i] = log ? Math.log(value / sum) : value / sum;
      }
      assertClose(await runOp({ kind: 'softmax', log }, [x], shape), { shape: x.shape, values: expected });
    }
  }
});

test('a quantizer of the file with one grid, and one that sees values and shape', async () => {
  const x = random([3], 1);
  const grid = fixedGrid({ kind: 'fixed', width: 3, integer: 1, signed: true });
  const apply = (): never => assert.fail('the grid serves');
  const uniform = { text: 'fixed<3,1>', bits: 3, grid, apply };
  const y = await runOp({ kind: 'quantize', quantizer: uniform }, [x], [3]);
  assertClose(
    y,
    unary(x, (v) => Math.min(Math.max(roundEven(v * 4), -4), 3) / 4),
  );

  const perSample = {
    text: 'largest of the sample',
    bits: 8,
    apply: (values: Float32Array, [batch, length]: readonly number[]) => {
      assert.deepEqual([batch, length], [2, 3]);
      return values.map((_, i) =>
        Math.max(...values.subarray(i - (i % length!), i - (i % length!) + length!)),
      );
    },
  };
  const largest = await runOp({ kind: 'quantize', quantizer: perSample }, [x], [3]);
  assertClose(
    largest,
    fill([2, 3], ([b]) => Math.max(...x.values.subarray(b! * 3, b! * 3 + 3))),
  );
});
