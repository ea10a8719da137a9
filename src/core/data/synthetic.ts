// A calibration set for users who have no data: seeded noise of the right shape. It gives ranges and an order of layers,
// not an accuracy, which its note makes every result say.

import { BitLensError } from '../errors.ts';
import { consumers, elements, type Graph, type NodeId } from '../ir/graph.ts';
import type { AffineOp, Op } from '../ir/ops.ts';
import { movesData } from '../ir/tensorRoles.ts';
import type { Grid } from '../quantizers/grid.ts';
import { normal, seeded, type Random } from '../random.ts';
import { checkBatch } from './binding.ts';
import type { Dataset } from './dataset.ts';
import type { ModelInput } from './modelInputs.ts';

/** standard: normal, mean 0, variance 1; pixels: uniform in [0, 255); else uniform in the range, or whole numbers. */
export type Distribution = 'standard' | 'pixels' | Range | Indices;

/** What the quantizer that the file has on the input can hold. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Rows of a table: 0 … below − 1. */
export interface Indices {
  readonly below: number;
}

export interface SyntheticOptions {
  readonly count: number;
  readonly seed: number;
  /** One per input; `standard` where absent. See syntheticDistributions. */
  readonly distributions?: readonly Distribution[] | undefined;
}

/**
 * Sample i of an input depends only on the seed, i and the input: batches of any size give the same samples.
 * @throws `bad-option` when count is not a whole number from 1 on
 */
export function synthetic(inputs: readonly ModelInput[], options: SyntheticOptions): Dataset {
  const { count, seed, distributions = [] } = options;
  if (!Number.isInteger(count) || count < 1)
    throw new BitLensError('bad-option', [
      'The number of synthetic samples must be a whole number from 1 on, not {0}.',
      count,
    ]);
  const kinds = inputs.map((_, at) => distributions[at] ?? 'standard');
  return {
    description: `synthetic calibration: ${count} samples`,
    count,
    shapes: inputs.map(({ shape }) => shape),
    notes: [
      `synthetic calibration (seed ${seed})`,
      ...inputs.map(({ name }, at) => `${name}: ${meaning(kinds[at]!)}`),
    ],
    batch(start, length) {
      checkBatch(count, start, length);
      const fill = ({ shape }: ModelInput, at: number) =>
        draw(shape, kinds[at]!, start, length, mix(seed, at));
      return Promise.resolve(inputs.map(fill));
    },
  };
}

function meaning(kind: Distribution): string {
  if (kind === 'standard') return 'standard normal values';
  if (kind === 'pixels') return 'uniform values 0 … 255, as the first layer rescales pixels';
  if ('below' in kind) return `whole numbers 0 … ${kind.below - 1}, the rows of the first table`;
  const short = (value: number): string => String(Number(value.toPrecision(3)));
  return `uniform values ${short(kind.low)} … ${short(kind.high)}, the range of the input's quantizer`;
}

function value(kind: Distribution, random: Random): number {
  if (kind === 'standard') return normal(random);
  if (kind === 'pixels') return 255 * random.next();
  if ('below' in kind) return Math.floor(kind.below * random.next());
  return kind.low + (kind.high - kind.low) * random.next();
}

function draw(shape: readonly number[], kind: Distribution, start: number, length: number, seed: number) {
  const size = elements(shape);
  const out = new Float32Array(length * size);
  for (let sample = 0; sample < length; sample++) {
    const random = seeded(mix(seed, start + sample));
    for (let i = 0; i < size; i++) out[sample * size + i] = value(kind, random);
  }
  return out;
}

/** Spreads a seed and an index over 32 bits, so that neighbours share no numbers (the finalizer of MurmurHash3). */
function mix(seed: number, index: number): number {
  let hash = (seed ^ Math.imul(index + 1, 0x9e3779b9)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * For each input: `pixels` when all that reads it is an affine layer with scale 1/255 or 1/127.5 (Rescaling), rows when it
 * leads to a table, the range of its quantizer when the file has one there.
 */
export function syntheticDistributions(graph: Graph): readonly Distribution[] {
  const readers = consumers(graph);
  return graph.inputs.map((input) => {
    const ops = readersBehindMoves(graph, readers, input);
    if (ops.length === 0) return 'standard';
    if (ops.every((op) => op.kind === 'affine' && rescalesPixels(op))) return 'pixels';
    const rows = ops.flatMap((op) => (op.kind === 'embedding' ? [op.kernel.shape[0]!] : []));
    if (rows.length > 0) return { below: Math.min(...rows) };
    const [first] = ops;
    return (first?.kind === 'quantize' && ops.length === 1 && rangeOf(first.quantizer.grid)) || 'standard';
  });
}

/** Ops that do something with the values, past those that only move them. */
function readersBehindMoves(graph: Graph, readers: readonly (readonly NodeId[])[], from: NodeId): Op[] {
  return readers[from]!.flatMap((id) => {
    const { op } = graph.nodes[id]!;
    return movesData(op) ? readersBehindMoves(graph, readers, id) : [op];
  });
}

function rangeOf(grid: Grid | undefined): Range | undefined {
  if (!grid) return undefined;
  const [scale, low, high] = [grid.scale[0]!, grid.low[0]!, grid.high[0]!];
  return { low: scale * low, high: scale * high };
}

const rescalesPixels = ({ scale }: AffineOp): boolean =>
  scale.read().every((factor) => Math.abs(factor * 255 - 1) < 0.01 || Math.abs(factor * 127.5 - 1) < 0.01);
