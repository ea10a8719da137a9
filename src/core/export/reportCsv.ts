// One row per layer: formats, what they lose alone, what they cost. For spreadsheets.

import { COSTS } from '../cost/costs.ts';
import type { Candidate, LayerSummary, Result } from '../result.ts';
import type { Exporter } from './exporter.ts';

export const reportCsv: Exporter = {
  id: 'csv',
  title: 'Table of layers (CSV)',
  fileName: 'report.csv',
  export(result, candidate) {
    const costs = COSTS.map(({ id }) => id);
    const head = [
      'layer',
      'class',
      'weight',
      'bias',
      'input',
      'output',
      'parameters',
      'macs',
      'weight_kl',
      'weight_sqnr_db',
    ];
    const rows = result.model.layers.map((layer) => {
      const priced = candidate.layers.find((entry) => entry.layer === layer.id)?.costs ?? {};
      return [...describeLayer(result, candidate, layer), ...costs.map((cost) => priced[cost] ?? '')];
    });
    return [[...head, ...costs], ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
  },
};

function describeLayer(result: Result, { plan }: Candidate, layer: LayerSummary): (string | number)[] {
  const formats = (slots: readonly string[]): string =>
    slots.map((slot) => plan[slot] ?? 'float32').join(' ');
  const [weight] = layer.weights;
  const alone = result.sensitivity.slots.find(({ slot, format }) => slot === weight && format === plan[slot]);
  return [
    layer.id,
    layer.className,
    formats(layer.weights),
    formats(layer.biases),
    formats(layer.reads),
    formats(layer.writes === null ? [] : [layer.writes]),
    layer.parameters,
    layer.macs,
    alone?.kl ?? '',
    alone?.sqnr ?? '',
  ];
}

/** RFC 4180: quoted when it holds a comma, quote or line break. */
function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
