import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { RunProgress } from '../../src/protocol/engine.ts';
import { countKernels, NARROW, REGRESSION, run, startTestBackend } from './support.ts';

before(startTestBackend);

const full = () => countKernels(() => run({ model: REGRESSION }));

/** A run that is cancelled when the backend has run so many kernels. */
async function cancelledAt(kernels: number) {
  const controller = new AbortController();
  const { value } = await countKernels(
    () => run({ model: REGRESSION }, { signal: controller.signal }),
    kernels,
    () => controller.abort(),
  );
  return value;
}

for (const share of [0.1, 0.3, 0.5, 0.7, 0.9]) {
  test(`cancelled after ${share * 100} % and resumed: the same bytes, and nothing is measured twice`, async () => {
    const { value: whole, kernels: all } = await full();
    const stopped = await cancelledAt(Math.round(share * all));
    assert.equal(stopped.status, 'cancelled');
    const found =
      stopped.sensitivity.slots.length + stopped.sensitivity.groups.length + stopped.candidates.length;
    assert.ok(found > 0);
    const resumed = await countKernels(() => run({ model: REGRESSION, resume: structuredClone(stopped) }));
    assert.equal(JSON.stringify(resumed.value), JSON.stringify(whole));
    // What it does again is the float network, and the measurement it was in.
    assert.ok(resumed.kernels < all * (1 - share) + 0.1 * all, `${resumed.kernels} of ${all}`);
  });
}

test('what was found is a result of its own: JSON and back resumes too', async () => {
  const { value: whole, kernels } = await full();
  const stopped = await cancelledAt(Math.round(0.6 * kernels));
  const resume = JSON.parse(JSON.stringify(stopped)) as typeof stopped;
  assert.equal(JSON.stringify(await run({ model: REGRESSION, resume })), JSON.stringify(whole));
});

test('a finished result of the same inputs is given back at once', async () => {
  const { value: whole, kernels: all } = await full();
  const again = await countKernels(() => run({ model: REGRESSION, resume: whole }));
  assert.deepEqual(again.value, whole);
  assert.ok(again.kernels < all / 20, `${again.kernels} of ${all}`);
});

test('a result of other settings, data or model is not taken over', async () => {
  const { value: other } = await full();
  const settings = { ...NARROW, maxDrop: 0.1 };
  const fresh = await run({ model: REGRESSION, settings });
  assert.equal(
    JSON.stringify(await run({ model: REGRESSION, settings, resume: other })),
    JSON.stringify(fresh),
  );
  const tiny = await run({});
  assert.equal(JSON.stringify(await run({ resume: other })), JSON.stringify(tiny));
  assert.notEqual((await run({ calibration: { limit: 31 }, resume: tiny })).key, tiny.key);
});

test('progress comes in whole snapshots through all stages', async () => {
  const seen: RunProgress[] = [];
  await run({ model: REGRESSION }, { onProgress: (snapshot) => seen.push(snapshot) });
  const stages = [...new Set(seen.map(({ stage }) => stage))];
  assert.deepEqual(stages, ['open', 'calibrate', 'evaluate', 'sensitivity', 'search']);
  for (const { step, of, elapsedMs, remainingMs } of seen) {
    assert.ok(step >= 0 && step <= of && elapsedMs >= 0);
    assert.ok(remainingMs === null || remainingMs >= 0);
  }
});
