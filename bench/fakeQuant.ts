// The SIMD fake-quantization kernel against the same arithmetic composed of four tfjs ops.

import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import path from 'node:path';
import { fixedGrid } from '../src/core/quantizers/grid.ts';
import { normal, seeded } from '../src/core/random.ts';
import { startBackend } from '../src/engine/backend/backend.ts';
import { composed, fakeQuantTensor } from '../src/engine/backend/fakeQuant.ts';
import { formatTable } from '../src/cli/table.ts';
import { median, pair, spread } from './support/sideBySide.ts';

const SIZES = [2 ** 10, 2 ** 14, 2 ** 18, 2 ** 22];
const ROUNDS = 15;
/** Elements quantized per timing, so that small tensors take long enough to be timed. */
const WORK = 2 ** 22;

async function main(): Promise<void> {
  console.log(await startBackend(path.resolve('dist')));
  const right = 'right' as const;
  const columns = [
    { title: 'Elements', align: right },
    { title: 'kernel, µs', align: right },
    { title: 'composed, µs', align: right },
    { title: 'composed / kernel', align: right },
  ];
  const rows: string[][] = [];
  for (const size of SIZES) rows.push(await benchmark(size));
  console.log(`\n${formatTable(columns, rows)}`);
}

async function benchmark(size: number): Promise<string[]> {
  const grid = fixedGrid({ kind: 'fixed', width: 6, integer: 2, signed: true });
  const attributes = { scale: grid.scale[0]!, low: grid.low[0]!, high: grid.high[0]! };
  const random = seeded(1);
  const x = tf.tensor1d(Float32Array.from({ length: size }, () => normal(random)));
  const kernel = (): tf.Tensor => fakeQuantTensor(x, grid);
  const fallback = (): tf.Tensor => composed(x, attributes);
  tf.tidy(() => assert.deepEqual(kernel().dataSync(), fallback().dataSync(), 'the two differ'));

  const repeats = Math.max(1, WORK / size);
  const repeat = (work: () => tf.Tensor) => (): void => {
    for (let i = 0; i < repeats; i++) work().dispose();
  };
  const ratios: number[] = [];
  const micros: { kernel: number[]; composed: number[] } = { kernel: [], composed: [] };
  await pair(true, repeat(kernel), repeat(fallback)); // warm-up
  for (let round = 0; round < ROUNDS; round++) {
    const { a, b } = await pair(round % 2 === 0, repeat(kernel), repeat(fallback));
    ratios.push(b.ms / a.ms);
    micros.kernel.push((a.ms * 1000) / repeats);
    micros.composed.push((b.ms * 1000) / repeats);
  }
  x.dispose();
  return [
    size.toLocaleString('en-US'),
    median(micros.kernel).toFixed(1),
    median(micros.composed).toFixed(1),
    spread(ratios),
  ];
}

void main();
