// AMP phase 1 (arXiv 2302.05397): each group at each candidate, all else float; and, for the heat map, each slot alone
// at each width. What was measured before, in this run or in an unfinished one, is not measured again.

import { throwIfAborted } from '../errors.ts';
import type { Group } from '../ir/groups.ts';
import type { Slot } from '../ir/slots.ts';
import type { Format } from '../quantizers/format.ts';
import { printFormat } from '../quantizers/format.ts';
import type { FormatTable } from '../quantizers/formatTable.ts';
import type { Metrics, SensitivityRow, SlotRow } from '../result.ts';
import { candidateBits, printBits, type Bits } from '../search/bits.ts';

export type Formats = ReadonlyMap<string, Format>;

export interface SweepProblem {
  readonly groups: readonly Group[];
  readonly formats: FormatTable;
  readonly weightBits: readonly number[];
  readonly activationBits: readonly number[];
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
  const tasks = problem.groups.flatMap((group) => [
    ...[...group.activations, ...group.weights].flatMap((slot) => slotTasks(problem, slot, state)),
    ...groupTasks(problem, group, state),
  ]);
  for (const [index, task] of tasks.entries()) {
    if (task.known()) continue;
    throwIfAborted(problem.signal);
    yield { step: index, of: tasks.length, subject: task.subject };
    task.add(await problem.measure(task.formats()));
  }
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

function groupTasks(
  { formats, weightBits, activationBits }: SweepProblem,
  group: Group,
  { groups }: SweepState,
): Task[] {
  return candidateBits(group.weights.length > 0, weightBits, activationBits).map((bits) => ({
    subject: `${group.id} at ${printBits(bits)}`,
    known: () => groups.some((row) => row.group === group.id && row.format === printBits(bits)),
    formats: () => groupFormats(group, bits, formats),
    add: (metrics) => groups.push({ group: group.id, format: printBits(bits), ...metrics }),
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
