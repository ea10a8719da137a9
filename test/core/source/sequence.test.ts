import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../../../src/core/random.ts';
import { alignSequence, type SequenceProblem } from '../../../src/core/source/match/sequence.ts';

/** Cheapest way to align what is left, over all ways; `forced` must be matched, `banned` must not. */
function cheapest(
  problem: SequenceProblem,
  allowed: (item: number, slot: number) => boolean,
  item = 0,
  slot = 0,
): number {
  const { itemSkips, slots } = problem;
  if (item === itemSkips.length && slot === slots.length) return 0;
  const ways: number[] = [];
  const here = slots[slot];
  if (item < itemSkips.length) ways.push(itemSkips[item]! + cheapest(problem, allowed, item + 1, slot));
  if (here) ways.push((here.many ? 0 : here.skip) + cheapest(problem, allowed, item, slot + 1));
  if (here && item < itemSkips.length && allowed(item, slot))
    ways.push(problem.cost(item, slot) + cheapest(problem, allowed, item + 1, here.many ? slot : slot + 1));
  return Math.min(...ways);
}

function randomProblem(seed: number): SequenceProblem {
  const random = seeded(seed);
  const pick = (values: readonly number[]): number => values[Math.floor(random.next() * values.length)]!;
  const costs = Array.from({ length: 4 }, () =>
    Array.from({ length: 4 }, () => pick([0, 0.2, 0.4, Infinity])),
  );
  return {
    itemSkips: Array.from({ length: 1 + Math.floor(random.next() * 4) }, () => pick([0.1, 1])),
    slots: Array.from({ length: 1 + Math.floor(random.next() * 4) }, () => ({
      skip: pick([0.1, 1]),
      many: random.next() < 0.25,
    })),
    cost: (item, slot) => costs[item]![slot]!,
  };
}

test('alignments are the cheapest there are', () => {
  for (let seed = 0; seed < 150; seed++) {
    const problem = randomProblem(seed);
    const matches = alignSequence(problem);
    const chosen = (item: number, slot: number): boolean => matches[item]?.slot === slot;
    const all = cheapest(problem, () => true);
    assert.ok(Math.abs(cheapest(problem, chosen) - all) < 1e-9, `seed ${seed}`);
  }
});

test('the margin is what it costs to give the item or its slot another partner', () => {
  for (let seed = 0; seed < 80; seed++) {
    const problem = randomProblem(seed);
    const best = cheapest(problem, () => true);
    for (const [item, match] of alignSequence(problem).entries()) {
      if (!match) continue;
      const isMany = problem.slots[match.slot]!.many;
      const rivals = problem.itemSkips.flatMap((_, i) =>
        problem.slots.flatMap((_slot, s) => {
          const other = (i === item && s !== match.slot) || (i !== item && s === match.slot && !isMany);
          return other ? [forced(problem, i, s)] : [];
        }),
      );
      const margin = Math.min(Infinity, ...rivals) - best;
      if (margin === Infinity) assert.equal(match.margin, Infinity, `seed ${seed} item ${item}`);
      else assert.ok(Math.abs(match.margin - margin) < 1e-9, `seed ${seed} item ${item}`);
    }
  }
});

/** Cost of the best alignment that has one match. */
function forced(problem: SequenceProblem, item: number, slot: number): number {
  const skips = problem.itemSkips.map((skip, i) => (i === item ? 1000 : skip));
  const cost = (i: number, s: number): number => (i === item && s !== slot ? Infinity : problem.cost(i, s));
  const found = cheapest({ ...problem, itemSkips: skips, cost }, () => true);
  return found >= 1000 ? Infinity : found;
}

test('equal layers against too few equal calls leave no clear match', () => {
  const matches = alignSequence({
    itemSkips: [1, 1, 1],
    slots: [
      { skip: 1, many: false },
      { skip: 1, many: false },
    ],
    cost: () => 0,
  });
  for (const match of matches) assert.ok(match === undefined || match.margin < 1);
});
