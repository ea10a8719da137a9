// The search problem of a run: options of every group with their measured losses and their additive costs.

import type { CostRow, Metrics, SensitivityRow } from '../../core/result.ts';
import { candidateBits, printBits, type Bits, type Widths } from '../../core/search/bits.ts';
import type { Choice, Problem, SearchGroup } from '../../core/search/strategy.ts';
import { additiveLoss, dropOf } from '../../core/sensitivity/metrics.ts';
import { groupFormats, type Formats } from '../../core/sensitivity/sweep.ts';
import type { Ledger } from './ledger.ts';
import { completeFormats, type Run } from './openRun.ts';

export interface RunProblem extends Problem {
  /** Costs of every weight slot at every pair of widths. */
  readonly costTable: readonly CostRow[];
  formatsOf(choice: Choice): Formats;
}

export interface ProblemInput {
  readonly run: Run;
  readonly ledger: Ledger;
  readonly widths: Widths;
  readonly sensitivity: readonly SensitivityRow[];
  readonly signal: AbortSignal;
  measure(formats: Formats): Promise<Metrics>;
}

export function createProblem({
  run,
  ledger,
  widths,
  sensitivity,
  signal,
  measure,
}: ProblemInput): RunProblem {
  const { settings, prepared, table, costing } = run;
  const rows = new Map(sensitivity.map((row) => [`${row.group} ${row.format}`, row]));
  const candidates = prepared.groups.map((group) =>
    candidateBits(group, widths).filter((bits) => rows.has(`${group.id} ${printBits(bits)}`)),
  );
  const formatsOf = (choice: Choice): Formats => completeFormats(run, (g) => candidates[g]![choice[g]!]!);
  const baseline = formatsOf(prepared.groups.map(() => 0));
  const costTable: CostRow[] = [];

  const groups = prepared.groups.map((group, g): SearchGroup => {
    const options = candidates[g]!.map((bits) => {
      const formats = new Map([...baseline, ...groupFormats(group, bits, table)]);
      costTable.push(...kernelRows(run, group.weights, bits, formats));
      const row = rows.get(`${group.id} ${printBits(bits)}`)!;
      return {
        label: printBits(bits),
        loss: finite(additiveLoss(row, run.ranking)),
        drop: dropOf(row, run.calibrationAccuracy),
        costs: costing.group(group, formats),
        bits: (bits.weight ?? 0) + bits.activation,
      };
    });
    return { id: group.id, options };
  });

  return {
    groups,
    costTable,
    formatsOf,
    objective: settings.objective,
    ranking: run.ranking,
    maxDrop: settings.maxDrop ?? Infinity,
    budget: settings.budget,
    walk: settings.walk,
    signal,
    costs: (choice) => costing.plan(formatsOf(choice)).total,
    async measure(choice) {
      const metrics = await measure(formatsOf(choice));
      return { metrics, ...ledger.judge(metrics) };
    },
    note: (text) => ledger.note(text),
  };
}

function kernelRows(
  { costing }: Run,
  weights: Run['prepared']['groups'][number]['weights'],
  bits: Bits,
  formats: Formats,
) {
  return weights.map((slot): CostRow => ({
    slot: slot.id,
    weightBits: bits.weight!,
    inputBits: bits.activation,
    costs: costing.kernel(slot, formats),
  }));
}

/** A score that is no number must not win: it counts as the worst there is. */
function finite(loss: number): number {
  return Number.isFinite(loss) ? loss : 1e300;
}
