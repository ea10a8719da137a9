// A plan says all that a measurement needs: evaluated from its file it gives the metrics it was found with.

import * as tf from '@tensorflow/tfjs-core';
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { planJson } from '../../src/core/export/planJson.ts';
import { BitLensError } from '../../src/core/errors.ts';
import { readPlan } from '../../src/core/plan.ts';
import type { QuantizeSettings, Result } from '../../src/core/result.ts';
import { estimate } from '../../src/engine/jobs/estimate.ts';
import { evaluate } from '../../src/engine/jobs/evaluate.ts';
import type { DataRef, EvaluateResult, ModelRef, PlanChoice } from '../../src/protocol/engine.ts';
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

const context = { signal: new AbortController().signal, report: () => undefined };
const uniform = (text: string, family: QuantizeSettings['family'] = 'fixed'): PlanChoice => ({
  kind: 'uniform',
  uniform: text,
  family,
});
const measure = (
  plan: PlanChoice | undefined,
  model: ModelRef = DIGITS,
  data: DataRef = DIGITS_DATA,
): Promise<EvaluateResult> => evaluate({ model, data, plan }, context, 'test');

function asFile(result: Result, index: number): PlanChoice {
  return { kind: 'formats', ...readPlan(planJson.export(result, result.candidates[index]!), 'plan.json') };
}

test('as float: accuracy, AUC and loss, nothing to compare with', async () => {
  const found = await measure(undefined);
  assert.ok(found.accuracy! >= 30 / 32 && found.auc! > 0.99 && found.loss! > 0 && found.loss! < 0.3);
  assert.deepEqual([found.sqnr, found.agreement, found.samples], [null, null, 32]);
});

test('W8A8 keeps the network, W2A2 ruins it', async () => {
  const [float, wide, narrow] = [
    await measure(undefined),
    await measure(uniform('W8A8')),
    await measure(uniform('w2a2')),
  ];
  assert.ok(wide.sqnr! > 25 && wide.agreement === 1 && wide.accuracy === float.accuracy);
  assert.ok(narrow.sqnr! < 10 && narrow.agreement! < 0.9 && narrow.loss! > wide.loss!);
});

test('uniform formats of every family work', async () => {
  for (const family of ['fixed', 'int', 'int-asymmetric'] as const) {
    const found = await measure(uniform('W8A8', family));
    assert.ok(found.sqnr! > 20 && found.agreement! > 0.9, `${family}: ${found.sqnr} dB`);
  }
});

test('without labels and for a regression there is no accuracy', async () => {
  const unlabelled = await measure(uniform('W8A8'), DIGITS, DIGITS_CALIBRATION);
  assert.deepEqual([unlabelled.accuracy, unlabelled.auc, unlabelled.loss], [null, null, null]);
  assert.ok(unlabelled.sqnr! > 25);
  const regression = await measure(uniform('W8A8'), REGRESSION, { limit: 32 });
  assert.deepEqual([regression.accuracy, regression.agreement], [null, null]);
  assert.ok(regression.sqnr! > 20);
});

const VARIANTS: readonly (Partial<QuantizeSettings> & { readonly pattern: RegExp })[] = [
  { family: 'fixed', range: 'minmax', pattern: /^fixed<\d,-?\d+(:-?\d+)?>$/ },
  { family: 'fixed', range: 'percentile', pattern: /^fixed<\d,-?\d+(:-?\d+)?>$/ },
  { family: 'fixed', range: 'output', perChannel: false, pattern: /^fixed<\d,-?\d+>$/ },
  { family: 'int', range: 'minmax', pattern: /^int\d per-channel$/ },
  { family: 'int', range: 'mse', perChannel: false, pattern: /^int\d$/ },
  { family: 'int', range: 'output', pattern: /^int\d per-channel$/ },
  { family: 'int-asymmetric', range: 'percentile', perChannel: false, pattern: /^int\d asymmetric$/ },
  { family: 'int-asymmetric', range: 'output', pattern: /^int\d asymmetric per-channel$/ },
];

for (const { pattern, ...changes } of VARIANTS) {
  const { family, range, perChannel = true } = changes;
  test(`${family}, ${range}, ${perChannel ? 'per channel' : 'per tensor'}: a plan evaluates to its metrics`, async () => {
    const settings = { ...NARROW, ...changes };
    const result = await run({ model: DIGITS, calibration: DIGITS_DATA, settings });
    const weights = result.model.slots.filter(({ kind }) => kind === 'weight').map(({ id }) => id);
    const widest = result.candidates.findIndex(({ label }) => label === 'W8A8');
    const narrow = result.candidates.findIndex(({ label }) => label === 'W4A4');
    assert.ok(result.candidates[widest]!.metrics.sqnr > result.candidates[narrow]!.metrics.sqnr + 10);
    for (const index of [widest, narrow, result.chosen!]) {
      const { plan, metrics } = result.candidates[index]!;
      for (const slot of weights) assert.match(plan[slot]!, pattern);
      const { sqnr, accuracy, agreement } = await measure(asFile(result, index));
      const expected = { sqnr: metrics.sqnr, accuracy: metrics.accuracy, agreement: metrics.agreement };
      assert.deepEqual({ sqnr, accuracy, agreement }, expected);
    }
  });
}

test('an estimate of a plan gives the costs it was found with', async () => {
  const result = await run({});
  const { costs } = result.candidates[result.chosen!]!;
  const target = { part: NARROW.part, reuse: NARROW.reuse, clockNs: NARROW.clockNs };
  const plan = asFile(result, result.chosen!);
  const found = await estimate({ model: TINY, plan, ...target, calibration: { limit: 32 } });
  assert.deepEqual(found.total, costs);
  assert.ok(found.utilization.lut! > 0 && found.utilization.lut! < 1);
  assert.deepEqual(
    found.layers.map(({ layer, costs: own }) => ({ layer, costs: own })),
    result.candidates[result.chosen!]!.layers.map(({ layer, costs: own }) => ({ layer, costs: own })),
  );
  for (const name of ['bops', 'lut'] as const) assert.ok(found.basis[name]);
});

test('asymmetric weights cost what their integers cost, the zero point taken off', async () => {
  const target = { part: NARROW.part, reuse: NARROW.reuse, clockNs: NARROW.clockNs };
  const of = (family: QuantizeSettings['family']) =>
    estimate({ model: TINY, plan: uniform('W8A8', family), ...target, calibration: { limit: 32 } });
  const [symmetric, asymmetric] = [await of('int'), await of('int-asymmetric')];
  const ratio = asymmetric.total.lut! / symmetric.total.lut!;
  assert.ok(ratio > 0.7 && ratio < 1.4, `${ratio}`);
});

test('a plan for another network is refused with the names it has', async () => {
  const plan: PlanChoice = { kind: 'formats', formats: { 'nowhere/weight': 'int8' } };
  await assert.rejects(
    measure(plan, TINY, { limit: 8 }),
    (error) => BitLensError.is(error, 'bad-plan') && /nowhere\/weight.*conv2d\/weight/.test(error.message),
  );
});

test('nothing stays on the backend after an evaluation or an estimate', async () => {
  const before = tf.memory().numTensors;
  const target = { part: NARROW.part, reuse: 1, clockNs: 5 };
  await measure(uniform('W8A8'), TINY, { limit: 8 });
  await estimate({ model: TINY, plan: uniform('W8A8'), ...target });
  await assert.rejects(measure({ kind: 'formats', formats: { a: 'int8' } }, TINY, { limit: 8 }));
  assert.equal(tf.memory().numTensors, before);
});
