import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../../src/core/result.ts';
import { hoverMarkdown } from '../../../src/host/present/hoverMarkdown.ts';
import { plain } from '../../support/plainTranslate.ts';
import {
  buildRegression,
  buildResult,
  candidate,
  layer,
  LAYERS,
  slotRow,
  SYNTHETIC,
  UNLABELLED,
  widthsOf,
} from '../../support/resultBuilder.ts';

const EVIDENCE = 'name=“conv1” in model.py';

/** Lines of the hover; cells with plain spaces. */
function hover(result: Result, active: number, ...layers: string[]): string[] {
  return hoverMarkdown(result, active, layers, EVIDENCE, plain).replaceAll('\u00a0', ' ').split('\n');
}

test('the table has a row per width; ▸ and bold mark the active plan, ★ the recommended one', () => {
  const lines = hover(buildResult(), 1, 'conv1');
  assert.deepEqual(lines.slice(0, 7), [
    '**conv1** · Conv2D · 26×26×8 · 1,152 parameters · 48.7k MACs',
    '',
    '| Bits | Weights alone | Output (relu1) alone | Kernel LUT | Kernel DSP |',
    '|--:|:--|:--|--:|--:|',
    '| 8 | 0 % · KL 2e-5 | ★ 0 % · KL 3e-5 | 3.81k | 80 |',
    '| 4 | ▸ ★ **−0.3 ± 0.2 % · KL 0.0040** | ▸ **−0.5 ± 0.2 % · KL 0.0080** | **1.91k** | **0** |',
    '| 2 | −30 ± 0.2 % · KL 1.2 | – | 953 | 0 |',
  ]);
});

test('costs in the table are those at the input width of the active plan', () => {
  const row = (active: number): string | undefined =>
    hover(buildResult(), active, 'conv1').find((line) => line.startsWith('| 2 '));
  assert.match(row(0) ?? '', /\| 973 \| 0 \|$/);
  assert.match(row(1) ?? '', /\| 953 \| 0 \|$/);
});

test('a width that was not a candidate has no cost', () => {
  const result = buildResult();
  const costTable = result.costTable.filter(({ weightBits }) => weightBits !== 2);
  const lines = hover(buildResult({ costTable }), 1, 'conv1');
  assert.ok(lines.some((line) => line.endsWith('KL 1.2 | – | – | – |')));
});

test('below the table: formats and costs in the active plan, and what comes next below the recommended width', () => {
  const lines = hover(buildResult(), 0, 'conv1');
  assert.ok(
    lines.includes(
      '▸ `w fixed<8,0> · a ufixed<8,2>` · 3.89k LUT · 80 DSP · 3 BRAM18 · 100 cycles latency · 389k bits',
    ),
  );
  assert.ok(lines.includes('Next narrower: 2-bit weights alone, −30 ± 0.2 % · KL 1.2.'));
});

test('the quantizers of a quantized model file are told in its own words', () => {
  const result = buildResult();
  const slots = result.model.slots.map((slot) =>
    slot.id === 'conv1/weight' ? { ...slot, trained: 'quantized_bits(4,0,alpha=1)' } : slot,
  );
  const lines = hover({ ...result, model: { ...result.model, slots } }, 1, 'conv1');
  assert.ok(lines.includes('In the model file: `w quantized_bits(4,0,alpha=1)`'));
  assert.ok(!hover(result, 1, 'conv1').some((line) => line.includes('model file')));
});

test('of the scales in a model file four digits are shown', () => {
  const result = buildResult();
  const trained: Readonly<Record<string, string>> = {
    'conv1/weight': 'int8 scale=0.018860284239053726',
    'relu1/activation': 'int8 asymmetric scale=0.00003924 zero=-128',
  };
  const slots = result.model.slots.map((slot) => ({ ...slot, trained: trained[slot.id] }));
  const lines = hover({ ...result, model: { ...result.model, slots } }, 1, 'conv1');
  const shown = '`w int8 scale=0.01886 · a int8 asymmetric scale=0.00003924 zero=-128`';
  assert.ok(lines.includes(`In the model file: ${shown}`), lines.join('\n'));
});

test('both plans are told with loss and cost, and why one is recommended', () => {
  const lines = hover(buildResult(), 1, 'conv1');
  assert.ok(lines.includes('▸ Active plan W4A4: −2 ± 0.2 %, 995k BOPs.  '));
  assert.ok(
    lines.includes(
      '★ Of 5 measured plans, dp 1/9 is the cheapest in BOPs within the settings (at most 1 % lost, standard error included). As a whole: −0.6 ± 0.2 %, 1.99M BOPs (50 % of W8A8).',
    ),
  );
});

test('when the recommended plan is active it is told once', () => {
  const lines = hover(buildResult(), 3, 'conv1').filter((line) => line.includes('measured plans'));
  assert.deepEqual(
    lines.map((line) => line.slice(0, 24)),
    ['▸ ★ Of 5 measured plans,'],
  );
  assert.ok(!hover(buildResult(), 3, 'conv1').some((line) => line.includes('Active plan')));
});

test('without a recommended plan the settings that none respects are named', () => {
  const { settings } = buildResult();
  const result = buildResult({ chosen: null, settings: { ...settings, budget: { lut: 500 } } });
  assert.ok(
    hover(result, 0, 'conv1').includes(
      'None of 5 measured plans respects the settings: at most 1 % lost, standard error included; at most 500 LUT.',
    ),
  );
});

test('the footer tells data, how accuracy is known, basis and source', () => {
  assert.deepEqual(hover(buildResult(), 0, 'conv1').slice(-5), [
    '',
    'Losses alone: test.npz: x\\_test uint8 1000×28×28, y\\_test, 1000 samples.  ',
    'Accuracy lost is measured with the labels of the calibration data.  ',
    'Costs: csynth of dense layers (calibrated; error: LUT 6 %).  ',
    'Source: name=“conv1” in model.py',
  ]);
});

test('unlabelled and synthetic calibration are said plainly', () => {
  const text = (result: Result): string => hover(result, 0, 'conv1').join('\n');
  const unlabelled = text(buildResult({ calibration: UNLABELLED }));
  assert.match(unlabelled, /have no labels\. Accuracy is estimated/);
  assert.doesNotMatch(unlabelled, /Synthetic/);
  const synthetic = text(buildResult({ calibration: SYNTHETIC, evaluation: SYNTHETIC }));
  assert.match(synthetic, /Synthetic calibration: random inputs/);
  assert.match(synthetic, /\| ▸ \*\*48 dB · KL 2e-5\*\* \|/);
});

test('a partial result says so', () => {
  assert.match(
    hover(buildResult({ status: 'cancelled' }), 0, 'conv1').join('\n'),
    /Partial results: the run was stopped/,
  );
});

test('a layer without weights has a table of its output, one without both has none', () => {
  const relu = hover(buildResult(), 3, 'relu1');
  assert.ok(relu.includes('| Bits | Output alone |'));
  assert.ok(relu.includes('| 8 | ▸ ★ **0 % · KL 3e-5** |'));
  assert.ok(relu.includes('Next narrower: 4-bit output alone, −0.5 ± 0.2 % · KL 0.0080.'));
  assert.ok(!hover(buildResult(), 3, 'flatten').some((line) => line.startsWith('|')));
});

test('a layer with two weights has two tables, the output in the first', () => {
  const slots = ['sep/depthwise_weight', 'sep/pointwise_weight', 'sep/activation'];
  const base = buildResult();
  const result = buildResult({
    model: {
      ...base.model,
      layers: [layer('sep', 'SeparableConv2D', { weights: slots.slice(0, 2), writes: 'sep/activation' })],
      slots: [{ id: 'sep/activation', kind: 'activation', layer: 'sep', elements: 9 }],
    },
    sensitivity: { groups: [], slots: slots.map((slot) => slotRow(slot, 8, 0)) },
    candidates: [candidate('x', Object.fromEntries(slots.map((slot) => [slot, 8])), 0)],
    chosen: null,
  });
  const heads = hover(result, 0, 'sep').filter((line) => line.startsWith('| Bits'));
  assert.deepEqual(heads, [
    '| Bits | depthwise weight alone | Output alone |',
    '| Bits | pointwise weight alone |',
  ]);
});

test('a folded layer says so', () => {
  const base = buildResult();
  const model = { ...base.model, layers: [layer('bn', 'BatchNormalization')], folded: ['bn'] };
  assert.ok(hover(buildResult({ model }), 0, 'bn').some((line) => line.startsWith('Folded into')));
});

test('several layers of one call share a table of the active plan', () => {
  const lines = hover(buildResult(), 1, 'conv1', 'pool1', 'dense');
  assert.deepEqual(lines.slice(0, 7), [
    '**3 layers of this line** · Conv2D, MaxPooling2D, Dense',
    '',
    '| Layer | Weights | Output | Worst alone | LUT | DSP |',
    '|:--|--:|--:|--:|--:|--:|',
    '| conv1 | 4 | 4 | −0.5 % | 1.95k | 0 |',
    '| pool1 | – | – | – | 50 | 0 |',
    '| dense | 4 | – | +0.1 % | 541 | 0 |',
  ]);
});

test('a long loop is cut and says how much is shown', () => {
  const base = buildResult();
  const layers = Array.from({ length: 20 }, (_, i) => layer(`c${i}`, 'Conv2D'));
  const lines = hover(buildResult({ model: { ...base.model, layers } }), 0, ...layers.map(({ id }) => id));
  assert.equal(lines.filter((line) => line.startsWith('| c')).length, 12);
  assert.ok(lines.includes('12 of 20 layers are shown.'));
});

test('names cannot make Markdown, HTML, links or icons', () => {
  const base = buildResult();
  const name = '**x** | <b> [a](command:b) `c` $(bug) https://x.y\n# z';
  const model = { ...base.model, layers: LAYERS.map((one) => ({ ...one, name })) };
  const one = hover(buildResult({ model }), 0, 'conv1');
  const escaped = '\\*\\*x\\*\\* \\| \\<b\\> \\[a\\](command:b) \\`c\\` \\$(bug) https\\://x.y # z';
  assert.ok(one[0]?.startsWith(`**${escaped}** · Conv2D`), one[0]);
  const many = hover(buildResult({ model }), 0, 'conv1', 'dense');
  assert.ok(many[4]?.startsWith(`| ${escaped} | 8 |`), many[4]);
});

test('a network without classes gives its losses and limits in decibels', () => {
  const lines = hover(buildRegression(), 3, 'conv1');
  assert.ok(
    lines.some((line) => line.startsWith('| 4 | ▸ ★ **24 dB** | 24 dB |')),
    lines.join('\n'),
  );
  assert.ok(lines.some((line) => line.includes('(SQNR of 20 dB or more). As a whole: 30 dB, 1.99M BOPs')));
  assert.ok(lines.includes('The network has no class output: losses are given as SQNR.  '));
});

test('nothing is said of layers or plans the result does not have', () => {
  assert.equal(hoverMarkdown(buildResult(), 0, ['gone'], EVIDENCE, plain), '');
  assert.equal(hoverMarkdown(buildResult(), 99, ['conv1'], EVIDENCE, plain), '');
});

test('a plan narrower than anything measured marks no row', () => {
  const candidates = [candidate('x', widthsOf(3, 3, 3), 0)];
  const lines = hover(buildResult({ candidates, chosen: null }), 0, 'conv1');
  assert.ok(!lines.some((line) => line.startsWith('|') && line.includes('▸')));
});
