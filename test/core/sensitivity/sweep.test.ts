import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Group } from '../../../src/core/ir/groups.ts';
import { prepare } from '../../../src/core/ir/prepare.ts';
import { bitsOf, parseFormat, printFormat } from '../../../src/core/quantizers/format.ts';
import type { FormatTable } from '../../../src/core/quantizers/formatTable.ts';
import type { Metrics } from '../../../src/core/result.ts';
import { chooseRanges } from '../../../src/core/sensitivity/chooseRanges.ts';
import {
  formatsKey,
  groupFormats,
  remembering,
  sweep,
  type Formats,
  type SweepProblem,
  type SweepState,
} from '../../../src/core/sensitivity/sweep.ts';
import { graphBuilder } from '../../support/graphBuilder.ts';

const table: FormatTable = {
  at: (_slot, bits) => parseFormat(`fixed<${bits},1>`),
  alternatives: (_slot, bits) => [0, 1, 2].map((integer) => parseFormat(`fixed<${bits},${integer}>`)),
  prefer: () => undefined,
  bias: () => parseFormat('fixed<16,1>'),
};

/** relu(x · fc1) · fc2: two groups with a weight, a bias and an activation each. */
function network() {
  const build = graphBuilder();
  const hidden = build.relu('relu', build.dense('fc1', build.input('x', [3]), 4));
  return prepare(build.graph([build.dense('fc2', hidden, 2)]));
}

const metrics = (accuracy: number): Metrics => ({
  sqnr: 20,
  kl: 1 - accuracy,
  mse: 0,
  agreement: 1,
  accuracy,
  accuracyError: 0,
});

interface Counted extends SweepProblem {
  readonly measured: Formats[];
}

function problem(ruined: ReadonlySet<string> = new Set(), signal?: AbortSignal): Counted {
  const measured: Formats[] = [];
  return {
    groups: network().groups,
    formats: table,
    weightBits: [4, 8, 8],
    activationBits: [8, 4],
    floatAccuracy: 0.9,
    signal,
    measured,
    measure(formats) {
      measured.push(formats);
      const isRuined = [...formats].some(([slot, format]) => ruined.has(`${slot} ${bitsOf(format)}`));
      return Promise.resolve(metrics(isRuined ? 0.1 : 0.89));
    },
  };
}

async function swept(p: SweepProblem, state: SweepState = { groups: [], slots: [] }) {
  const subjects: string[] = [];
  for await (const { subject, step, of } of sweep(p, state)) {
    assert.ok(step < of);
    subjects.push(subject);
  }
  return { state, subjects };
}

test('every slot alone at every width, then every group at every candidate', async () => {
  const p = problem();
  const { state, subjects } = await swept(p);
  assert.deepEqual(
    state.slots.map(({ slot, bits }) => `${slot} ${bits}`),
    ['x/input', 'fc1/weight', 'relu/activation', 'fc2/weight'].flatMap((slot) => [`${slot} 8`, `${slot} 4`]),
  );
  const pairs = ['W8A8', 'W4A8', 'W8A4', 'W4A4'];
  assert.deepEqual(
    state.groups.map(({ group, format }) => `${group} ${format}`),
    ['fc1', 'fc2'].flatMap((group) => pairs.map((pair) => `${group} ${pair}`)),
  );
  assert.equal(subjects.length, p.measured.length);
  assert.deepEqual([subjects[2], subjects.at(-1)], ['fc1/weight at 8 bits', 'fc2 at W4A4']);
});

test('a group is measured with its weights, their biases and the activations they read', () => {
  const [fc1] = problem().groups as readonly [Group, Group];
  const formats = groupFormats(fc1, { weight: 4, activation: 8 }, table);
  assert.deepEqual(
    [...formats].map(([slot, format]) => `${slot} ${printFormat(format)}`),
    ['x/input fixed<8,1>', 'fc1/weight fixed<4,1>', 'fc1/bias fixed<16,1>'],
  );
});

test('a width that ruins the network by itself is no candidate, but the widest stays', async () => {
  const p = problem(new Set(['fc1/weight 4', 'relu/activation 8', 'relu/activation 4']));
  const { state } = await swept(p);
  const of = (name: string) => state.groups.filter(({ group }) => group === name).map(({ format }) => format);
  assert.deepEqual(of('fc1'), ['W8A8', 'W8A4']);
  assert.deepEqual(of('fc2'), ['W8A8']);
});

test('rows that are there are kept and not measured again', async () => {
  const full = await swept(problem());
  for (const known of [0, 1, 5, 8, 11]) {
    const slots = full.state.slots.slice(0, known);
    const groups = full.state.groups.slice(0, Math.max(known - 8, 0));
    const p = problem();
    const { state } = await swept(p, { slots, groups });
    assert.deepEqual(state, full.state);
    assert.equal(p.measured.length, 16 - known);
  }
});

test('an aborted sweep stops before the next measurement and keeps its rows', async () => {
  const controller = new AbortController();
  const p = problem(new Set(), controller.signal);
  const state: SweepState = { groups: [], slots: [] };
  await assert.rejects(async () => {
    for await (const { step } of sweep(p, state)) if (step === 3) controller.abort();
  }, /Cancelled/);
  assert.equal(state.slots.length, 4);
});

test('the same formats in any order are one question; a failed answer is asked again', async () => {
  let asked = 0;
  const measure = remembering(() => {
    asked++;
    return asked === 1 ? Promise.reject(new Error('cancelled')) : Promise.resolve(metrics(0.5));
  });
  const a = new Map([
    ['a', parseFormat('int8')],
    ['b', parseFormat('int4')],
  ]);
  const b = new Map([...a].reverse());
  assert.equal(formatsKey(a), formatsKey(b));
  await assert.rejects(measure(a));
  assert.equal(await measure(a), await measure(b));
  assert.equal(asked, 2);
});

test('of the ranges of a slot and width the one that hurts the outputs least is preferred', async () => {
  const preferred = new Map<string, string>();
  const chosen: FormatTable = {
    ...table,
    prefer: (slot, bits, format) => void preferred.set(`${slot.id} ${bits}`, printFormat(format)),
  };
  const slots = network().slots.list.filter(({ kind }) => kind === 'weight');
  const best: Record<string, string> = { 'fc1/weight': 'fixed<4,2>', 'fc2/weight': 'fixed<4,0>' };
  const ranges = chooseRanges({
    slots,
    table: chosen,
    ranking: 'kl',
    signal: undefined,
    widths: () => [4],
    measure(formats) {
      const [[slot, format]] = [...formats] as [[string, ReturnType<typeof parseFormat>]];
      return Promise.resolve(metrics(printFormat(format) === best[slot] ? 0.9 : 0.5));
    },
  });
  const steps = [];
  for await (const { step, of, slot } of ranges) steps.push(`${step}/${of} ${slot.id}`);
  assert.deepEqual(steps, ['0/2 fc1/weight', '1/2 fc2/weight']);
  assert.deepEqual(Object.fromEntries(preferred), {
    'fc1/weight 4': 'fixed<4,2>',
    'fc2/weight 4': 'fixed<4,0>',
  });
});
