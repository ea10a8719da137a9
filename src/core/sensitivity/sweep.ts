// AMP phase 1 (arXiv 2302.05397): first each slot alone at each width (the heat map), then each group at each candidate,
// all else float. A width that ruins the network by itself is no candidate for its group, but for the widest.
// What was measured before, in this run or in an unfinished one, is not measured again.

import { throwIfAborted } from '../errors.ts';
import type { Group } from '../ir/groups.ts';
import type { Slot } from '../ir/slots.ts';
import type { Format } from '../quantizers/format.ts';
import { printFormat } from '../quantizers/format.ts';
import type { FormatTable } from '../quantizers/formatTable.ts';
import type { Metrics, SensitivityRow, SlotRow } from '../result.ts';
import { candidateBits, printBits, type Bits } from '../search/bits.ts';
import { isHopeless } from './metrics.ts';

export type Formats = ReadonlyMap<string, Format>;

export interface SweepProblem {
  readonly groups: readonly Group[];
  readonly formats: FormatTable;
  readonly weightBits: readonly number[];
  readonly activationBits: readonly number[];
  /** Float accuracy on the same data; null for regression. */
  readonly floatAccuracy: number | null;
  readonly signal: AbortSignal | undefined;
  measure(formats: Formats): Promise<Metrics>;
}

export interface SweepState {
  readonly groups: SensitivityRow[];
  readonly slots: SlotRow[];
}

export interface SweepStep {
  readonly step: number;
  readonly of: number;
  /** `conv1 at W4A8`, `conv1/weight at 4 bits`. */
  readonly subject: string;
}

/** Formats of a group at a candidate: its weights, their biases, and the activations they read. */
export function groupFormats(group: Group, bits: Bits, table: FormatTable): Formats {
  const formats = new Map<string, Format>();
  for (const slot of group.activations) formats.set(slot.id, table.at(slot, bits.activation));
  for (const slot of group.weights) formats.set(slot.id, table.at(slot, bits.weight!));
  for (const slot of group.biases) formats.set(slot.id, table.bias(slot));
  return formats;
}

/** Fills `state` row by row; yields before each measurement. Rows already in `state` are kept. */
export async function* sweep(problem: SweepProblem, state: SweepState): AsyncGenerator<SweepStep> {
  const { groups } = problem;
  const slots = groups.flatMap((group) => [...group.activations, ...group.weights]);
  const alone = slots.flatMap((slot) => slotTasks(problem, slot, state));
  const most = groups.reduce((sum, group) => sum + allCandidates(problem, group).length, 0);
  yield* perform(problem, alone, 0, alone.length + most);
  const together = groups.flatMap((group) => groupTasks(problem, group, state));
  yield* perform(problem, together, alone.length, alone.length + together.length);
}

async function* perform(
  problem: SweepProblem,
  tasks: readonly Task[],
  first: number,
  of: number,
): AsyncGenerator<SweepStep> {
  for (const [index, task] of tasks.entries()) {
    if (task.known()) continue;
    throwIfAborted(problem.signal);
    yield { step: first + index, of, subject: task.subject };
    task.add(await problem.measure(task.formats()));
  }
}

function allCandidates({ weightBits, activationBits }: SweepProblem, group: Group): readonly Bits[] {
  return candidateBits(group, { weight: weightBits, activation: activationBits });
}

/** The widest candidate, and those none of whose slots is hopeless alone. */
function usefulCandidates(problem: SweepProblem, group: Group, { slots }: SweepState): readonly Bits[] {
  const hopeless = new Set(
    slots.filter((row) => isHopeless(row, problem.floatAccuracy)).map(({ slot, bits }) => `${slot} ${bits}`),
  );
  const ruins = (slot: Slot, bits: number | null): boolean => hopeless.has(`${slot.id} ${bits ?? ''}`);
  return allCandidates(problem, group).filter(
    ({ weight, activation }, index) =>
      index === 0 ||
      !(
        group.weights.some((slot) => ruins(slot, weight)) ||
        group.activations.some((slot) => ruins(slot, activation))
      ),
  );
}

interface Task {
  readonly subject: string;
  known(): boolean;
  formats(): Formats;
  add(metrics: Metrics): void;
}

function slotTasks(
  { formats, weightBits, activationBits }: SweepProblem,
  slot: Slot,
  { slots }: SweepState,
): Task[] {
  const widths = [...new Set(slot.kind === 'weight' ? weightBits : activationBits)].sort((a, b) => b - a);
  return widths.map((bits) => ({
    subject: `${slot.id} at ${bits} bits`,
    known: () => slots.some((row) => row.slot === slot.id && row.bits === bits),
    formats: () => new Map([[slot.id, formats.at(slot, bits)]]),
    add: (metrics) =>
      slots.push({ slot: slot.id, bits, format: printFormat(formats.at(slot, bits)), ...metrics }),
  }));
}

function groupTasks(problem: SweepProblem, group: Group, state: SweepState): Task[] {
  return usefulCandidates(problem, group, state).map((bits) => ({
    subject: `${group.id} at ${printBits(bits)}`,
    known: () => state.groups.some((row) => row.group === group.id && row.format === printBits(bits)),
    formats: () => groupFormats(group, bits, problem.formats),
    add: (metrics) => state.groups.push({ group: group.id, format: printBits(bits), ...metrics }),
  }));
}

/** A measurement that remembers its answers by what was asked. */
export function remembering(
  measure: (formats: Formats) => Promise<Metrics>,
): (formats: Formats) => Promise<Metrics> {
  const answers = new Map<string, Promise<Metrics>>();
  return (formats) => {
    const key = formatsKey(formats);
    const known = answers.get(key);
    if (known) return known;
    const answer = measure(formats);
    answers.set(key, answer);
    answer.catch(() => answers.delete(key)); // a cancelled measurement is no answer
    return answer;
  };
}

/** Names a set of formats, whatever order they were put together in. */
export function formatsKey(formats: Formats): string {
  return [...formats]
    .map(([slot, format]) => `${slot}=${printFormat(format)}`)
    .sort()
    .join('\n');
}
