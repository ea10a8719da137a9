// Every fixture, cut short and with bytes changed: opening it gives a typed error that names the file, or a model whose
// weights can be read. Which bytes are changed follows from the seed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded, type Random } from '../../../src/core/random.ts';
import { attempt } from './hostile/attempt.ts';
import { changed, modelFiles, type ModelFiles } from './hostile/files.ts';

/** BITLENS_DAMAGE=full tries as many as a release should: 50 and 200 for each file, several minutes. */
const isFull = process.env['BITLENS_DAMAGE'] === 'full';
const CUTS = isFull ? 50 : 6;
const CHANGES = isFull ? 200 : 18;
/** No damage may cost more time than this, on a busy machine too. */
const LONGEST_MS = 5000;
/** Where formats keep their structure. */
const HEAD_BYTES = 4096;

for (const model of modelFiles(isFull ? 1 : 40))
  test(`damaged: ${model.name}`, async () => {
    const random = seeded(7);
    for (const [part, bytes] of model.parts) {
      if (bytes.length === 0) continue;
      for (let k = 0; k < CUTS; k++)
        await withstand(model, part, bytes.slice(0, Math.floor((bytes.length * k) / CUTS)), `cut ${k}`);
      for (let k = 0; k < CHANGES; k++) await withstand(model, part, mutated(bytes, random), `change ${k}`);
    }
  });

async function withstand(model: ModelFiles, part: string, bytes: Uint8Array, what: string): Promise<void> {
  const begin = performance.now();
  await attempt(changed(model, part, bytes));
  const time = performance.now() - begin;
  assert.ok(time < LONGEST_MS, `${model.name}, ${part}, ${what}: ${time.toFixed(0)} ms`);
}

/** One byte in most cases, a few sometimes; half of them where the structure is. */
function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = bytes.slice();
  const count = random.next() < 0.7 ? 1 : 4;
  const reach = random.next() < 0.5 ? Math.min(bytes.length, HEAD_BYTES) : bytes.length;
  for (let k = 0; k < count; k++)
    copy[Math.floor(random.next() * reach)]! ^= 1 + Math.floor(random.next() * 255);
  return copy;
}
