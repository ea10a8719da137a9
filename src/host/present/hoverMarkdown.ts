// The hover of a call site: the layer, what each width would lose and cost, what the plans do with it and why, and what
// the numbers rest on. Several layers of one call (a loop) share a short table instead.

import { shortFormat } from '../../core/quantizers/shortFormat.ts';
import type { Candidate, CandidateLayer, LayerSummary, Result } from '../../core/result.ts';
import { hardwareBasisText } from './basisText.ts';
import { costText } from './costText.ts';
import { dataText, lossBasis, statusNote, syntheticNote } from './dataNotes.ts';
import { ACTIVE_MARK, hoverTables, RECOMMENDED_MARK } from './hoverTable.ts';
import { hoverLayers } from './hoverLayers.ts';
import { calibrationAccuracy, rowText } from './losses.ts';
import { code, escaped } from './markdown.ts';
import { compact, count } from './numbers.ts';
import { planHeadline, whyChosen } from './planText.ts';
import type { Translate } from './translate.ts';
import { candidateAt, layerFormats, slotBits } from './widths.ts';

/**
 * Markdown without HTML; empty when the result has none of the layers.
 * @param active index in Result.candidates
 * @param layers layer ids of one call site
 * @param evidence why this line is taken for these layers: plain text
 */
export function hoverMarkdown(
  result: Result,
  active: number,
  layers: readonly string[],
  evidence: string,
  t: Translate,
): string {
  const shown = result.model.layers.filter(({ id }) => layers.includes(id));
  const candidate = candidateAt(result, active);
  const [first] = shown;
  if (!first || !candidate) return '';
  const body =
    shown.length === 1 ? oneLayer(result, candidate, first, t) : hoverLayers(result, candidate, shown, t);
  return [...body, plans(result, candidate, t), footer(result, candidate, shown, evidence, t)]
    .filter((block) => block !== '')
    .join('\n\n');
}

function oneLayer(result: Result, candidate: Candidate, layer: LayerSummary, t: Translate): string[] {
  return [
    title(layer, t),
    folded(result, layer, t),
    ...hoverTables(result, candidate, layer, t),
    inPlan(candidate, layer, t),
    inFile(result, layer, t),
    nextNarrower(result, layer, t),
  ];
}

/** `**conv2** · Conv2D · 11×11×16 · 1,152 parameters · 139k MACs` */
function title({ name, className, outputShape, parameters, macs }: LayerSummary, t: Translate): string {
  const parts = [`**${escaped(name)}**`, escaped(className)];
  if (outputShape.length > 0)
    parts.push(
      outputShape
        .map((size) => size ?? '?')
        .join('×')
        .replaceAll('?', '\\?'),
    );
  if (parameters > 0) parts.push(t('{0} parameters', count(parameters)));
  if (macs > 0) parts.push(t('{0} MACs', compact(macs)));
  return parts.join(' · ');
}

function folded({ model }: Result, { id }: LayerSummary, t: Translate): string {
  return model.folded.includes(id) ? t('Folded into the layer before: it costs nothing of its own.') : '';
}

/** `▸ w fixed<4,-2:0> · a ufixed<6,5> · 279k LUT · 0 DSP · 28 cycles latency` */
function inPlan(candidate: Candidate, layer: LayerSummary, t: Translate): string {
  const formats = layerFormats(layer, candidate.plan, t);
  const costs = pricedLayer(candidate, layer)?.costs ?? {};
  const shown = (['lut', 'dsp', 'bram', 'latency', 'bits'] as const).flatMap((name) =>
    costs[name] ? [costText(name, costs[name], t)] : [],
  );
  const parts = [...(formats === '' ? [] : [code(formats)]), ...shown];
  return parts.length === 0 ? '' : `${ACTIVE_MARK} ${parts.join(' · ')}`;
}

/** The quantizers that the model file itself has: `In the model file: w int8 scale=0.02 · a fixed<8,1>`. */
function inFile({ model }: Result, layer: LayerSummary, t: Translate): string {
  const marked = [
    ...layer.weights.map((slot) => ['w', slot]),
    ...layer.biases.map((slot) => ['b', slot]),
    ...(layer.writes === null ? [] : [['a', layer.writes]]),
  ] as const;
  const formats = marked.flatMap(([mark, id]) => {
    const trained = model.slots.find((slot) => slot.id === id)?.trained;
    return trained === undefined ? [] : [`${mark} ${shortFormat(trained)}`];
  });
  return formats.length === 0 ? '' : t('In the model file: {0}', code(formats.join(' · ')));
}

/** What would come below the recommended width: `Next narrower: 3-bit weights alone, −2.1 ± 1.4 % · KL 0.13.` */
function nextNarrower(result: Result, layer: LayerSummary, t: Translate): string {
  const plan = candidateAt(result, result.chosen)?.plan;
  const slot = layer.weights[0] ?? layer.writes;
  const bits = plan && slot !== null ? slotBits(plan, slot) : null;
  if (bits === null) return '';
  const narrower = result.sensitivity.slots
    .filter((row) => row.slot === slot && row.bits < bits)
    .sort((a, b) => b.bits - a.bits)[0];
  if (!narrower) return '';
  const text = rowText(result, narrower, calibrationAccuracy(result), t);
  return escaped(
    layer.weights.length > 0
      ? t('Next narrower: {0}-bit weights alone, {1}.', narrower.bits, text)
      : t('Next narrower: {0}-bit output alone, {1}.', narrower.bits, text),
  );
}

/** The legend of the marks, with what each plan loses and costs as a whole, and why one is recommended. */
function plans(result: Result, candidate: Candidate, t: Translate): string {
  const chosen = candidateAt(result, result.chosen);
  const why = `${chosen ? `${RECOMMENDED_MARK} ` : ''}${escaped(whyChosen(result, t))}`;
  if (candidate === chosen) return `${ACTIVE_MARK} ${why}`;
  return `${ACTIVE_MARK} ${escaped(t('Active plan {0}.', planHeadline(result, candidate, t)))}  \n${why}`;
}

/** What the numbers rest on: status, data, how accuracy is known, calibration of the costs, and the source link. */
function footer(
  result: Result,
  candidate: Candidate,
  layers: readonly LayerSummary[],
  evidence: string,
  t: Translate,
): string {
  const bases = layers.map((layer) => {
    const priced = pricedLayer(candidate, layer);
    return priced ? hardwareBasisText(result, priced, t) : '';
  });
  const [basis] = bases;
  const lines = [
    statusNote(result, t),
    syntheticNote(result.calibration, t) ?? t('Losses alone: {0}.', dataText(result.calibration, t)),
    lossBasis(result, t),
    // Of several layers only a basis they share can be told in a line.
    basis !== undefined && basis !== '' && bases.every((other) => other === basis)
      ? t('Costs: {0}.', basis)
      : undefined,
    evidence === '' ? undefined : t('Source: {0}', evidence),
  ].filter((line) => line !== undefined);
  return ['---', '', ...lines.map((line) => `${escaped(line)}  `)].join('\n').trimEnd();
}

function pricedLayer(candidate: Candidate, { id }: LayerSummary): CandidateLayer | undefined {
  return candidate.layers.find(({ layer }) => layer === id);
}
