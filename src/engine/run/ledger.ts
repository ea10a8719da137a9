// The measured candidates of a run, and the result they make: complete at the end, partial on the way.

import { createHash } from 'node:crypto';
import path from 'node:path';
import { summarizeGroups, summarizeLayers, summarizeSlots } from '../../core/ir/summarize.ts';
import { printFormat } from '../../core/quantizers/format.ts';
import {
  RESULT_VERSION,
  type Candidate,
  type CostRow,
  type Metrics,
  type PlanFormats,
  type Result,
} from '../../core/result.ts';
import type { Basis } from '../../core/cost/costs.ts';
import { choose } from '../../core/search/choose.ts';
import { paretoFront } from '../../core/search/pareto.ts';
import {
  dropBoundOf,
  UNKNOWN_DAMAGE,
  usualDamage,
  type Acceptance,
} from '../../core/sensitivity/acceptance.ts';
import { accuracyOf, dropOf } from '../../core/sensitivity/metrics.ts';
import { formatsKey, type Formats, type SweepState } from '../../core/sensitivity/sweep.ts';
import type { RunParams } from '../../protocol/engine.ts';
import type { Run } from './openRun.ts';

export interface Ledger {
  /** Adds a measured plan; one that is already there stays as it was. */
  add(entry: LedgerEntry): Candidate;
  /** What a measurement says of the drop, by what the sensitivity sweep has shown so far. */
  judge(metrics: Metrics): Pick<Candidate, 'drop' | 'dropBound'>;
  /** What the settings would choose of what has been measured so far. */
  best(): Candidate | undefined;
  note(text: string): void;
  result(status: Result['status']): Result;
}

export interface LedgerEntry extends Pick<Candidate, 'label' | 'origin' | 'flips' | 'predictedDrop'> {
  readonly formats: Formats;
  readonly metrics: Metrics;
}

export interface LedgerOptions {
  readonly run: Run;
  readonly params: RunParams;
  readonly sensitivity: SweepState;
  costTable(): readonly CostRow[];
  readonly producer: Result['producer'];
}

export function createLedger(options: LedgerOptions): Ledger {
  const { run, params, sensitivity } = options;
  const { prepared, evaluation } = run;
  const floatAccuracy = accuracyOf(evaluation.float, evaluation.dataset.labels);
  const entries = new Map<string, Candidate>();
  const notes = new Set<string>();
  let costBasis: Result['costBasis'] = {};
  const bases: Basis[] = [];

  const acceptance = (): Acceptance => ({
    floatAccuracy,
    usual: run.evaluationData.labelled
      ? UNKNOWN_DAMAGE
      : usualDamage(sensitivity.groups, run.calibrationAccuracy),
  });
  const judge = (metrics: Metrics, by = acceptance()): Pick<Candidate, 'drop' | 'dropBound'> => ({
    drop: dropOf(metrics, floatAccuracy),
    dropBound: dropBoundOf(metrics, by),
  });
  /** By today's acceptance: the networks measured before the sweep are judged like those after it. */
  const judged = (): Candidate[] => {
    const by = acceptance();
    return [...entries.values()].map((candidate) => ({ ...candidate, ...judge(candidate.metrics, by) }));
  };

  const build = (entry: LedgerEntry): Candidate => {
    const { total, layers, basis } = run.costing.plan(entry.formats);
    costBasis = basis;
    return {
      label: entry.label,
      origin: entry.origin,
      plan: printFormats(entry.formats),
      flips: entry.flips,
      metrics: entry.metrics,
      ...judge(entry.metrics),
      predictedDrop: entry.predictedDrop,
      costs: total,
      layers: layers.map((layer) => ({ ...layer, basis: layer.basis.map((one) => indexOf(bases, one)) })),
    };
  };

  return {
    judge,
    best() {
      const candidates = judged();
      const index = choose(candidates, run.settings);
      return index === null ? undefined : candidates[index];
    },
    note: (text) => void notes.add(text),
    add(entry) {
      const key = formatsKey(entry.formats);
      const candidate = entries.get(key) ?? build(entry);
      entries.set(key, candidate);
      return candidate;
    },
    result(status) {
      const candidates = judged();
      const objective = run.settings.objective;
      const front = paretoFront(
        candidates.map(({ costs, drop }) => ({ x: costs[objective] ?? Infinity, y: drop })),
      );
      const chosen = choose(candidates, run.settings);
      return {
        version: RESULT_VERSION,
        status,
        key: runKey(run, options.producer),
        producer: options.producer,
        model: {
          file: path.basename(params.model.path),
          hash: run.modelHash,
          name: prepared.graph.name,
          framework: prepared.graph.framework,
          layers: summarizeLayers(prepared),
          slots: summarizeSlots(prepared),
          groups: summarizeGroups(prepared.groups, sensitivity.groups),
          folded: prepared.folded,
        },
        calibration: run.calibrationData,
        evaluation: run.evaluationData,
        settings: run.settings,
        float: {
          accuracy: floatAccuracy,
          calibrationAccuracy: run.calibrationAccuracy,
          accuracyBasis: accuracyBasis(run, floatAccuracy),
          dropPerNat: acceptance().usual.dropPerNat,
        },
        ranking: run.ranking,
        sensitivity,
        costTable: options.costTable(),
        costBasis,
        bases,
        candidates,
        front,
        chosen,
        notes: [...notes],
      };
    },
  };
}

/** Index of a basis in the list, which grows by it when it is new. */
function indexOf(bases: Basis[], basis: Basis): number {
  const known = bases.findIndex(({ source, error }) => source === basis.source && error === basis.error);
  return known >= 0 ? known : bases.push(basis) - 1;
}

function accuracyBasis(run: Run, floatAccuracy: number | null): Result['float']['accuracyBasis'] {
  if (floatAccuracy === null) return 'none';
  return run.evaluationData.labelled ? 'labels' : 'estimate';
}

/** SHA-256 over everything that decides a result. */
export function runKey(run: Run, producer: Result['producer']): string {
  const { modelHash, calibrationData, evaluationData, settings } = run;
  const parts = [RESULT_VERSION, producer, modelHash, calibrationData.hash, evaluationData.hash, settings];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function printFormats(formats: Formats): PlanFormats {
  return Object.fromEntries([...formats].map(([slot, format]) => [slot, printFormat(format)]));
}
