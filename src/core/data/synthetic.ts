// A calibration set for users who have no data: seeded noise of the right shape. It gives ranges and an order of layers,
// not an accuracy, which its note makes every result say.

import { BitLensError } from '../errors.ts';
import { consumers, elements, type Graph } from '../ir/graph.ts';
import type { AffineOp } from '../ir/ops.ts';
import { normal, seeded } from '../random.ts';
import { checkBatch } from './binding.ts';
import type { Dataset } from './dataset.ts';
import type { ModelInput } from './modelInputs.ts';

/** standard: normal, mean 0, variance 1; pixels: uniform in [0, 255). */
export type Distribution = 'standard' | 'pixels';

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
      ...inputs.map(({ name }, at) => `${name}: ${MEANING[kinds[at]!]}`),
    ],
    batch(start, length) {
      checkBatch(count, start, length);
      const fill = ({ shape }: ModelInput, at: number) =>
        draw(shape, kinds[at]!, start, length, mix(seed, at));
      return Promise.resolve(inputs.map(fill));
    },
  };
}

const MEANING: Readonly<Record<Distribution, string>> = {
  standard: 'standard normal values',
  pixels: 'uniform values 0 … 255, as the first layer rescales pixels',
};

function draw(shape: readonly number[], kind: Distribution, start: number, length: number, seed: number) {
  const size = elements(shape);
  const out = new Float32Array(length * size);
  for (let sample = 0; sample < length; sample++) {
    const random = seeded(mix(seed, start + sample));
    for (let i = 0; i < size; i++)
      out[sample * size + i] = kind === 'pixels' ? 255 * random.next() : normal(random);
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

/** For each input: `pixels` when all that reads it is an affine layer with scale 1/255 or 1/127.5 (Rescaling). */
export function syntheticDistributions(graph: Graph): readonly Distribution[] {
  const readers = consumers(graph);
  return graph.inputs.map((input) => {
    const ops = readers[input]!.map((id) => graph.nodes[id]!.op);
    return ops.length > 0 && ops.every((op) => op.kind === 'affine' && rescalesPixels(op))
      ? 'pixels'
      : 'standard';
  });
}

const rescalesPixels = ({ scale }: AffineOp): boolean =>
  scale.read().every((value) => Math.abs(value * 255 - 1) < 0.01 || Math.abs(value * 127.5 - 1) < 0.01);
