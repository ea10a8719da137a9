// The engine as a process of its own, as host and command line use it: dist/engine.js behind the client.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { BitLensError } from '../../src/core/errors.ts';
import type { QuantizeSettings, Result } from '../../src/core/result.ts';
import type { EngineMethods, RunParams, RunProgress } from '../../src/protocol/engine.ts';
import { createEngine, type Engine, type EngineOptions } from '../../src/protocol/engineClient.ts';
import { DIGITS, DIGITS_CALIBRATION, NARROW, REGRESSION, TINY } from './support.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'bitlens-child-'));
after(() => rmSync(folder, { recursive: true }));

function start(t: TestContext, options: Partial<EngineOptions> = {}): Engine {
  const engine = createEngine({ modulePath: path.resolve('dist/engine.js'), ...options });
  t.after(() => engine.dispose());
  return engine;
}

/** An engine whose process runs this script instead. */
function script(t: TestContext, text: string, options: Partial<EngineOptions> = {}): Engine {
  const modulePath = path.join(folder, `${t.name.replace(/\W+/g, '-')}.js`);
  writeFileSync(modulePath, text);
  return start(t, { modulePath, ...options });
}

async function eventually(what: string, condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (condition()) return;
    await setTimeout(50);
  }
  assert.fail(`${what} did not happen in 30 s`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const QUICK: RunParams = { model: REGRESSION, calibration: { limit: 32 }, settings: NARROW };
const all = Array.from({ length: 16 }, (_, i) => 16 - i);
/** Far more candidates than can be measured before the first partial result is due. */
const LONG: RunParams = {
  model: DIGITS,
  calibration: { ...DIGITS_CALIBRATION, limit: 256 },
  settings: { ...NARROW, weightBits: all, activationBits: all } satisfies QuantizeSettings,
};

const rowCount = ({ sensitivity }: Result): number => sensitivity.slots.length + sensitivity.groups.length;

test('a request starts the process, and its answer comes from there', async (t) => {
  const engine = start(t);
  const before = engine.pid;
  const found = await engine.call('inspect', { model: TINY });
  assert.equal(found.totals.parameters, 55);
  assert.equal(before, undefined);
  assert.ok(engine.pid !== before && engine.pid !== process.pid);
});

test('two processes give the same bytes', async (t) => {
  const [a, b] = await Promise.all([start(t), start(t)].map((engine) => engine.call('quantize', QUICK)));
  assert.equal(JSON.stringify(a), JSON.stringify(b));
  assert.match(a!.producer.backend, /^WebAssembly SIMD \(tfjs \d/);
});

test('progress tells stage, step, time left and the best so far; others are answered meanwhile', async (t) => {
  const engine = start(t);
  const seen: RunProgress[] = [];
  let other: Promise<EngineMethods['inspect']['result']> | undefined;
  let answered = false;
  const onProgress = (snapshot: RunProgress): void => {
    seen.push(snapshot);
    other ??= engine.call('inspect', { model: TINY }).finally(() => (answered = true));
  };
  await engine.call('quantize', { ...LONG, settings: NARROW }, { onProgress });
  assert.ok(answered, 'inspect waited for quantize');
  assert.equal((await other!).name, 'tiny');
  assert.deepEqual(
    [...new Set(seen.map(({ stage }) => stage))],
    ['open', 'calibrate', 'evaluate', 'sensitivity', 'search'],
  );
  assert.ok(seen.some(({ stage, remainingMs }) => stage === 'sensitivity' && remainingMs !== null));
  assert.ok(seen.some(({ subject }) => subject !== ''));
  assert.ok(seen.every(({ step, of }) => step <= of));
});

test('a cancelled run gives back what it found', async (t) => {
  const engine = start(t);
  const controller = new AbortController();
  const result = await engine.call('quantize', LONG, {
    signal: controller.signal,
    onProgress: ({ stage, step }) => {
      if (stage === 'sensitivity' && step > 0) controller.abort();
    },
  });
  assert.equal(result.status, 'cancelled');
  assert.deepEqual(
    result.candidates.map(({ label }) => label),
    ['W16A16', 'W8A8', 'W6A6', 'W4A4'],
  );
  assert.ok(rowCount(result) > 0);
  const { pid } = engine;
  await engine.call('inspect', { model: TINY });
  assert.equal(engine.pid, pid, 'the process goes on');
});

test('a request that is cancelled before it is sent does not reach the process', async (t) => {
  const engine = start(t);
  await assert.rejects(engine.call('quantize', QUICK, { signal: AbortSignal.abort() }), (error) =>
    BitLensError.is(error, 'cancelled'),
  );
});

test('a killed process: the request fails with the reason, the partial result is good, the next one starts anew', async (t) => {
  const engine = start(t);
  let partial: Result | null = null;
  let killed = 0;
  const onProgress = (snapshot: RunProgress): void => {
    if (!snapshot.partial || rowCount(snapshot.partial) === 0 || killed > 0) return;
    partial = snapshot.partial;
    killed = engine.pid!;
    process.kill(killed, 'SIGKILL');
  };
  const other = engine.call('quantize', { ...QUICK, model: LONG.model, settings: LONG.settings });
  await Promise.all([
    assert.rejects(
      engine.call('quantize', LONG, { onProgress }),
      (error) =>
        BitLensError.is(error, 'engine-died') &&
        /stopped unexpectedly \(SIGKILL\)/.test(error.message) &&
        /run the command again to go on/.test(error.message),
    ),
    assert.rejects(other, (error) => BitLensError.is(error, 'engine-died')),
  ]);

  const kept = partial as unknown as Result;
  assert.equal(kept.status, 'interrupted');
  assert.ok(kept.candidates.length >= 4 && kept.model.layers.length > 0 && kept.front.length > 0);

  // Resumed in a new process, and cancelled there: all that was known is there, in the same words.
  const controller = new AbortController();
  const first: RunProgress[] = [];
  const resumed = await engine.call(
    'quantize',
    { ...LONG, resume: kept },
    {
      signal: controller.signal,
      onProgress: (snapshot) => {
        if (snapshot.stage !== 'sensitivity' || snapshot.step === 0) return;
        first.push(snapshot);
        controller.abort();
      },
    },
  );
  assert.notEqual(engine.pid, killed);
  assert.equal(resumed.key, kept.key);
  assert.ok(rowCount(resumed) >= rowCount(kept));
  assert.deepEqual(resumed.sensitivity.slots.slice(0, kept.sensitivity.slots.length), kept.sensitivity.slots);
  assert.deepEqual(
    resumed.sensitivity.groups.slice(0, kept.sensitivity.groups.length),
    kept.sensitivity.groups,
  );
  assert.ok(first[0]!.step >= kept.sensitivity.slots.length, 'known steps are skipped');
});

test('wrong parameters and unknown methods are answered, and the process goes on', async (t) => {
  const engine = start(t);
  await engine.call('inspect', { model: TINY });
  const { pid } = engine;
  const wrong = engine as unknown as { call(method: string, params: unknown): Promise<unknown> };
  for (const method of [
    'inspect',
    'listTensors',
    'describeData',
    'evaluate',
    'sensitivity',
    'quantize',
    'estimate',
  ])
    for (const params of [undefined, null, {}, { model: 7 }, { model: { path: 7 }, data: [] }])
      await assert.rejects(wrong.call(method, params), (error) => BitLensError.is(error), method);
  await assert.rejects(wrong.call('format_disk', {}), /Unknown request “format_disk”/);
  await assert.rejects(wrong.call('toString', {}), /Unknown request/);
  await assert.rejects(
    engine.call('inspect', { model: { path: path.join(folder, 'gone.keras') } }),
    (error) => BitLensError.is(error, 'bad-file') && error.message.includes('gone.keras'),
  );
  assert.equal((await engine.call('inspect', { model: TINY })).name, 'tiny');
  assert.equal(engine.pid, pid);
});

test('an idle process ends and comes back', async (t) => {
  const engine = start(t, { idleMs: 50 });
  await engine.call('inspect', { model: TINY });
  const pid = engine.pid!;
  await eventually('the end of the idle process', () => engine.pid === undefined && !isAlive(pid));
  await engine.call('inspect', { model: TINY });
  assert.notEqual(engine.pid, pid);
});

test('a process that works is not idle', async (t) => {
  const engine = start(t, { idleMs: 1 });
  await Promise.all([engine.call('quantize', QUICK), engine.call('inspect', { model: TINY })]);
});

test('dispose ends the process and fails what waits', async (t) => {
  const engine = start(t);
  await engine.call('inspect', { model: TINY });
  const pid = engine.pid!;
  const waiting = engine.call('quantize', LONG);
  engine.dispose();
  await assert.rejects(waiting, (error) => BitLensError.is(error, 'engine-died'));
  await eventually('the end of the disposed process', () => !isAlive(pid));
});

test('the process does not outlive the one that started it', async (t) => {
  const engine = script(
    t,
    `const child = require('node:child_process').fork(${JSON.stringify(path.resolve('dist/engine.js'))}, [], { serialization: 'advanced' });
     child.once('message', () => { console.error('grandchild ' + child.pid); process.kill(process.pid, 'SIGKILL'); });`,
    { onLog: (line) => (pid = Number(/grandchild (\d+)/.exec(line)?.[1] ?? pid)) },
  );
  let pid = 0;
  await assert.rejects(engine.call('inspect', { model: TINY }), (error) =>
    BitLensError.is(error, 'engine-died'),
  );
  await eventually('the end of the orphan', () => pid > 0 && !isAlive(pid));
});

test('a process of another version is refused', async (t) => {
  const engine = script(t, `process.send({ t: 'hello', version: 99 }); setInterval(() => 0, 1000);`);
  await assert.rejects(
    engine.call('inspect', { model: TINY }),
    /The engine speaks protocol 99, not 1\. Reload the window/,
  );
});

test('a process that cannot start says how it ended', async (t) => {
  const engine = script(t, `process.exit(3);`);
  await assert.rejects(engine.call('inspect', { model: TINY }), /stopped unexpectedly \(exit code 3\)/);
});

test('a process that does not hear a cancel is ended after the grace time', async (t) => {
  const engine = script(t, `process.on('message', () => 0);`, { graceMs: 50 });
  const controller = new AbortController();
  const answer = engine.call('quantize', QUICK, { signal: controller.signal });
  controller.abort();
  await assert.rejects(
    answer,
    (error) => BitLensError.is(error, 'engine-died') && /SIGKILL/.test(error.message),
  );
});
