import { describe, test } from 'node:test';
import type { ConvOp, ConvTransposeOp, DepthwiseConvOp, Op, Pads, PoolOp } from '../../src/core/ir/ops.ts';
import { graphBuilder } from '../support/graphBuilder.ts';
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
import { runGraph } from './runGraph.ts';

const sumOver = (n: number, f: (i: number) => number): number => {
  let total = 0;
  for (let i = 0; i < n; i++) total += f(i);
  return total;
};

/** 0 outside of a tensor. */
function padded(x: Nd, index: readonly number[]): number {
  return index.every((i, axis) => i >= 0 && i < x.shape[axis]!) ? at(x, index) : 0;
}

test('dense on the last axis of any rank', async () => {
  const [kernel, bias] = [parameter([4, 3], 1), parameter([3], 2)];
  const op: Op = { kind: 'dense', kernel: asWeight('kernel', kernel), bias: asWeight('bias', bias) };
  for (const leading of [[], [2], [2, 1, 3, 1, 2, 1]]) {
    const x = random([...leading, 4], 3);
    const expected = fill([2, ...leading, 3], (index) => {
      const [before, unit] = [index.slice(0, -1), index.at(-1)!];
      return at(bias, [unit]) + sumOver(4, (i) => at(x, [...before, i]) * at(kernel, [i, unit]));
    });
    assertClose(await runOp(op, [x], [...leading, 3]), expected);
  }
});

describe('matmul', () => {
  const product = (a: Nd, b: Nd, shape: readonly number[]): Nd =>
    fill([2, ...shape], (index) => {
      const pick = (x: Nd, row: number, column: number): number => {
        const rank = x.shape.length;
        const leading = [index[0]!, ...index.slice(1, -2).slice(shape.length - 2 - (rank - 3))];
        return at(x, [...leading.map((i, axis) => (x.shape[axis] === 1 ? 0 : i)), row, column]);
      };
      return sumOver(a.shape.at(-1)!, (k) => pick(a, index.at(-2)!, k) * pick(b, k, index.at(-1)!));
    });
  const rows: readonly [string, Nd, Nd, readonly number[]][] = [
    ['two matrices', random([3, 4], 1), random([4, 2], 2), [3, 2]],
    ['batches of matrices', random([5, 3, 4], 1), random([5, 4, 2], 2), [5, 3, 2]],
    ['axes that broadcast on both sides', random([1, 5, 3, 4], 1), random([3, 1, 4, 2], 2), [3, 5, 3, 2]],
    ['different ranks', random([5, 3, 4], 1), random([4, 2], 2), [5, 3, 2]],
    ['a matrix that all samples share', random([5, 3, 4], 1), { ...parameter([1, 4, 2], 2) }, [5, 3, 2]],
    ['a shared batch of matrices', random([5, 3, 4], 1), parameter([1, 5, 4, 2], 2), [5, 3, 2]],
    ['a shared left operand', parameter([1, 3, 4], 2), random([5, 4, 2], 1), [5, 3, 2]],
    ['rank 7', random([2, 1, 2, 2, 3, 4], 1), random([2, 2, 1, 2, 4, 2], 2), [2, 2, 2, 2, 3, 2]],
  ];
  for (const [title, a, b, shape] of rows)
    test(title, async () => {
      assertClose(await runOp({ kind: 'matmul' }, [a, b], shape), product(a, b, shape));
    });
});

/** Naive 2-D convolution, [batch, h, w, c]; `tap` gives the weight from an input channel to an output channel. */
function convolved(
  x: Nd,
  op: ConvOp | DepthwiseConvOp,
  shape: readonly number[],
  tap: (y: number, x: number, from: number, to: number) => number,
  bias: Nd,
): Nd {
  const [rows, columns] = [op.kernel.shape[0]!, op.kernel.shape[1]!];
  return fill([x.shape[0]!, ...shape], ([b, i, j, to]) => {
    let total = at(bias, [to!]);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        for (let from = 0; from < x.shape[3]!; from++) {
          const y = i! * op.strides[0]! + r * op.dilation[0]! - op.pads[0]![0];
          const z = j! * op.strides[1]! + c * op.dilation[1]! - op.pads[1]![0];
          total += padded(x, [b!, y, z, from]) * tap(r, c, from, to!);
        }
    return total;
  });
}

const PADS: Pads = [
  [1, 0],
  [2, 1],
];

describe('conv', () => {
  const rows: readonly [string, number, readonly number[], readonly number[], readonly number[]][] = [
    ['plain', 1, [1, 1], [1, 1], [6, 8, 6]],
    ['strides', 1, [2, 3], [1, 1], [3, 3, 6]],
    ['dilation', 1, [1, 1], [2, 3], [5, 4, 6]],
    ['strides and dilation', 1, [2, 3], [2, 2], [3, 2, 6]],
    ['groups', 2, [2, 1], [1, 1], [3, 8, 6]],
  ];
  for (const [title, groups, strides, dilation, shape] of rows)
    test(title, async () => {
      const x = random([6, 7, 4], 1);
      const [kernel, bias] = [parameter([2, 3, 4 / groups, 6], 2), parameter([6], 3)];
      const weights = { kernel: asWeight('kernel', kernel), bias: asWeight('bias', bias) };
      const op: ConvOp = { kind: 'conv', ...weights, strides, dilation, pads: PADS, groups };
      const [ins, outs] = [4 / groups, 6 / groups];
      const tap = (r: number, c: number, from: number, to: number): number =>
        Math.floor(from / ins) === Math.floor(to / outs) ? at(kernel, [r, c, from % ins, to]) : 0;
      assertClose(await runOp(op, [x], shape), convolved(x, op, shape, tap, bias));
    });

  test('of a sequence, and of several of them in one sample', async () => {
    const [kernel, bias] = [parameter([3, 2, 5], 2), parameter([5], 3)];
    const weights = { kernel: asWeight('kernel', kernel), bias: asWeight('bias', bias) };
    const op: ConvOp = { kind: 'conv', ...weights, strides: [2], dilation: [1], pads: [[1, 0]], groups: 1 };
    const x = random([3, 6, 2], 1);
    const expected = fill([2, 3, 3, 5], ([b, n, i, to]) => {
      const taps = sumOver(3, (t) =>
        sumOver(2, (from) => padded(x, [b!, n!, i! * 2 + t - 1, from]) * at(kernel, [t, from, to!])),
      );
      return taps + at(bias, [to!]);
    });
    assertClose(await runOp(op, [x], [3, 3, 5]), expected);
    const single: Nd = { shape: [6, 6, 2], values: x.values };
    assertClose(await runOp(op, [single], [3, 5]), { shape: [6, 3, 5], values: expected.values });
  });

  test('of images along a further axis of the sample', async () => {
    const [kernel, bias] = [parameter([2, 2, 1, 2], 2), parameter([2], 3)];
    const weights = { kernel: asWeight('kernel', kernel), bias: asWeight('bias', bias) };
    const shared = { strides: [1, 1], dilation: [1, 1], groups: 1, pads: [[0, 0] as const, [0, 0] as const] };
    const op: ConvOp = { kind: 'conv', ...weights, ...shared };
    const x = random([3, 4, 4, 1], 1);
    const images: Nd = { shape: [6, 4, 4, 1], values: x.values };
    const tap = (r: number, c: number, from: number, to: number): number => at(kernel, [r, c, from, to]);
    const expected = convolved(images, op, [3, 3, 2], tap, bias);
    assertClose(await runOp(op, [x], [3, 3, 3, 2]), { shape: [2, 3, 3, 3, 2], values: expected.values });
  });
});

test('depthwise convolutions with a multiplier, strides and dilation', async () => {
  const x = random([6, 7, 3], 1);
  const [kernel, bias] = [parameter([2, 3, 3, 2], 2), parameter([6], 3)];
  const weights = { kernel: asWeight('kernel', kernel), bias: asWeight('bias', bias) };
  for (const [strides, dilation, shape] of [
    [
      [1, 1],
      [1, 1],
      [6, 8, 6],
    ],
    [
      [2, 1],
      [1, 1],
      [3, 8, 6],
    ],
    [
      [2, 2],
      [1, 1],
      [3, 4, 6],
    ],
    [
      [1, 1],
      [2, 2],
      [5, 6, 6],
    ],
    [
      [2, 3],
      [2, 2],
      [3, 2, 6],
    ],
  ] as const) {
    const op: DepthwiseConvOp = { kind: 'depthwiseConv', ...weights, strides, dilation, pads: PADS };
    const tap = (r: number, c: number, from: number, to: number): number =>
      from === Math.floor(to / 2) ? at(kernel, [r, c, from, to % 2]) : 0;
    assertClose(
      await runOp(op, [x], shape),
      convolved(x, op, shape, tap, bias),
      JSON.stringify([strides, dilation]),
    );
  }
});

test('transposed convolution scatters every input over the output', async () => {
  const [kernel, bias] = [parameter([3, 2, 2, 4], 2), parameter([2], 3)];
  const weights = { kernel: asWeight('kernel', kernel), bias: asWeight('bias', bias) };
  const x = random([3, 4, 4], 1);
  for (const [strides, pads, shape] of [
    [
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
      [7, 8, 2],
    ],
    [
      [2, 1],
      [
        [1, 1],
        [0, 1],
      ],
      [5, 4, 2],
    ],
    [
      [2, 3],
      [
        [1, 0],
        [1, 0],
      ],
      [6, 10, 2],
    ],
  ] as const) {
    const op: ConvTransposeOp = { kind: 'convTranspose', ...weights, strides, pads };
    const expected = fill([2, ...shape], ([b, i, j, to]) => {
      let total = at(bias, [to!]);
      fill(x.shape.slice(1), ([y, z, from]) => {
        const [r, c] = [i! + pads[0][0] - y! * strides[0], j! + pads[1][0] - z! * strides[1]];
        if (r >= 0 && r < 3 && c >= 0 && c < 2)
          total += at(x, [b!, y!, z!, from!]) * at(kernel, [r, c, to!, from!]);
        return 0;
      });
      return total;
    });
    assertClose(await runOp(op, [x], shape), expected, JSON.stringify([strides, pads]));
  }
});

test('transposed convolution of a sequence', async () => {
  const kernel = parameter([3, 2, 4], 2);
  const x = random([4, 4], 1);
  const op: ConvTransposeOp = {
    kind: 'convTranspose',
    kernel: asWeight('k', kernel),
    strides: [2],
    pads: [[0, 0]],
  };
  const expected = fill([2, 9, 2], ([b, i, to]) =>
    sumOver(4, (y) => {
      const r = i! - 2 * y;
      return r < 0 || r > 2 ? 0 : sumOver(4, (from) => at(x, [b!, y, from]) * at(kernel, [r, to!, from]));
    }),
  );
  assertClose(await runOp(op, [x], [9, 2]), expected);
});

test('pooling: the maximum and the mean of what lies inside, or with the padding as zeros', async () => {
  const x = random([5, 6, 3], 1, -9, -1);
  const base = { kind: 'pool', size: [3, 2], strides: [2, 1], pads: PADS } as const;
  const shape = [2, 8, 3];
  const window = ([b, i, j, c]: readonly number[]): { inside: number[]; all: number } => {
    const inside: number[] = [];
    for (let r = 0; r < 3; r++)
      for (let k = 0; k < 2; k++) {
        const index = [b!, i! * 2 + r - 1, j! + k - 2, c!];
        if (index.every((at, axis) => at >= 0 && at < x.shape[axis]!)) inside.push(at(x, index));
      }
    return { inside, all: 6 };
  };
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  // The first and the last column of windows lie in the padding alone where there are two columns of it.
  const narrow: Pads = [
    [1, 0],
    [1, 0],
  ];
  const cases: readonly [PoolOp, (at: readonly number[]) => number][] = [
    [{ ...base, mode: 'max', pads: narrow }, (i) => Math.max(...window(i.with(2, i[2]! + 1)).inside)],
    [
      { ...base, mode: 'average', pads: narrow },
      (i) => sum(window(i.with(2, i[2]! + 1)).inside) / window(i.with(2, i[2]! + 1)).inside.length,
    ],
  ];
  for (const [op, f] of cases) assertClose(await runOp(op, [x], [2, 6, 3]), fill([2, 2, 6, 3], f), op.mode);
  const counted: PoolOp = { ...base, mode: 'average', countPadding: true };
  assertClose(
    await runOp(counted, [x], shape),
    fill([2, ...shape], (i) => sum(window(i).inside) / 6),
    'counted',
  );
});

test('pooling of sequences, of windows of one value, and along a further axis', async () => {
  const x = random([3, 5, 2], 1);
  const op: PoolOp = { kind: 'pool', mode: 'average', size: [2], strides: [2], pads: [[0, 0]] };
  const expected = fill(
    [2, 3, 2, 2],
    ([b, n, i, c]) => (at(x, [b!, n!, 2 * i!, c!]) + at(x, [b!, n!, 2 * i! + 1, c!])) / 2,
  );
  assertClose(await runOp(op, [x], [3, 2, 2]), expected);
  for (const mode of ['max', 'average'] as const) {
    const one: PoolOp = {
      kind: 'pool',
      mode,
      size: [1, 1],
      strides: [2, 2],
      pads: [
        [0, 0],
        [0, 0],
      ],
    };
    const picked = fill([2, 2, 3, 2], ([b, i, j, c]) => at(x, [b!, 2 * i!, 2 * j!, c!]));
    assertClose(await runOp(one, [x], [2, 3, 2]), picked, mode);
  }
});

test('ReLU6 written as a clip is computed inside a dense layer, and not inside a matrix product', async () => {
  const kernel = parameter([4, 3], 1, -4, 4);
  const x = random([2, 4], 3);
  const clip: Op = { kind: 'activation', activation: { fn: 'clip', low: 0, high: 6 } };
  const expected = fill([2, 2, 3], ([b, r, unit]) => {
    const value = sumOver(4, (i) => at(x, [b!, r!, i]) * at(kernel, [i, unit!]));
    return Math.min(Math.max(value, 0), 6);
  });
  for (const kind of ['dense', 'matmul'] as const) {
    const build = graphBuilder();
    const input = build.input('x', [2, 4]);
    const value = asWeight('kernel', kernel);
    const constant = kind === 'matmul' ? [build.op('c', { kind: 'constant', value }, [], [4, 3])] : [];
    const op: Op = kind === 'dense' ? { kind, kernel: value } : { kind };
    const y = build.op('y', op, [input, ...constant], [2, 3]);
    const graph = build.graph([build.op('clip', clip, [y], [2, 3])]);
    const [values] = await runGraph(graph, [x.values], 2);
    assertClose({ shape: [2, 2, 3], values: values! }, expected, kind);
  }
});

test('an activation after an embedding is not fused with it', async () => {
  const table = tensor([2, 2], [-1, 2, 3, -4]);
  const build = graphBuilder();
  const x = build.input('x', []);
  const rows = build.op('rows', { kind: 'embedding', kernel: asWeight('table', table) }, [x], [2]);
  const [values] = await runGraph(build.graph([build.relu('relu', rows)]), [Float32Array.of(1, 0)], 2);
  assertClose({ shape: [2, 2], values: values! }, tensor([2, 2], [3, 0, 0, 2]));
});
