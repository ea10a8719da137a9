// What quantize prints: the layers with the chosen formats, the front, the FPGA.

import type { Part } from '../core/cost/costs.ts';
import { findPart } from '../core/cost/parts.ts';
import { AREAS, exceeded, utilization } from '../core/cost/utilization.ts';
import type { Candidate, LayerSummary, Result } from '../core/result.ts';
import { formatNumber, formatPercent, formatTable, type Column } from './table.ts';

const right = 'right' as const;

export function printReport(result: Result): void {
  const { float, evaluation, calibration } = result;
  console.log(`\n${result.model.file} · ${result.model.framework} · ${result.producer.backend}`);
  console.log(`Calibration: ${calibration.description}, ${calibration.samples} samples`);
  if (evaluation.hash !== calibration.hash) {
    console.log(`Evaluation:  ${evaluation.description}, ${evaluation.samples} samples`);
  }
  if (float.accuracy !== null) {
    const how =
      float.accuracyBasis === 'labels' ? 'measured' : 'estimated from the float probabilities, no labels';
    const what = baselineOf(result) === 'float' ? 'Float accuracy' : 'Accuracy as trained';
    console.log(`${what} ${formatPercent(float.accuracy, 2)} (${how})`);
  }
  for (const note of new Set([...calibration.notes, ...evaluation.notes, ...result.notes]))
    console.log(`Note: ${note}`);

  const chosen = result.chosen === null ? undefined : result.candidates[result.chosen];
  if (chosen) printLayers(result, chosen);
  printFront(result);
  if (chosen) printFpga(result, chosen);
}

function printLayers(result: Result, chosen: Candidate): void {
  console.log(`\nRecommended plan: ${chosen.label}, ${describeLoss(result, chosen)}\n`);
  const columns: Column[] = [
    { title: 'Layer' },
    { title: 'Class' },
    { title: 'Weights' },
    { title: 'Input' },
    { title: 'Output' },
    { title: 'MACs', align: right },
    { title: 'Weights alone', align: right },
    { title: 'LUT', align: right },
    { title: 'DSP', align: right },
  ];
  const shown = result.model.layers.filter(({ weights, writes }) => weights.length > 0 || writes !== null);
  console.log(
    formatTable(
      columns,
      shown.map((layer) => layerRow(result, chosen, layer)),
    ),
  );
}

function layerRow(result: Result, { plan, layers }: Candidate, layer: LayerSummary): (string | number)[] {
  const formats = (slots: readonly string[]): string =>
    [...new Set(slots.map((slot) => plan[slot] ?? 'float32'))].join(' ');
  const costs = layers.find((entry) => entry.layer === layer.id)?.costs ?? {};
  const row = result.sensitivity.slots.find(
    ({ slot, format }) => slot === layer.weights[0] && format === plan[slot],
  );
  return [
    layer.id,
    layer.className,
    formats(layer.weights),
    layer.weights.length > 0 ? formats(layer.reads) : '',
    formats(layer.writes === null ? [] : [layer.writes]),
    layer.macs > 0 ? formatNumber(layer.macs) : '',
    row ? `${row.sqnr.toFixed(0)} dB` : '',
    costs.lut === undefined ? '' : formatNumber(costs.lut),
    costs.dsp === undefined ? '' : formatNumber(costs.dsp),
  ];
}

/** Plans that are shown wherever they lie. */
const COMPARED: ReadonlySet<Candidate['origin']> = new Set<Candidate['origin']>(['uniform', 'trained']);

function printFront(result: Result): void {
  const { objective } = result.settings;
  const shown = new Set([
    ...result.front,
    ...result.candidates.flatMap(({ origin }, i) => (COMPARED.has(origin) ? [i] : [])),
  ]);
  const compared = result.candidates.find(({ label }) => label === 'W8A8') ?? result.candidates[0];
  const reference = compared?.costs[objective];
  const columns: Column[] = [
    { title: '' },
    { title: 'Candidate' },
    { title: result.float.accuracy === null ? 'SQNR dB' : 'Accuracy', align: right },
    { title: objective.toUpperCase(), align: right },
    { title: `of ${compared?.label ?? ''}`, align: right },
    { title: 'Bits', align: right },
    { title: 'Energy pJ', align: right },
    { title: 'LUT', align: right },
    { title: 'DSP', align: right },
    { title: 'Latency', align: right },
  ];
  const costOf = (index: number): number => result.candidates[index]!.costs[objective] ?? Number.MAX_VALUE;
  const rows = [...shown]
    .sort((a, b) => costOf(a) - costOf(b))
    .map((index) => {
      const { label, metrics, costs } = result.candidates[index]!;
      const cost = costs[objective];
      const mark = index === result.chosen ? '★' : result.front.includes(index) ? '•' : '';
      return [
        mark,
        label,
        metrics.accuracy === null ? metrics.sqnr.toFixed(1) : formatPercent(metrics.accuracy, 2),
        formatNumber(cost),
        reference && cost !== undefined ? formatPercent(cost / reference, 0) : '',
        ...(['bits', 'energy', 'lut', 'dsp', 'latency'] as const).map((name) => formatNumber(costs[name])),
      ];
    });
  console.log(`\nFront (•), recommended (★) and plans to compare with\n\n${formatTable(columns, rows)}`);
}

function printFpga(result: Result, chosen: Candidate): void {
  const part = findPart(result.settings.part);
  console.log(
    `\nFPGA estimate on ${part.title}, reuse factor ${result.settings.reuse}, ${result.settings.clockNs} ns\n`,
  );
  const columns: Column[] = [
    { title: 'Resource' },
    { title: 'Used', align: right },
    { title: 'Available', align: right },
    { title: 'Share', align: right },
    { title: '' },
    { title: 'Basis' },
  ];
  const shares = utilization(chosen.costs, part);
  const rows = AREAS.map((name) => {
    const used = chosen.costs[name];
    const basis = result.costBasis[name];
    const share = shares[name];
    return [
      name.toUpperCase(),
      formatNumber(used),
      formatNumber(part[name]),
      formatPercent(share),
      bar(share),
      basis ? `${basis.source}${basis.error ? ` (${basis.error})` : ''}` : '',
    ];
  });
  console.log(formatTable(columns, rows));
  const { latency, ii } = chosen.costs;
  const time =
    latency === undefined ? '' : ` (${((latency * result.settings.clockNs) / 1000).toFixed(2)} µs)`;
  console.log(
    `\nLatency ${formatNumber(latency)} cycles${time}, II ${formatNumber(ii)}${overflow(chosen, part)}`,
  );
}

function bar(share: number | undefined): string {
  return share === undefined ? '' : '█'.repeat(Math.min(20, Math.ceil(share * 20))).padEnd(20, '░');
}

function overflow(chosen: Candidate, part: Part): string {
  const over = exceeded(chosen.costs, part);
  return over.length === 0
    ? ''
    : `\nDoes not fit: ${over.map((name) => name.toUpperCase()).join(', ')}. Try --reuse or a larger part.`;
}

/** What losses are counted from: a model quantized already loses nothing by the quantizers of its file. */
const baselineOf = ({ model }: Result): string =>
  model.slots.some(({ trained }) => trained !== undefined) ? 'the model as trained' : 'float';

function describeLoss(result: Result, { drop, metrics }: Candidate): string {
  if (result.float.accuracy === null) return `SQNR ${metrics.sqnr.toFixed(1)} dB`;
  const error = metrics.accuracyError === null ? '' : ` ± ${(metrics.accuracyError * 100).toFixed(2)}`;
  return `${drop >= 0 ? '−' : '+'}${Math.abs(drop * 100).toFixed(2)}${error} points against ${baselineOf(result)}`;
}
