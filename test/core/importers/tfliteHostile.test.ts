// Damaged TensorFlow Lite files: a typed error or a right answer, quickly.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BitLensError } from '../../../src/core/errors.ts';
import { openModel } from '../../../src/core/importers/registry.ts';
import { weightsOf } from '../../../src/core/ir/opFacts.ts';
import { seeded } from '../../../src/core/random.ts';
import { memorySource } from '../../support/memorySource.ts';
import { fixtureBytes } from './support.ts';
import { MODELS } from './tfliteSupport.ts';

/** Opens the file and reads all its weights. */
async function readAll(bytes: Uint8Array): Promise<'read' | BitLensError> {
  try {
    const graph = await openModel(memorySource('m.tflite', bytes), {});
    for (const { op } of graph.nodes) for (const weight of weightsOf(op)) weight.read();
    return 'read';
  } catch (error) {
    if (BitLensError.is(error) && error.kind !== 'internal') return error;
    throw error;
  }
}

describe('damaged files', () => {
  for (const name of MODELS) {
    const bytes = fixtureBytes(`tflite/${name}.tflite`);

    test(`${name} cut short is refused`, async () => {
      for (let cut = 0; cut < 50; cut++) {
        const length = Math.floor((bytes.length * cut) / 50);
        const result = await readAll(bytes.slice(0, length));
        assert.ok(result !== 'read' && result.kind === 'bad-file', `${length} of ${bytes.length} bytes`);
      }
    });

    test(`${name} with single bytes changed`, async () => {
      const random = seeded(17);
      for (let flip = 0; flip < 200; flip++) {
        const changed = bytes.slice();
        changed[Math.floor(random.next() * bytes.length)] = Math.floor(random.next() * 256);
        const begin = performance.now();
        await readAll(changed);
        assert.ok(performance.now() - begin < 5000);
      }
    });
  }
});
