import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { BitLensError } from '../../src/core/errors.ts';
import { bindPlan } from '../../src/core/plan.ts';
import { parseFormat } from '../../src/core/quantizers/format.ts';
import type { Candidate, QuantizeSettings, Result } from '../../src/core/result.ts';
import { createAssigner } from '../../src/engine/assignment.ts';
import { createEvaluator, executorFor } from '../../src/engine/evaluator.ts';
import { sensitivity } from '../../src/engine/jobs/sensitivity.ts';
import { loadData } from '../../src/engine/loadData.ts';
import { loadModel } from '../../src/engine/loadModel.ts';
import {
  DIGITS,
  DIGITS_CALIBRATION,
  DIGITS_DATA,
  NARROW,
  REGRESSION,
  run,
  startTestBackend,
  TINY,
} from './support.ts';

before(startTestBackend);

const settings = (changes: Partial<QuantizeSettings>): QuantizeSettings => ({ ...NARROW, ...changes });
const chosen = (result: Result): Candidate => result.candidates[result.chosen!]!;

test('the same model, data, settings and seed give the same bytes', async () => {
  const params = { model: DIGITS, calibration: DIGITS_DATA, settings: settings({ range: 'output' }) };
  const first = JSON.stringify(await run(params));
  assert.equal(JSON.stringify(await run(params)), first);
  assert.ok(!first.includes(process.cwd()), 'no path of this machine');
});

test('another seed gives other synthetic samples and another key', async () => {
  const [a, b] = [await run({}), await run({ settings: settings({ seed: 2 }) })];
  assert.notEqual(a.key, b.key);
  assert.notEqual(a.calibration.hash, b.calibration.hash);
  assert.notDeepEqual(a.sensitivity.slots, b.sensitivity.slots);
});

test('synthetic data are said plainly', async () => {
  const { calibration, evaluation, float } = await run({});
  assert.ok(calibration.synthetic && evaluation.synthetic);
  assert.match(calibration.description, /synthetic calibration/);
  assert.match(calibration.notes.join('\n'), /synthetic calibration \(seed 1\)/);
  assert.equal(float.accuracyBasis, 'estimate');
});

test('rows and candidates are what a direct measurement without cache gives', async () => {
  const result = await run({ model: DIGITS, calibration: DIGITS_DATA });
  const { prepared } = await loadModel(DIGITS);
  const { dataset } = await loadData(DIGITS_DATA, prepared.graph);
  const executor = executorFor(prepared);
  const evaluator = await createEvaluator(executor, prepared, dataset, { cacheBytes: 0, statistics: true });
  const assigner = createAssigner(prepared, 'mse', evaluator.statistics.bind(evaluator));
  for (const row of result.sensitivity.slots) {
    const formats = new Map([[row.slot, parseFormat(row.format)]]);
    const { slot, bits, format } = row;
    assert.deepEqual({ slot, bits, format, ...(await evaluator.measure(assigner.assign(formats))) }, row);
  }
  for (const { label, plan, metrics } of result.candidates.slice(0, 8)) {
    const formats = bindPlan(plan, prepared.slots);
    assert.deepEqual(await evaluator.measure(assigner.assign(formats)), metrics, label);
  }
  evaluator.dispose();
  executor.dispose();
});

test('the sensitivity job measures what the main job measures', async () => {
  const params = { model: TINY, calibration: { limit: 32 }, settings: NARROW };
  const context = { signal: new AbortController().signal, report: () => undefined };
  const alone = await sensitivity(params, context, 'test');
  const whole = await run(params);
  assert.deepEqual(alone.rows, whole.sensitivity.groups);
  assert.deepEqual(alone.slots, whole.sensitivity.slots);
  assert.deepEqual(alone.groups, whole.model.groups);
  assert.equal(alone.status, 'complete');
});

test('the result holds together', async () => {
  const result = await run({ model: DIGITS, calibration: DIGITS_CALIBRATION, evaluation: DIGITS_DATA });
  const { candidates, front, model } = result;
  assert.equal(result.float.accuracyBasis, 'labels');
  assert.ok(result.float.accuracy! > 0.9);
  assert.ok(chosen(result).dropBound <= NARROW.maxDrop!);
  const slots = new Set(model.slots.map(({ id }) => id));
  for (const { plan, costs, drop, metrics } of candidates) {
    assert.deepEqual(new Set(Object.keys(plan)), slots);
    assert.ok(costs.bops! > 0 && costs.lut! > 0 && costs.latency! > 0);
    assert.equal(drop, result.float.accuracy! - metrics.accuracy!);
  }
  const points = front.map((i) => candidates[i]!);
  for (const [i, { costs, drop }] of points.entries()) {
    if (i > 0) assert.ok(costs.bops! > points[i - 1]!.costs.bops! && drop < points[i - 1]!.drop);
    assert.ok(!candidates.some((other) => other.costs.bops! < costs.bops! && other.drop <= drop));
  }
  assert.deepEqual(
    candidates.filter(({ origin }) => origin === 'uniform').map(({ label }) => label),
    ['W8A8', 'W6A6', 'W4A4'],
  );
  assert.ok(chosen(result).costs.bops! <= candidates.find(({ label }) => label === 'W8A8')!.costs.bops!);
});

for (const name of ['lut', 'dsp'] as const) {
  test(`a budget of ${name} is respected, and of what respects it the plan that loses least is chosen`, async () => {
    const wide = settings({ maxDrop: null, weightBits: [16, 8, 4], activationBits: [16, 8, 4] });
    const costs = (await run({ settings: wide })).candidates.map((candidate) => candidate.costs[name]!);
    const bound = (Math.min(...costs) + Math.max(...costs)) / 2;
    const result = await run({ settings: { ...wide, budget: { [name]: bound } } });
    assert.ok(chosen(result).costs[name]! <= bound);
    const within = result.candidates.filter((candidate) => candidate.costs[name]! <= bound);
    assert.ok(within.length < result.candidates.length);
    assert.equal(chosen(result).drop, Math.min(...within.map(({ drop }) => drop)));
  });
}

test('a budget nothing can meet leaves nothing chosen and says so', async () => {
  const result = await run({ settings: settings({ maxDrop: null, budget: { lut: 1, dsp: 0 } }) });
  assert.equal(result.chosen, null);
  assert.equal(result.status, 'complete');
  assert.match(result.notes.join('\n'), /No measured plan respects lut ≤ 1, dsp ≤ 0/);
  assert.ok(result.front.length > 0);
});

test('a regression is ranked by SQNR and has no accuracy', async () => {
  const result = await run({ model: REGRESSION });
  assert.equal(result.ranking, 'sqnr');
  assert.deepEqual(result.float, { ...result.float, accuracy: null, accuracyBasis: 'none', dropPerNat: 0 });
  for (const { metrics, drop } of result.candidates) {
    assert.deepEqual([metrics.accuracy, metrics.kl, metrics.agreement], [null, null, null]);
    assert.equal(drop, 10 ** (-metrics.sqnr / 10));
  }
  assert.ok(chosen(result).metrics.sqnr >= 20); // 1 % of noise
});

test('the metric of the settings ranks the list', async () => {
  assert.equal((await run({})).ranking, 'kl');
  for (const metric of ['mse', 'accuracy', 'sqnr'] as const)
    assert.equal((await run({ settings: settings({ metric }) })).ranking, metric);
});

test('wider candidates join when the widest ones lose too much', async () => {
  const narrow = settings({ weightBits: [2], activationBits: [2], maxDrop: 0.001 });
  const result = await run({ model: REGRESSION, settings: narrow });
  assert.match(result.notes.join('\n'), /W2A2 loses more than accepted, so candidates of 16 and 12 bits/);
  assert.ok(chosen(result).drop <= 0.001);
  assert.ok(result.model.groups.every(({ candidates }) => candidates.some((one) => one.includes('A16'))));
});

test('an unknown part is refused before anything is measured', async () => {
  await assert.rejects(
    run({ settings: settings({ part: 'xc0' }) }),
    (error) => BitLensError.is(error) && error.kind !== 'internal' && error.message.includes('xc0'),
  );
});

test('nothing stays on the backend after a job', async () => {
  const before = tf.memory().numTensors;
  await run({ evaluation: { limit: 16, seed: 3 } });
  assert.equal(tf.memory().numTensors, before);
  await assert.rejects(run({ evaluation: { path: '/nowhere.npz' } }));
  await assert.rejects(run({}, { signal: AbortSignal.abort() }));
  assert.equal(tf.memory().numTensors, before);
});
