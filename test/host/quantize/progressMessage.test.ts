// The line of progress, and how far the bar is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressMessage } from '../../../src/host/quantize/progressMessage.ts';
import type { RunProgress } from '../../../src/protocol/engine.ts';
import { plain } from '../../support/plainTranslate.ts';

const snapshot = (changes: Partial<RunProgress>): RunProgress => ({
  stage: 'search',
  step: 0,
  of: 0,
  subject: '',
  elapsedMs: 0,
  remainingMs: null,
  best: null,
  partial: null,
  ...changes,
});

const message = (changes: Partial<RunProgress>): string => progressMessage(snapshot(changes), plain).message;
const done = (changes: Partial<RunProgress>): number => progressMessage(snapshot(changes), plain).done;
const best = (drop: number) => ({ label: 'amp 3', drop, cost: 1 });

test('stage, subject, step, time left and the best so far', () => {
  const all = { stage: 'sensitivity', subject: 'conv2', step: 6, of: 23, remainingMs: 1500 } as const;
  assert.equal(
    message({ ...all, best: best(0.004) }),
    'Sensitivity · conv2 · 7 of 23 · 2 s left · best −0.4 %',
  );
  assert.equal(message({ stage: 'open' }), 'Reading');
});

test('the last step is not counted beyond the end', () => {
  assert.equal(message({ step: 23, of: 23 }), 'Searching · 23 of 23');
});

test('one step alone is not counted', () => {
  assert.equal(message({ stage: 'calibrate', step: 0, of: 1 }), 'Setting ranges');
});

test('long times are told in minutes', () => {
  assert.equal(message({ remainingMs: 89_000 }), 'Searching · 89 s left');
  assert.equal(message({ remainingMs: 150_000 }), 'Searching · 3 min left');
});

test('gains and losses of the best plan have signs, nothing has none', () => {
  assert.equal(message({ best: best(0.025) }), 'Searching · best −2.5 %');
  assert.equal(message({ best: best(-0.012) }), 'Searching · best +1.2 %');
  assert.equal(message({ best: best(0) }), 'Searching · best 0 %');
});

test('the bar goes from 0 to 100 and never back, stage after stage', () => {
  const stages = ['open', 'calibrate', 'evaluate', 'sensitivity', 'search'] as const;
  const positions = stages.flatMap((stage) => [0, 1, 2, 3].map((step) => done({ stage, step, of: 3 })));
  assert.equal(positions[0], 0);
  assert.equal(positions.at(-1), 100);
  assert.deepEqual(
    positions,
    [...positions].sort((a, b) => a - b),
  );
});

test('a stage that does not know its length stands at its beginning', () => {
  assert.equal(done({ stage: 'search', step: 5, of: 0 }), done({ stage: 'search', step: 0, of: 9 }));
});
