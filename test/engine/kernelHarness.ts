// Runs one op on small tensors and compares it with what naive loops say. Every tensor has its batch axis in front.

import assert from 'node:assert/strict';
import type { Shape, Weight } from '../../src/core/ir/graph.ts';
import type { Op } from '../../src/core/ir/ops.ts';
import { seeded } from '../../src/core/random.ts';
import { graphBuilder, weightOf } from '../support/graphBuilder.ts';
import { runGraph } from './runGraph.ts';

export interface Nd {
  readonly shape: Shape;
  readonly values: Float32Array;
}

export const BATCH = 2;

const count = (shape: Shape): number => shape.reduce((product, extent) => product * extent, 1);

/** A tensor whose entry at an index is `f(index)`; index[0] is the sample. */
export function fill(shape: Shape, f: (index: readonly number[]) => number): Nd {
  const index = shape.map(() => 0);
  const values = new Float32Array(count(shape));
  for (let i = 0; i < values.length; i++) {
    values[i] = f(index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return { shape, values };
}

/** Entry at an index. */
export function at({ shape, values }: Nd, index: readonly number[]): number {
  const place = shape.reduce((sum, extent, axis) => sum * extent + index[axis]!, 0);
  assert.ok(
    index.length === shape.length && index.every((i, axis) => i >= 0 && i < shape[axis]!),
    `${index.join()} is outside of ${shape.join()}`,
  );
  return values[place]!;
}

/** Batch 2 and values between low and high, other ones for each seed. */
export function random(sample: Shape, seed: number, low = -2, high = 2): Nd {
  const generator = seeded(seed);
  return fill([BATCH, ...sample], () => low + (high - low) * generator.next());
}

export function tensor(shape: Shape, values: readonly number[]): Nd {
  assert.equal(values.length, count(shape));
  return { shape, values: Float32Array.from(values) };
}

export const asWeight = (name: string, { shape, values }: Nd): Weight => weightOf(name, shape, values);

/** A parameter: random without a batch axis. */
export function parameter(shape: Shape, seed: number, low = -1, high = 1): Nd {
  const generator = seeded(seed);
  return fill(shape, () => low + (high - low) * generator.next());
}

/** The op on its operands; an operand of batch 1 is a constant of the graph. */
export async function runOp(op: Op, operands: readonly Nd[], sample: Shape): Promise<Nd> {
  const build = graphBuilder();
  const batch = Math.max(...operands.map(({ shape }) => shape[0]!));
  const inputs: Float32Array[] = [];
  const ids = operands.map(({ shape, values }, i) => {
    const own = shape.slice(1);
    if (shape[0] !== batch)
      return build.op(`c${i}`, { kind: 'constant', value: weightOf(`c${i}`, own, values) }, [], own);
    inputs.push(values);
    return build.input(`x${i}`, own);
  });
  const output = build.op('y', op, ids, sample);
  const [values] = await runGraph(build.graph([output]), inputs, batch);
  assert.equal(values!.length, batch * count(sample), 'number of values');
  return { shape: [batch, ...sample], values: values! };
}

/** Largest difference in units of the largest value, or of 1; NaN and infinities have to be at the same places. */
export function assertClose(found: Nd, expected: Nd, what = '', tolerance = 2e-6): void {
  assert.deepEqual(found.shape, expected.shape, what);
  const unit = expected.values.reduce(
    (largest, value) => (Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest),
    1,
  );
  for (const [i, value] of expected.values.entries()) {
    const other = found.values[i]!;
    const near = Object.is(value, other) || Math.abs(value - other) <= tolerance * unit;
    assert.ok(near, `${what}: entry ${i} is ${other}, expected ${value}`);
  }
}

/** Naive broadcasting: the entry of an operand that meets an entry of the result (batch in front, end aligned). */
export function broadcastAt(operand: Nd, index: readonly number[]): number {
  const rank = operand.shape.length - 1;
  const sample = index.slice(index.length - rank);
  const own = [index[0]!, ...(rank === 0 ? [] : sample)];
  return at(
    operand,
    own.map((i, axis) => (operand.shape[axis] === 1 ? 0 : i)),
  );
}
