// The hash of data names what the samples are and what is done to them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadData } from '../../src/engine/loadData.ts';
import { loadModel } from '../../src/engine/loadModel.ts';
import type { DataRef } from '../../src/protocol/engine.ts';

test('scale and offset, also those of single channels, are part of the hash', async () => {
  const { prepared } = await loadModel({ path: 'examples/digits/digits.keras' });
  const load = async (how: DataRef) =>
    await loadData({ path: 'examples/digits/test.npz', limit: 4, ...how }, prepared.graph);
  const row = Array<number>(28).fill(2);
  const variants: readonly DataRef[] = [
    {},
    { scale: 2 },
    { offset: 2 },
    { scale: row },
    { scale: row.with(0, 3) },
    { offset: row },
  ];
  const loaded = await Promise.all(variants.map(load));
  assert.equal(new Set(loaded.map(({ description }) => description.hash)).size, variants.length);
  assert.equal((await load({ scale: 1, offset: 0 })).description.hash, loaded[0]!.description.hash);
  assert.ok(loaded[3]!.description.notes.some((note) => note.includes('(28 channels)')));
});
