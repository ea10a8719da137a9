// Every text that a user reads has been asked of the translator: with one that answers in upper case, no lower case is
// left but what comes from the model, the data and the cost models.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../../src/core/result.ts';
import { heatmapSnapshot } from '../../../src/host/present/heatmapSnapshot.ts';
import { hoverMarkdown } from '../../../src/host/present/hoverMarkdown.ts';
import { lensText } from '../../../src/host/present/lensText.ts';
import { paretoSnapshot } from '../../../src/host/present/paretoSnapshot.ts';
import { resourcesSnapshot } from '../../../src/host/present/resourcesSnapshot.ts';
import { statusText, summary } from '../../../src/host/present/summary.ts';
import { ENGLISH } from '../../../webview/strings.ts';
import { marked, plain } from '../../support/plainTranslate.ts';
import { buildRegression, buildResult, SYNTHETIC, UNLABELLED } from '../../support/resultBuilder.ts';

const none = new Set<string>();

/** Names, formats and figures of the fixture. */
const OWN =
  /mnist\.keras|test\.npz: x_test uint8 1000×28×28, y_test|calibration\.npz: x uint8 256×28×28|synthetic calibration( \(seed 1\)|: 256 samples)|MACs × widths|csynth of (dense layers|poolings)|(conv|relu|pool)1|Conv2D|MaxPooling2D|ReLU|dense|Dense|(amp|dp) [\d/]+|u?fixed<[^>]*>|Virtex UltraScale\+ VU9P|\$\(pulse\)|\d[\d.]*[kM]|\d+e-\d+|dB/g;

function texts(result: Result): string[] {
  const hovers = ['conv1', 'relu1', 'pool1'].map((id) => hoverMarkdown(result, 0, [id], '', marked));
  const heatmap = heatmapSnapshot(result, 0, none, marked);
  const { points, ...pareto } = paretoSnapshot(result, 0, marked);
  const resources = resourcesSnapshot(result, 0, none, marked);
  const status = statusText(result, 0, marked);
  return [
    lensText(result, 0, ['conv1'], marked) ?? '',
    ...hovers,
    hoverMarkdown(result, 0, ['conv1', 'dense'], '', marked),
    summary(result, marked),
    status.text,
    status.tooltip,
    ...heatmap.notes,
    heatmap.subtitle,
    ...heatmap.measures.map((measure) => `${measure.title} ${measure.unit}`),
    ...pareto.notes,
    pareto.subtitle,
    ...pareto.costs.map((cost) => `${cost.title} ${cost.unit} ${cost.basis}`),
    ...points.map(({ detail }) => detail),
    ...resources.notes,
    resources.subtitle,
    ...resources.columns.map((column) => column.title),
    ...resources.rows.map(({ formats, basis }) => `${formats} ${basis}`),
  ];
}

const RESULTS: Readonly<Record<string, Result>> = {
  labelled: buildResult(),
  unlabelled: buildResult({ calibration: UNLABELLED, status: 'cancelled' }),
  synthetic: buildResult({
    calibration: SYNTHETIC,
    evaluation: SYNTHETIC,
    status: 'interrupted',
    float: { accuracy: 0.9, calibrationAccuracy: 0.9, accuracyBasis: 'estimate', dropPerNat: 0.5 },
  }),
  regression: buildRegression(),
  'within a budget': buildResult({ settings: { ...buildResult().settings, budget: { lut: 3000 } } }),
  'without a plan': buildResult({ chosen: null }),
};

for (const [name, result] of Object.entries(RESULTS)) {
  test(`all texts of a result are translated: ${name}`, () => {
    for (const text of texts(result)) {
      const left = text
        .replaceAll('\\_', '_')
        .replace(OWN, '')
        .match(/[a-z]{2,}/g);
      assert.equal(left, null, `${text}\n${left?.join(' ')}`);
    }
  });
}

test('the views get their own texts in the user’s language, in English none', () => {
  const { strings } = heatmapSnapshot(buildResult(), null, none, marked);
  assert.deepEqual(Object.keys(strings), Object.keys(ENGLISH));
  assert.equal(strings['pareto.float'], '⟦FLOAT {0}⟧');
  assert.deepEqual(heatmapSnapshot(buildResult(), null, none, plain).strings, {});
});
