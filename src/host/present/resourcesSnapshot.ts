// The resources view's data: what each layer of a plan takes of the FPGA, and what the network takes of the part.

import type { CostName, Part } from '../../core/cost/costs.ts';
import { findPart } from '../../core/cost/parts.ts';
import { AREAS, exceeded } from '../../core/cost/utilization.ts';
import type { Candidate, Result } from '../../core/result.ts';
import type { ResourceColumn, ResourceRow, ResourcesSnapshot } from '../../protocol/webview.ts';
import { hardwareBasisText } from './basisText.ts';
import { statusNote, syntheticNote } from './dataNotes.ts';
import { compact, count, share } from './numbers.ts';
import { planHeadline } from './planText.ts';
import type { Translate } from './translate.ts';
import { viewStrings } from './viewStrings.ts';
import { candidateAt, layerFormats } from './widths.ts';

const COLUMNS: readonly CostName[] = [...AREAS, 'latency', 'ii'];

/**
 * @param active index in Result.candidates; null: the recommended plan is shown
 * @param linked layer ids that have a source line
 * @throws `bad-option` when the result names a part this version does not know
 */
export function resourcesSnapshot(
  result: Result,
  active: number | null,
  linked: ReadonlySet<string>,
  t: Translate,
): ResourcesSnapshot {
  const part = findPart(result.settings.part);
  const chosen = candidateAt(result, result.chosen);
  const candidate = candidateAt(result, active) ?? chosen;
  return {
    view: 'resources',
    title: result.model.file,
    subtitle: candidate
      ? candidate === chosen
        ? t('Recommended plan {0}', planHeadline(result, candidate, t))
        : t('Active plan {0}', planHeadline(result, candidate, t))
      : t('No plan is active'),
    notes: notes(result, candidate, part, t),
    part: part.title,
    columns: columns(part, t),
    rows: candidate ? resourceRows(result, candidate, linked, t) : [],
    total: values(candidate?.costs ?? {}),
    strings: viewStrings(t),
  };
}

function columns(part: Part, t: Translate): ResourceColumn[] {
  return [
    { id: 'lut', title: t('LUT'), available: part.lut },
    { id: 'dsp', title: t('DSP'), available: part.dsp },
    { id: 'ff', title: t('FF'), available: part.ff },
    { id: 'bram', title: t('BRAM18'), available: part.bram },
    { id: 'latency', title: t('Latency (cycles)'), available: null },
    { id: 'ii', title: t('II (cycles)'), available: null },
  ];
}

/** Layers that cost something, as the network runs. */
function resourceRows(
  result: Result,
  candidate: Candidate,
  linked: ReadonlySet<string>,
  t: Translate,
): ResourceRow[] {
  return result.model.layers.flatMap((layer): ResourceRow[] => {
    const priced = candidate.layers.find((entry) => entry.layer === layer.id);
    if (!priced) return [];
    return [
      {
        layer: layer.id,
        name: layer.name,
        className: layer.className,
        formats: layerFormats(layer, candidate.plan, t),
        values: values(priced.costs),
        basis: hardwareBasisText(result, priced, t),
        linked: linked.has(layer.id),
      },
    ];
  });
}

function values(costs: Candidate['costs']): Record<string, number | null> {
  return Object.fromEntries(COLUMNS.map((name) => [name, costs[name] ?? null]));
}

function notes(result: Result, candidate: Candidate | undefined, part: Part, t: Translate): string[] {
  const { settings } = result;
  return [
    statusNote(result, t),
    syntheticNote(result.calibration, t),
    candidate && overflowNote(candidate, part, t),
    candidate && latencyNote(result, candidate, t),
    t(
      'hls4ml estimate for {0} with reuse factor {1} at {2} ns.',
      part.title,
      settings.reuse,
      settings.clockNs,
    ),
    t('Estimates of csynth reports, not of a placed design; each row says what its figures rest on.'),
  ].filter((note) => note !== undefined);
}

/** A warning that names what does not fit; undefined when all does. */
function overflowNote({ costs }: Candidate, part: Part, t: Translate): string | undefined {
  const titles = { lut: t('LUT'), dsp: t('DSP'), ff: t('FF'), bram: t('BRAM18') };
  const over = exceeded(costs, part);
  if (over.length === 0) return undefined;
  const shares = over.map((name) => `${titles[name]} ${share((costs[name] ?? 0) / part[name])}`);
  return t(
    'Does not fit {0}: {1}. Try a larger reuse factor or another part.',
    part.title,
    shares.join(', '),
  );
}

function latencyNote({ settings }: Result, { costs }: Candidate, t: Translate): string | undefined {
  if (costs.latency === undefined) return undefined;
  return t(
    'Latency {0} cycles: {1} µs. Layers overlap, so theirs do not add up.',
    count(costs.latency),
    compact((costs.latency * settings.clockNs) / 1000),
  );
}
