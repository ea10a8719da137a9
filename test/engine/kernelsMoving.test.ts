import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Op } from '../../src/core/ir/ops.ts';
import { seeded } from '../../src/core/random.ts';
import { graphBuilder } from '../support/graphBuilder.ts';
import { runGraph } from './runGraph.ts';
import { assertClose, asWeight, at, fill, parameter, random, runOp, tensor } from './kernelHarness.ts';

const generator = seeded(5);
const below = (n: number): number => Math.floor(generator.next() * n);
const shapeOf = (rank: number, largest = 3): number[] =>
  Array.from({ length: rank }, () => 1 + below(largest));

test('reshape keeps the order of every sample', async () => {
  const x = random([2, 6], 1);
  const y = await runOp({ kind: 'reshape' }, [x], [3, 2, 2]);
  assert.deepEqual(y.values, x.values);
});

test('permute in every rank up to 7', async () => {
  for (let rank = 1; rank <= 7; rank++) {
    const shape = shapeOf(rank);
    const order = shape.map((_, axis) => axis).sort(() => generator.next() - 0.5);
    const x = random(shape, rank);
    const to = order.map((axis) => shape[axis]!);
    const expected = fill([2, ...to], ([b, ...index]) => {
      const from = shape.map((_, axis) => index[order.indexOf(axis)]!);
      return at(x, [b!, ...from]);
    });
    assertClose(await runOp({ kind: 'permute', order }, [x], to), expected, order.join());
  }
});

test('slice: random starts and steps, forwards and backwards, in every rank up to 7', async () => {
  for (let round = 0; round < 30; round++) {
    const shape = shapeOf(1 + (round % 7), 6);
    const forwards = round % 5 === 0;
    const parts = shape.map((extent) => {
      const step = forwards ? 1 : [1, 2, -1, -2, 3][below(5)]!;
      const start = below(extent);
      const reach = step > 0 ? extent - 1 - start : start;
      return { start, step, size: 1 + below(Math.floor(reach / Math.abs(step)) + 1) };
    });
    const x = random(shape, round);
    const op: Op = { kind: 'slice', starts: parts.map((p) => p.start), steps: parts.map((p) => p.step) };
    const to = parts.map((p) => p.size);
    const expected = fill([2, ...to], ([b, ...index]) =>
      at(x, [b!, ...index.map((i, axis) => parts[axis]!.start + i * parts[axis]!.step)]),
    );
    assertClose(await runOp(op, [x], to), expected, JSON.stringify(parts));
  }
});

test('a slice that leaves its tensor is refused, not read from other memory', async () => {
  const op: Op = { kind: 'slice', starts: [2], steps: [2] };
  await assert.rejects(runOp(op, [random([4], 1)], [3]), /leaves a tensor of 8 elements/);
});

describe('pad', () => {
  const source = (mode: string, at: number, extent: number): number => {
    if (at >= 0 && at < extent) return at;
    if (mode === 'constant') return -1;
    if (mode === 'edge') return at < 0 ? 0 : extent - 1;
    let i = at;
    while (i < 0 || i >= extent) i = extent === 1 ? 0 : i < 0 ? -i : 2 * (extent - 1) - i;
    return i;
  };
  for (const mode of ['constant', 'reflect', 'edge'] as const)
    test(`${mode}, in every rank up to 7`, async () => {
      for (let rank = 1; rank <= 7; rank++) {
        const shape = shapeOf(rank);
        const pads = shape.map((): [number, number] => [below(3), below(3)]);
        const to = shape.map((extent, axis) => extent + pads[axis]![0] + pads[axis]![1]);
        const x = random(shape, rank);
        const expected = fill([2, ...to], ([b, ...index]) => {
          const from = index.map((i, axis) => source(mode, i - pads[axis]![0], shape[axis]!));
          return from.includes(-1) ? 7.5 : at(x, [b!, ...from]);
        });
        const found = await runOp({ kind: 'pad', pads, mode, value: 7.5 }, [x], to);
        assertClose(found, expected, `${shape.join('×')} ${JSON.stringify(pads)}`);
      }
    });
});

test('expand and tile', async () => {
  const x = random([3, 1, 2], 1);
  const wide = await runOp({ kind: 'expand' }, [x], [4, 3, 5, 2]);
  assertClose(
    wide,
    fill([2, 4, 3, 5, 2], ([b, , i, , k]) => at(x, [b!, i!, 0, k!])),
  );
  const tiled = await runOp({ kind: 'tile', repeats: [2, 3, 2] }, [x], [6, 3, 4]);
  assertClose(
    tiled,
    fill([2, 6, 3, 4], ([b, i, , k]) => at(x, [b!, i! % 3, 0, k! % 2])),
  );
});

test('concat of operands of which one is the same for all samples', async () => {
  const [x, c] = [random([2, 3], 1), tensor([1, 2, 1], [8, 9])];
  const y = await runOp({ kind: 'concat', axis: 1 }, [x, c, x], [2, 7]);
  assertClose(
    y,
    fill([2, 2, 7], ([b, i, j]) => (j === 3 ? 8 + i! : at(x, [b!, i!, j! < 3 ? j! : j! - 4]))),
  );
});

test('a constant that is an output is given for each sample', async () => {
  const x = random([2], 1);
  const value = asWeight('c', tensor([3], [1, 2, 3]));
  const y = await runOp({ kind: 'constant', value }, [x], [3]);
  assert.deepEqual([...y.values], [1, 2, 3, 1, 2, 3]);
});

describe('gather', () => {
  test('fixed indices, their shape in the place of the axis; negative ones from the end', async () => {
    const x = random([3, 4, 2], 1);
    const y = await runOp({ kind: 'gather', axis: 1, indices: [0, -1, 2, 2, 1, -4] }, [x], [3, 2, 3, 2]);
    const from = [0, 3, 2, 2, 1, 0];
    assertClose(
      y,
      fill([2, 3, 2, 3, 2], ([b, i, r, c, k]) => at(x, [b!, i!, from[r! * 3 + c!]!, k!])),
    );
  });

  test('one index takes the axis away', async () => {
    const x = random([3, 4], 1);
    const y = await runOp({ kind: 'gather', axis: 0, indices: [-1] }, [x], [4]);
    assertClose(
      y,
      fill([2, 4], ([b, j]) => at(x, [b!, 2, j!])),
    );
  });

  test('indices of each sample; what lies outside is the nearest entry', async () => {
    const x = random([2, 3, 2], 1);
    const indices = tensor([2, 2], [0, -1, 1, 99]);
    const from = [
      [0, 2],
      [1, 2],
    ];
    const expected = fill([2, 2, 2, 2], ([b, i, j, k]) => at(x, [b!, i!, from[b!]![j!]!, k!]));
    assertClose(await runOp({ kind: 'gather', axis: 1 }, [x, indices], [2, 2, 2]), expected);
  });

  test('of a table that all samples share, and shared indices', async () => {
    const table = tensor([1, 3], [10, 20, 30]);
    const each = tensor([2, 2, 1], [2, 0, -2, 1]);
    const y = await runOp({ kind: 'gather', axis: 0 }, [table, each], [2, 1]);
    assert.deepEqual([...y.values], [30, 10, 20, 20]);
    const x = random([3], 1);
    const shared = await runOp({ kind: 'gather', axis: 0 }, [x, tensor([1, 2], [2, 1])], [2]);
    assertClose(
      shared,
      fill([2, 2], ([b, i]) => at(x, [b!, 2 - i!])),
    );
  });
});

test('gatherElements: negative and outlying indices, along every axis', async () => {
  const x = random([3, 4], 1);
  for (const axis of [0, 1]) {
    const indices = fill([2, 2, 3], ([b, i, j]) => (b! + i! * j! + 1) * (j === 2 ? -1 : 1));
    const extent = axis === 0 ? 3 : 4;
    const expected = fill([2, 2, 3], (index) => {
      const wanted = at(indices, index);
      const from = Math.min(Math.max(wanted < 0 ? wanted + extent : wanted, 0), extent - 1);
      return at(x, index.with(axis + 1, from));
    });
    assertClose(await runOp({ kind: 'gatherElements', axis }, [x, indices], [2, 3]), expected);
  }
});

test('embedding takes a row for each index', async () => {
  const table = parameter([5, 2, 3], 4);
  const indices = tensor([2, 4], [0, 4, 2, -1, 1, 1, 3, 7]);
  const rows = [0, 4, 2, 4, 1, 1, 3, 4];
  const expected = fill([2, 4, 2, 3], ([b, i, j, k]) => at(table, [rows[b! * 4 + i!]!, j!, k!]));
  const op: Op = { kind: 'embedding', kernel: asWeight('table', table) };
  assertClose(await runOp(op, [indices], [4, 2, 3]), expected);
});

test('resize mixes taps along several axes', async () => {
  const x = random([3, 4, 2], 1);
  const rows = { axis: 0, taps: 1, indices: Int32Array.of(2, 0, 0, 1), weights: Float32Array.of(1, 1, 1, 1) };
  const columns = {
    axis: 1,
    taps: 2,
    indices: Int32Array.of(0, 1, 3, 3, 2, 0),
    weights: Float32Array.of(0.25, 0.75, 0.5, 0.5, -1, 2),
  };
  const expected = fill([2, 4, 3, 2], ([b, i, j, k]) =>
    [0, 1].reduce((sum, t) => {
      const tap = j! * 2 + t;
      return sum + columns.weights[tap]! * at(x, [b!, rows.indices[i!]!, columns.indices[tap]!, k!]);
    }, 0),
  );
  assertClose(await runOp({ kind: 'resize', along: [rows, columns] }, [x], [4, 3, 2]), expected);
});

test('what changes nothing gives a tensor of its own: its operand may be disposed before it', async () => {
  const x = random([3], 1);
  const nothing: readonly Op[] = [
    { kind: 'identity' },
    { kind: 'resize', along: [] },
    { kind: 'permute', order: [0] },
    { kind: 'pad', pads: [[0, 0]], mode: 'reflect', value: 0 },
    { kind: 'merge', fn: 'add' },
    { kind: 'expand' },
  ];
  for (const op of nothing) {
    const build = graphBuilder();
    const input = build.input('x', [3]);
    const same = build.op('same', op, [input], [3]);
    const negative = build.op('negative', { kind: 'map', fn: 'negate' }, [same], [3]);
    const sum = build.op('sum', { kind: 'merge', fn: 'add' }, [same, negative], [3]);
    const [values] = await runGraph(build.graph([sum]), [x.values], 2);
    assert.deepEqual([...values!], [0, 0, 0, 0, 0, 0], op.kind);
    assertClose(await runOp(op, [x], [3]), x);
  }
});
