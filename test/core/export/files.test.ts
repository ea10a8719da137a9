import { parse } from 'csv-parse/sync';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COSTS } from '../../../src/core/cost/costs.ts';
import { EXPORTERS } from '../../../src/core/export/registry.ts';
import { planJson } from '../../../src/core/export/planJson.ts';
import { reportCsv } from '../../../src/core/export/reportCsv.ts';
import { resultJson } from '../../../src/core/export/resultJson.ts';
import { readPlan } from '../../../src/core/plan.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { FORMATS, smallResult } from './result.ts';

test('every exporter has an id and a file of its own', () => {
  assert.equal(new Set(EXPORTERS.map(({ id }) => id)).size, EXPORTERS.length);
  assert.deepEqual(
    EXPORTERS.map(({ fileName }) => fileName),
    ['result.json', 'plan.json', 'hls4ml.yml', 'report.csv'],
  );
});

test('a result is read back as it was', () => {
  const { candidate, ...result } = smallResult();
  assert.deepEqual(JSON.parse(resultJson.export(result, candidate)), JSON.parse(JSON.stringify(result)));
});

test('a plan is read back with its formats in order, and with the ranges it was measured with', () => {
  const settings = { ...DEFAULT_SETTINGS, range: 'percentile' } as const;
  const result = smallResult({ settings });
  const plan = readPlan(planJson.export(result, result.candidate), 'plan.json');
  assert.deepEqual(Object.entries(plan.formats), Object.entries(FORMATS));
  assert.equal(plan.range, 'percentile');
  const byOutput = smallResult();
  assert.equal(readPlan(planJson.export(byOutput, byOutput.candidate), 'plan.json').range, 'mse');
});

test('the table of layers has a row per layer, with formats, losses alone and costs', () => {
  const result = smallResult();
  const text = reportCsv.export(result, result.candidate);
  const rows = parse<Record<string, string>>(text, { columns: true });
  assert.deepEqual(
    rows.map(({ layer }) => layer),
    result.model.layers.map(({ id }) => id),
  );
  assert.deepEqual(
    Object.keys(rows[0]!).slice(-COSTS.length),
    COSTS.map(({ id }) => id),
  );
  const conv = rows.find(({ layer }) => layer === 'conv')!;
  assert.equal(conv['weight'], 'fixed<4,-2:1>');
  assert.equal(conv['input'], 'ufixed<8,0>');
  assert.equal(conv['output'], 'ufixed<6,3>');
  assert.equal(conv['weight_kl'], '0.01'); // of the format in the plan, not of another of the same width
  assert.equal(conv['bops'], '1000');
  assert.equal(conv['parameters'], '20');
  const relu = rows.find(({ layer }) => layer === 're, "lu"')!;
  assert.equal(relu['bops'], '');
  assert.equal(text.split('\n').at(-1), '');
});
