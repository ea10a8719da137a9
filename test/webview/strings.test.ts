import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseMeasure, measureTitle } from '../../webview/measures.ts';
import { speaker } from '../../webview/strings.ts';
import type { Measure } from '../../src/protocol/webview.ts';
import { ACCURACY, KL, SQNR } from './snapshots.ts';

test('texts come from the snapshot, else in English, and take values', () => {
  const say = speaker({ 'resources.used': '{1}, davon {0}' });
  assert.equal(say('resources.used', '7', '9'), '9, davon 7');
  assert.equal(say('resources.part', 'xc7z020'), 'Share of xc7z020');
  assert.equal(say('heatmap.bits', 4), '4 bit');
});

test('the remembered measure is kept while it is offered', () => {
  assert.equal(chooseMeasure([KL, SQNR], 'sqnr', 'kl'), SQNR);
  assert.equal(chooseMeasure([KL, SQNR], 'accuracy', 'kl'), KL);
  assert.equal(chooseMeasure([KL, SQNR], undefined, 'gone'), KL);
  assert.equal(chooseMeasure<Measure>([], 'kl', 'kl'), undefined);
});

test('a unit stands once, behind the title', () => {
  assert.equal(measureTitle(ACCURACY), 'Accuracy (%)');
  assert.equal(measureTitle({ ...KL, unit: '' }), 'KL divergence');
});
