import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Result } from '../../../src/core/result.ts';
import { lensText } from '../../../src/host/present/lensText.ts';
import { plain } from '../../support/plainTranslate.ts';
import {
  buildRegression,
  buildResult,
  candidate,
  LAYERS,
  slotRow,
  widthsOf,
  type Widths,
} from '../../support/resultBuilder.ts';

const lens = (result: Result, active: number, ...layers: string[]): string | null =>
  lensText(result, active, layers, plain);
const only = (widths: Widths): Result =>
  buildResult({ candidates: [candidate('x', widths, 0)], chosen: null });

test('widths, the worst loss of one tensor alone, and LUT of the active plan', () => {
  assert.equal(lens(buildResult(), 0, 'conv1'), 'w 8b · a 8b · 0 % · 3.89k LUT');
  assert.equal(lens(buildResult(), 1, 'conv1'), 'w 4b · a 4b · −0.5 % · 1.95k LUT');
  assert.equal(lens(buildResult(), 3, 'conv1'), 'w 4b · a 8b · −0.3 % · 1.95k LUT');
});

test('a layer shows only what it has', () => {
  assert.equal(lens(buildResult(), 1, 'dense'), 'w 4b · +0.1 % · 541 LUT');
  assert.equal(lens(buildResult(), 1, 'relu1'), 'a 4b · −0.5 %');
  assert.equal(lens(buildResult(), 1, 'pool1'), '50 LUT');
});

test('a layer without weights, quantized output and cost has no lens', () => {
  assert.equal(lens(buildResult(), 1, 'flatten'), null);
  assert.equal(lens(buildResult(), 1, 'no such layer'), null);
  assert.equal(lens(buildResult(), 99, 'conv1'), null);
});

test('several layers of one call: range of widths, sum of LUT, worst loss', () => {
  assert.equal(lens(buildResult(), 4, 'conv1', 'dense'), 'w 4–8b · a 8b · −0.3 % · 3.03k LUT');
  assert.equal(lens(buildResult(), 1, 'conv1', 'relu1', 'pool1', 'flatten'), 'w 4b · a 4b · −0.5 % · 2k LUT');
});

test('without LUT the next useful cost is shown', () => {
  const plan = candidate('x', widthsOf(8, 8, 8), 0);
  const without = (...names: string[]): Result => {
    const layers = plan.layers.map((entry) => ({
      ...entry,
      costs: Object.fromEntries(Object.entries(entry.costs).filter(([name]) => !names.includes(name))),
    }));
    return buildResult({ candidates: [{ ...plan, layers }] });
  };
  assert.equal(lens(without('lut'), 0, 'conv1'), 'w 8b · a 8b · 0 % · 80 DSP');
  assert.equal(lens(without('lut', 'dsp'), 0, 'conv1'), 'w 8b · a 8b · 0 % · 389k bits');
  assert.equal(lens(without('lut', 'dsp', 'bits'), 0, 'conv1'), 'w 8b · a 8b · 0 % · 3.12M BOPs');
});

test('a float layer is called float, and hardware of its neighbours alone is no total', () => {
  const result = only({ 'image/input': 8, 'relu1/activation': 8, 'dense/weight': 4 });
  assert.equal(lens(result, 0, 'conv1'), 'w float · a 8b · 0 % · 1.56M bits');
  assert.equal(lens(result, 0, 'conv1', 'dense'), 'w 4–32b · a 8b · 0 % · 1.61M bits');
});

test('a loss is shown only when every tensor was measured at its width', () => {
  const rows = [slotRow('conv1/weight', 4, 0.003)];
  const result = buildResult({ sensitivity: { groups: [], slots: rows } });
  assert.equal(lens(result, 1, 'conv1'), 'w 4b · a 4b · 1.95k LUT');
});

test('a network without classes shows SQNR', () => {
  assert.equal(lens(buildRegression(), 3, 'conv1'), 'w 4b · a 8b · 24 dB · 1.95k LUT');
});

test('the longest lens keeps to 40 characters', () => {
  const widths = { 'image/input': 8, 'conv1/weight': 16, 'relu1/activation': 10 };
  const plan = candidate('x', widths, 0);
  const layers = plan.layers.map((entry) => ({ ...entry, costs: { lut: 617_283_945 } }));
  const slots = [slotRow('conv1/weight', 16, 0.9876), slotRow('relu1/activation', 10, 0)];
  const result = buildResult({ candidates: [{ ...plan, layers }], sensitivity: { groups: [], slots } });
  const text = lens(result, 0, ...LAYERS.map(({ id }) => id));
  assert.ok(text !== null && text.length <= 40 && text.endsWith('1.85G LUT'), `${text}`);
});
