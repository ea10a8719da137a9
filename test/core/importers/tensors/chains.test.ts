// Random chains of tensor operations, once on the network's inputs and once on constants of the same values: what the
// backend runs and what constant folding computes are two implementations that must agree.

import assert from 'node:assert/strict';
import test from 'node:test';
import { elements, type Shape } from '../../../../src/core/ir/graph.ts';
import { concat } from '../../../../src/core/importers/tensors/concat.ts';
import { activate, cast, map, merge, where } from '../../../../src/core/importers/tensors/elementwise.ts';
import { gather, gatherElements } from '../../../../src/core/importers/tensors/gather.ts';
import { constant } from '../../../../src/core/importers/tensors/constants.ts';
import { matMul } from '../../../../src/core/importers/tensors/linear.ts';
import { expand, pad, slice, tile } from '../../../../src/core/importers/tensors/moving.ts';
import { softmax } from '../../../../src/core/importers/tensors/normalization.ts';
import {
  arg,
  cumulate,
  reduce,
  topK,
  type Reduction,
} from '../../../../src/core/importers/tensors/reduction.ts';
import { reshape, squeeze, transpose, unsqueeze } from '../../../../src/core/importers/tensors/shape.ts';
import type { TensorGraph } from '../../../../src/core/importers/tensors/tensorGraph.ts';
import type { Tensor } from '../../../../src/core/importers/tensors/tensor.ts';
import type { MapFunction, MergeFunction } from '../../../../src/core/ir/ops.ts';
import { seeded } from '../../../../src/core/random.ts';
import { asConstant, assertSame, fold, run, values, type Build, type Values } from './support.ts';

const CHAINS = 400;
const MOST_ELEMENTS = 600;
const MOST_AXES = 5;

interface Chance {
  /** 0 … n − 1 */
  below(n: number): number;
  pick<T>(list: readonly T[]): T;
  yes(share?: number): boolean;
  number(): number;
}

function chance(seed: number): Chance {
  const random = seeded(seed);
  const below = (n: number): number => Math.floor(random.next() * n);
  return {
    below,
    pick: (list) => list[below(list.length)]!,
    yes: (share = 0.5) => random.next() < share,
    number: () => Math.fround(random.next() * 4 - 2),
  };
}

interface Step {
  readonly g: TensorGraph;
  readonly x: Tensor;
  /** Tensors made so far. */
  readonly known: readonly Tensor[];
  readonly c: Chance;
  readonly axis: number;
}

const axesOf = (shape: Shape): readonly number[] => shape.map((_, axis) => axis);
const some = (c: Chance, list: readonly number[]): readonly number[] => list.filter(() => c.yes());
const each = (x: Tensor, value: (extent: number, axis: number) => number): readonly number[] =>
  x.shape.map(value);

function shuffled(c: Chance, list: readonly number[]): readonly number[] {
  const left = [...list];
  return list.map(() => left.splice(c.below(left.length), 1)[0]!);
}

/** A random constant, its extents some of `shape`, the others 1, leading ones maybe missing. */
function broadcastable(c: Chance, shape: Shape): Tensor {
  const own = shape.map((extent) => (c.yes(0.6) ? extent : 1)).slice(c.below(shape.length + 1));
  return stored(c, own);
}

const stored = (c: Chance, shape: Shape): Tensor => asConstant(values(shape, () => c.number()));

/** Extents of the same number of elements: neighbours joined, one split, ones put in. */
function otherShape(c: Chance, shape: Shape): Shape {
  const parts = shape.flatMap((extent) => {
    const divisor = [2, 3, 5].find((d) => extent % d === 0 && extent > d);
    return divisor !== undefined && c.yes(0.4) ? [divisor, extent / divisor] : [extent];
  });
  const joined = parts.reduce<number[]>(
    (list, extent) =>
      list.length > 0 && c.yes(0.3) ? [...list.slice(0, -1), list.at(-1)! * extent] : [...list, extent],
    [],
  );
  const withOnes = joined.flatMap((extent) => (c.yes(0.15) ? [1, extent] : [extent]));
  return withOnes.length > MOST_AXES ? [elements(shape)] : withOnes;
}

const REDUCTIONS: readonly Reduction[] = [
  'sum',
  'mean',
  'max',
  'min',
  'product',
  'logSumExp',
  'l1',
  'l2',
  'sumSquares',
];
const MERGES: readonly MergeFunction[] = ['add', 'subtract', 'multiply', 'average', 'maximum', 'minimum'];
const MAPS: readonly MapFunction[] = ['abs', 'negate', 'sin', 'erf'];

const indicesFor = (c: Chance, shape: Shape, extent: number): Tensor =>
  constant(
    'indices',
    shape,
    'int',
    Array.from({ length: elements(shape) }, () => c.below(2 * extent) - extent),
  );

const STEPS: Readonly<Record<string, (step: Step) => Tensor>> = {
  transpose: ({ g, x, c }) => transpose(g, x, shuffled(c, axesOf(x.shape))),
  transposeAgain: ({ g, x, c }) => transpose(g, x, shuffled(c, axesOf(x.shape))),
  reshape: ({ g, x, c }) => reshape(g, x, otherShape(c, x.shape)),
  squeeze({ g, x, c }) {
    const unit = axesOf(x.shape).filter((axis) => x.shape[axis] === 1);
    return squeeze(g, x, some(c, unit));
  },
  unsqueeze({ g, x, c }) {
    if (x.shape.length >= MOST_AXES) return x;
    return unsqueeze(g, x, [c.below(x.shape.length + 1)]);
  },
  slice({ g, x, c }) {
    const sizes = each(x, (extent) => 1 + c.below(extent));
    const steps = each(x, (extent, axis) => {
      const most = sizes[axis] === 1 ? 3 : Math.floor((extent - 1) / (sizes[axis]! - 1));
      return (1 + c.below(most)) * (c.yes(0.3) ? -1 : 1);
    });
    const starts = each(x, (extent, axis) => {
      const reach = (sizes[axis]! - 1) * Math.abs(steps[axis]!);
      const first = c.below(extent - reach);
      return steps[axis]! > 0 ? first : first + reach;
    });
    return slice(g, x, { starts, sizes, steps });
  },
  concat({ g, x, c, axis, known }) {
    const fits = known.filter(
      ({ shape }) =>
        shape.length === x.shape.length && shape.every((e, at) => at === axis || e === x.shape[at]),
    );
    const constantPart = stored(c, x.shape.with(axis, 1 + c.below(3)));
    const others = [
      ...some(c, axesOf(fits.map(() => 0))).map((at) => fits[at]!),
      ...(c.yes() ? [constantPart] : []),
    ];
    return concat(g, c.yes() ? [x, ...others] : [...others, x], axis);
  },
  pad({ g, x, c }) {
    const mode = c.pick(['constant', 'reflect', 'edge'] as const);
    const pads = x.shape.map((extent): [number, number] => {
      const amount = (): number => (c.yes() ? c.below(mode === 'reflect' ? Math.min(extent, 3) : 3) : 0);
      const cut = mode === 'constant' && extent > 1 && c.yes(0.2);
      return cut ? [-1, amount()] : [amount(), amount()];
    });
    return pad(g, x, pads, mode, c.number());
  },
  tile: ({ g, x, c }) =>
    tile(
      g,
      x,
      each(x, () => 1 + c.below(2)),
    ),
  expand({ g, x, c }) {
    const shape = each(x, (extent) => (extent === 1 ? 1 + c.below(3) : extent));
    return expand(g, x, c.yes(0.3) && shape.length < MOST_AXES ? [2, ...shape] : shape);
  },
  gather({ g, x, c, axis }) {
    const shape = Array.from({ length: c.below(3) }, () => 1 + c.below(3));
    return gather(g, x, indicesFor(c, shape, x.shape[axis]!), axis);
  },
  gatherElements({ g, x, c, axis }) {
    const shape = each(x, (extent, at) => (at === axis ? 1 + c.below(4) : 1 + c.below(extent)));
    return gatherElements(g, x, indicesFor(c, shape, x.shape[axis]!), axis);
  },
  gatherBestOf({ g, x, axis, c }) {
    const best = arg(g, c.pick(['max', 'min'] as const), softStep(g, x), axis, {
      keepDims: c.yes(),
      last: c.yes(),
    });
    return x.shape[axis]! > 1 ? gather(g, x, best, axis) : x;
  },
  merge: ({ g, x, c }) => merge(g, c.pick(MERGES), [x, broadcastable(c, x.shape)]),
  mergeLeft: ({ g, x, c }) => merge(g, c.pick(MERGES), [broadcastable(c, x.shape), x]),
  mergeGrowing({ g, x, c }) {
    const shape = x.shape.map((extent) => (extent === 1 ? 1 + c.below(3) : extent));
    return merge(g, 'multiply', [x, broadcastable(c, shape)]);
  },
  mergeKnown({ g, x, c, known }) {
    const fits = known.filter(({ shape }) =>
      shape.every((extent, at) => {
        const other = x.shape[at - shape.length + x.shape.length] ?? 1;
        return extent === 1 || other === 1 || extent === other;
      }),
    );
    return fits.length > 0 ? merge(g, c.pick(MERGES), [x, c.pick(fits)]) : x;
  },
  where({ g, x, c }) {
    const condition = merge(g, 'less', [broadcastable(c, x.shape), stored(c, [])]);
    return where(g, condition, x, broadcastable(c, x.shape));
  },
  map: ({ g, x, c }) => map(g, c.pick(MAPS), x),
  activate: ({ g, x }) => activate(g, { fn: 'tanh' }, x),
  cast: ({ g, x }) => cast(g, cast(g, map(g, 'sin', x), 'float'), 'float'),
  reduce: ({ g, x, c }) =>
    reduce(g, c.pick(REDUCTIONS), activate(g, { fn: 'tanh' }, x), some(c, axesOf(x.shape)), c.yes()),
  softmax: ({ g, x, c, axis }) => softmax(g, x, axis, c.yes()),
  cumulate: ({ g, x, c, axis }) => cumulate(g, x, axis, { exclusive: c.yes(), reverse: c.yes() }),
  topValues: ({ g, x, c, axis }) =>
    topK(g, x, { k: 1 + c.below(x.shape[axis]!), axis, largest: c.yes() }).values,
  matMul({ g, x, c }) {
    const inner = x.shape.at(-1)!;
    const batch = c.yes() ? [] : x.shape.slice(0, -2).map((extent) => (c.yes() ? extent : 1));
    return matMul(g, x, stored(c, c.yes(0.2) ? [inner] : [...batch, inner, 1 + c.below(4)]));
  },
  matMulLeft({ g, x, c }) {
    if (x.shape.length < 2) return x;
    return matMul(
      g,
      stored(c, [...(c.yes() ? x.shape.slice(0, -2) : []), 1 + c.below(3), x.shape.at(-2)!]),
      x,
    );
  },
  matMulItself({ g, x }) {
    if (x.shape.length < 2) return x;
    const axes = axesOf(x.shape);
    return matMul(g, x, transpose(g, x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]));
  },
};

/** Steps far from each other: rounding cannot change which value is the greatest. */
const softStep = (g: TensorGraph, x: Tensor): Tensor => map(g, 'round', merge(g, 'multiply', [x, stored2()]));
const stored2 = (): Tensor => asConstant({ shape: [], values: [0.75] });

/** The same operations whatever the tensors are: they depend on the seed and on shapes alone. */
function chain(seed: number, names: string[]): Build {
  return (g, ...inputs) => {
    const c = chance(seed);
    const known: Tensor[] = [...inputs];
    names.length = 0;
    for (let length = 2 + c.below(7); length > 0; length--) {
      const x = c.yes(0.8) ? known.at(-1)! : c.pick(known);
      const name = c.pick(Object.keys(STEPS));
      if (x.shape.length === 0) continue;
      const y = STEPS[name]!({ g, x, known, c, axis: c.below(x.shape.length) });
      names.push(`${name} [${x.shape.join()}] -> [${y.shape.join()}]`);
      if (elements(y.shape) <= MOST_ELEMENTS && y.shape.length <= MOST_AXES) known.push(y);
    }
    return [known.at(-1)!, c.pick(known)];
  };
}

function inputsOf(seed: number): readonly Values[] {
  const c = chance(seed + 1e6);
  const shape = Array.from({ length: 1 + c.below(4) }, () => 1 + c.below(4));
  const first = c.yes(0.7) ? [1, ...shape] : shape;
  const second = c.yes() ? first : first.map((extent) => (c.yes() ? extent : 1));
  return [first, second].map((own) => values(own, () => c.number()));
}

test(`${CHAINS} random chains: folded constants are what the backend computes`, async () => {
  const seen = new Set<string>();
  const failures: string[] = [];
  for (let seed = 1; seed <= CHAINS; seed++) {
    const names: string[] = [];
    try {
      const inputs = inputsOf(seed);
      const build = chain(seed, names);
      const expected = fold(inputs, build);
      assertSame(await run(inputs, build), expected, 2e-5);
    } catch (error) {
      failures.push(
        `seed ${seed}: ${names.join('; ')}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    for (const name of names) seen.add(name.split(' ')[0]!);
  }
  assert.deepEqual(failures, []);
  assert.deepEqual([...seen].sort(), Object.keys(STEPS).sort(), 'every kind of step took part');
});
