// The table of a hover: for each width what the layer's weights and its output lose alone, and what its kernel costs.
// ▸ marks the width of the active plan, ★ that of the recommended one.

import type { Candidate, CostRow, LayerSummary, PlanFormats, Result, SlotRow } from '../../core/result.ts';
import { calibrationAccuracy, rowText } from './losses.ts';
import { escaped, table } from './markdown.ts';
import { compact } from './numbers.ts';
import type { Translate } from './translate.ts';
import { candidateAt, slotBits } from './widths.ts';

export const ACTIVE_MARK = '▸';
export const RECOMMENDED_MARK = '★';

const COSTS = ['lut', 'dsp'] as const;

interface Table {
  readonly result: Result;
  readonly layer: LayerSummary;
  readonly active: Candidate;
  readonly recommended: PlanFormats | undefined;
  readonly floatAccuracy: number | null;
  /** Width at which the active plan feeds the kernel; null: float. */
  readonly inputBits: number | null;
  readonly t: Translate;
}

/** One table for each weight of the layer (several for separable convolutions); the output is in the first. */
export function hoverTables(result: Result, active: Candidate, layer: LayerSummary, t: Translate): string[] {
  const widths = layer.reads.map((slot) => slotBits(active.plan, slot)).filter((bits) => bits !== null);
  const input: Table = {
    result,
    layer,
    active,
    recommended: candidateAt(result, result.chosen)?.plan,
    floatAccuracy: calibrationAccuracy(result),
    inputBits: widths.length === 0 ? null : Math.max(...widths),
    t,
  };
  const output = layer.writes ?? undefined;
  if (layer.weights.length === 0) return [widthTable(input, undefined, output)].filter((text) => text !== '');
  return layer.weights
    .map((weight, index) => widthTable(input, weight, index === 0 ? output : undefined))
    .filter((text) => text !== '');
}

/** Empty when no width of these slots was measured. */
function widthTable(input: Table, weight: string | undefined, output: string | undefined): string {
  const { result, t } = input;
  const rowsOf = (slot: string | undefined): SlotRow[] =>
    result.sensitivity.slots.filter((row) => row.slot === slot);
  const weightRows = rowsOf(weight);
  const outputRows = rowsOf(output);
  const costs = result.costTable.filter((row) => row.slot === weight && row.inputBits === input.inputBits);
  const shownCosts = COSTS.filter((name) => costs.some((row) => row.costs[name] !== undefined));
  const bits = [...new Set([...weightRows, ...outputRows].map((row) => row.bits))].sort((a, b) => b - a);
  if (bits.length === 0) return '';
  const columns = [
    { title: t('Bits'), align: 'right' as const },
    ...(weight === undefined ? [] : [{ title: weightTitle(input, weight), align: 'left' as const }]),
    ...(output === undefined ? [] : [{ title: outputTitle(input, output), align: 'left' as const }]),
    ...shownCosts.map((name) => ({ title: costTitle(name, t), align: 'right' as const })),
  ];
  const lines = bits.map((width) => [
    String(width),
    ...(weight === undefined ? [] : [lossCell(input, weight, weightRows, width)]),
    ...(output === undefined ? [] : [lossCell(input, output, outputRows, width)]),
    ...shownCosts.map((name) => costCell(input, weight, costs, width, name)),
  ]);
  return table(columns, lines);
}

/** `▸ ★ **−0.1 % · KL 0.02**` */
function lossCell(input: Table, slot: string, rows: readonly SlotRow[], width: number): string {
  const row = rows.find(({ bits }) => bits === width);
  const marks = marksOf(input, slot, width);
  if (!row) return [...marks, '–'].join(' ');
  const text = rowText(input.result, row, input.floatAccuracy, input.t);
  return [...marks, marks.includes(ACTIVE_MARK) ? `**${text}**` : text].join(' ');
}

function costCell(
  input: Table,
  weight: string | undefined,
  rows: readonly CostRow[],
  width: number,
  name: (typeof COSTS)[number],
): string {
  const value = rows.find(({ weightBits }) => weightBits === width)?.costs[name];
  if (value === undefined || weight === undefined) return '–';
  const active = slotBits(input.active.plan, weight) === width;
  return active ? `**${compact(value)}**` : compact(value);
}

function marksOf({ active, recommended }: Table, slot: string, width: number): string[] {
  return [
    ...(slotBits(active.plan, slot) === width ? [ACTIVE_MARK] : []),
    ...(recommended && slotBits(recommended, slot) === width ? [RECOMMENDED_MARK] : []),
  ];
}

function costTitle(name: (typeof COSTS)[number], t: Translate): string {
  return name === 'lut' ? t('Kernel LUT') : t('Kernel DSP');
}

/** `Weights alone`, or the tensor's own name where a layer has several. */
function weightTitle({ layer, t }: Table, slot: string): string {
  return layer.weights.length > 1 ? t('{0} alone', escaped(tensorName(slot))) : t('Weights alone');
}

/** The output of a fused chain is quantized where the chain ends: that layer is named. */
function outputTitle({ result, layer, t }: Table, slot: string): string {
  const owner = result.model.slots.find(({ id }) => id === slot)?.layer;
  const name = result.model.layers.find(({ id }) => id === owner)?.name;
  return name === undefined || owner === layer.id
    ? t('Output alone')
    : t('Output ({0}) alone', escaped(name));
}

/** `pointwise weight` of `sep1/pointwise_weight`. */
function tensorName(slot: string): string {
  return slot.slice(slot.lastIndexOf('/') + 1).replaceAll('_', ' ');
}
