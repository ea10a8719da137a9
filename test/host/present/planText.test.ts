import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QuantizeSettings, Result } from '../../../src/core/result.ts';
import { whyChosen } from '../../../src/host/present/planText.ts';
import { plain } from '../../support/plainTranslate.ts';
import { buildResult } from '../../support/resultBuilder.ts';

const withSettings = (settings: Partial<QuantizeSettings>): Result =>
  buildResult({ settings: { ...buildResult().settings, ...settings } });

test('within a budget the recommended plan is the one that loses least', () => {
  assert.equal(
    whyChosen(withSettings({ budget: { lut: 3000, dsp: 0 }, maxDrop: null }), plain),
    'Of 5 measured plans, dp 1/9 loses least within the settings (at most 3k LUT, 0 DSP). As a whole: −0.6 ± 0.2 %, 1.99M BOPs (50 % of W8A8).',
  );
});

test('without a budget it is the cheapest in what the settings ask to make small', () => {
  assert.equal(
    whyChosen(withSettings({ objective: 'lut', maxDrop: 0.0075 }), plain),
    'Of 5 measured plans, dp 1/9 is the cheapest in LUT within the settings (at most 0.75 % lost, standard error included). As a whole: −0.6 ± 0.2 %, 2.54k LUT (50 % of W8A8).',
  );
});

test('without limits any loss is accepted', () => {
  assert.match(
    whyChosen(withSettings({ maxDrop: null }), plain),
    /cheapest in BOPs within the settings \(any loss\)/,
  );
});
