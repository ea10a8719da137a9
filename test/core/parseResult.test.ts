// A result that comes back from a file: taken as it is, or refused with a sentence that names the file and the part.
// Whatever is taken can be shown: every view, lens and hover is built from it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BitLensError } from '../../src/core/errors.ts';
import { parseResult } from '../../src/core/parseResult.ts';
import type { Result } from '../../src/core/result.ts';
import { heatmapSnapshot } from '../../src/host/present/heatmapSnapshot.ts';
import { hoverMarkdown } from '../../src/host/present/hoverMarkdown.ts';
import { lensText } from '../../src/host/present/lensText.ts';
import { paretoSnapshot } from '../../src/host/present/paretoSnapshot.ts';
import { resourcesSnapshot } from '../../src/host/present/resourcesSnapshot.ts';
import { statusText, summary } from '../../src/host/present/summary.ts';
import { plain } from '../support/plainTranslate.ts';
import { buildRegression, buildResult, candidate, metrics, widthsOf } from '../support/resultBuilder.ts';

const FILE = '.bitlens/mnist/result.json';

const read = (value: unknown): Result => parseResult(JSON.stringify(value), FILE);

/** The sentence with which a text is refused; undefined when it is taken. */
function refusal(text: string): string | undefined {
  try {
    parseResult(text, FILE);
    return undefined;
  } catch (error) {
    assert.ok(BitLensError.is(error, 'bad-file'), String(error));
    return error.message;
  }
}

function showAll(result: Result): void {
  const layers = result.model.layers.map(({ id }) => id);
  const none = new Set<string>();
  summary(result, plain);
  for (const active of [null, 0]) {
    heatmapSnapshot(result, active, none, plain);
    paretoSnapshot(result, active, plain);
    resourcesSnapshot(result, active, none, plain);
    if (active === null) continue;
    statusText(result, active, plain);
    for (const ids of [...layers.map((id) => [id]), layers]) {
      lensText(result, active, ids, plain);
      hoverMarkdown(result, active, ids, '', plain);
    }
  }
}

/** Layers with settings, a fallback to float, a note: every field of a result is there. */
function wholeResult(): Result {
  const base = buildResult();
  const [image, conv1, ...others] = base.model.layers;
  const settings = { filters: 8, kernel_size: [3, 3], padding: 'valid', use_bias: false };
  return {
    ...base,
    model: { ...base.model, layers: [image!, { ...conv1!, settings }, ...others], folded: ['flatten'] },
    sensitivity: {
      ...base.sensitivity,
      groups: [{ group: 'conv1', format: 'W8A8', ...metrics() }],
    },
    settings: { ...base.settings, budget: { lut: 5000 } },
    candidates: [...base.candidates, candidate('float', {}, 0, { predictedDrop: 0.01 })],
    notes: ['a note'],
  };
}

test('a result is read back as it was written', () => {
  for (const result of [buildResult(), buildRegression(), wholeResult()]) {
    assert.deepEqual(read(result), result);
    showAll(read(result));
  }
});

test('a run that was stopped early has no candidates, and is a result too', () => {
  const result = buildResult({ status: 'cancelled', candidates: [], front: [], chosen: null });
  assert.deepEqual(read(result), result);
  showAll(read(result));
});

test('what could not be measured is written as null, read as no number and shown', () => {
  const [first, ...others] = buildResult().candidates;
  const broken = { ...first!, metrics: metrics({ sqnr: NaN, mse: Infinity }), drop: NaN, dropBound: NaN };
  const result = read(buildResult({ candidates: [broken, ...others] }));
  const [read0] = result.candidates;
  assert.deepEqual([read0?.metrics.sqnr, read0?.metrics.mse, read0?.drop], [NaN, NaN, NaN]);
  showAll(result);
});

const DAMAGED: readonly (readonly [what: string, text: string, sentence: RegExp])[] = [
  ['nothing', '', /^\.bitlens\/mnist\/result\.json is not a result of BitLens: it is not JSON\. Run/],
  ['cut short', JSON.stringify(buildResult()).slice(0, -100), /it is not JSON/],
  ['another JSON', '{"name": "package"}', /result\.json is not a result of BitLens: it has no version/],
  ['a list', '[]', /it has no version/],
  ['null', 'null', /it has no version/],
  ['a text', '"version"', /it has no version/],
  ['a version that is none', '{"version": "1"}', /it has no version/],
  ['a newer one', '{"version": 2}', /result\.json is a result of another version \(2\)/],
  ['the version alone', '{"version": 1}', /result\.json is not a whole result of BitLens: status is missing/],
];

for (const [what, text, sentence] of DAMAGED) {
  test(`refused: ${what}`, () => assert.match(refusal(text) ?? 'taken', sentence));
}

const changed = (changes: object): string => JSON.stringify({ ...buildResult(), ...changes });
const [firstCandidate] = buildResult().candidates;
const WRONG: readonly (readonly [part: string, text: string])[] = [
  ['chosen', changed({ chosen: 5 })],
  ['chosen', changed({ chosen: -1 })],
  ['front[1]', changed({ front: [0, 7] })],
  ['front[0]', changed({ front: ['0'] })],
  ['settings.part', changed({ settings: { ...buildResult().settings, part: 'xc9999' } })],
  ['settings.objective', changed({ settings: { ...buildResult().settings, objective: 'constructor' } })],
  ['model.layers', changed({ model: { ...buildResult().model, layers: undefined } })],
  ['model.layers[1].name', changed({ model: { ...buildResult().model, layers: brokenLayers() } })],
  [
    'candidates[0].plan["conv1/weight"]',
    changed({
      candidates: [candidate('bad', widthsOf(8, 8, 8), 0, { plan: { 'conv1/weight': 'fixed<99,0>' } })],
      front: [],
      chosen: 0,
    }),
  ],
  [
    'candidates[0].layers[0].basis',
    changed({
      candidates: [{ ...firstCandidate, layers: [{ layer: 'conv1', costs: {}, basis: [3] }] }],
      front: [0],
      chosen: 0,
    }),
  ],
];

function brokenLayers(): unknown[] {
  return buildResult().model.layers.map((layer, index) => (index === 1 ? { ...layer, name: 7 } : layer));
}

for (const [part, text] of WRONG) {
  test(`refused: ${part}, by its name`, () => {
    const sentence = `${FILE} is not a whole result of BitLens: ${part} is missing or wrong. Run Quantize Model again.`;
    assert.equal(refusal(text), sentence);
  });
}

type Path = readonly (string | number)[];

/** One path of each kind: of lists the first entry alone. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.slice(0, 1).map((item, at) => [at, item])
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

/** A copy of JSON in which one part is another; undefined takes it away. */
function withPart(value: unknown, [key, ...rest]: Path, part: unknown): unknown {
  if (key === undefined) return part;
  if (Array.isArray(value))
    return value.map((item: unknown, at) => (at === key ? withPart(item, rest, part) : item));
  const object = value as Record<string, unknown>;
  return { ...object, [key]: withPart(object[key], rest, part) };
}

const REPLACEMENTS: readonly unknown[] = [undefined, null, -1.5, 'x', true, [], {}, [null]];

test('any part that is missing or of another kind: refused, or shown by every view', () => {
  const whole = JSON.parse(JSON.stringify(wholeResult())) as unknown;
  const paths = pathsOf(whole);
  let refused = 0;
  for (const path of paths) {
    for (const part of REPLACEMENTS) {
      const text = JSON.stringify(withPart(whole, path, part)) as string | undefined;
      if (text === undefined) continue;
      const sentence = refusal(text);
      if (sentence !== undefined) {
        refused++;
        assert.ok(sentence.includes(FILE), sentence);
        continue;
      }
      try {
        showAll(parseResult(text, FILE));
      } catch (error) {
        assert.fail(`${path.join('.')} = ${JSON.stringify(part)}: ${String(error)}`);
      }
    }
  }
  assert.ok(paths.length > 150, `${paths.length} parts`);
  assert.ok(refused > paths.length * 4, `${refused} refused`);
});
