import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../../../src/core/random.ts';
import { amp, greedyPath } from '../../../src/core/search/amp.ts';
import { paretoFront } from '../../../src/core/search/pareto.ts';
import { STRATEGIES } from '../../../src/core/search/registry.ts';
import type { Choice, Problem, SearchGroup, Visit } from '../../../src/core/search/strategy.ts';

interface Overrides {
  readonly maxDrop?: number;
  readonly budget?: Problem['budget'];
  readonly walk?: Problem['walk'];
  readonly signal?: AbortSignal;
  /** Real drop of a choice, when it is not the sum of the losses. */
  readonly drop?: (choice: Choice, additive: number) => number;
}

interface Counted extends Problem {
  readonly measured: Choice[];
  readonly notes: string[];
}

/** A network whose drop is the sum of its groups' losses unless told otherwise. */
function problem(groups: readonly SearchGroup[], overrides: Overrides = {}): Counted {
  const measured: Choice[] = [];
  const notes: string[] = [];
  const sum = (choice: Choice, value: (g: number, o: number) => number) =>
    choice.reduce((total, o, g) => total + value(g, o), 0);
  return {
    groups,
    objective: 'bops',
    maxDrop: overrides.maxDrop ?? 1,
    budget: overrides.budget ?? {},
    walk: overrides.walk ?? 'binary',
    signal: overrides.signal,
    measured,
    notes,
    costs: (choice) => ({ bops: sum(choice, (g, o) => groups[g]!.options[o]!.costs.bops!) }),
    measure(choice) {
      measured.push(choice);
      const additive = sum(choice, (g, o) => groups[g]!.options[o]!.loss);
      const drop = overrides.drop ? overrides.drop(choice, additive) : additive;
      return Promise.resolve({
        drop,
        metrics: { sqnr: 0, kl: additive, mse: 0, agreement: null, accuracy: null },
      });
    },
    note: (text) => notes.push(text),
  };
}

function randomGroups(seed: number, count = 8): SearchGroup[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, g) => {
    const work = 1 + random.next() * 9;
    const fragility = random.next();
    const options = [8, 6, 4, 2].map((bits) => ({
      label: `W${bits}A8`,
      bits,
      loss: bits === 8 ? 0 : (fragility * (8 - bits) ** 2) / 20 + random.next() * 0.05,
      drop: 0,
      costs: { bops: work * bits },
    }));
    return { id: `g${g}`, options };
  });
}

async function all(visits: AsyncGenerator<Visit>): Promise<Visit[]> {
  const list: Visit[] = [];
  for await (const seen of visits) list.push(seen);
  return list;
}

const cheapestAccepted = (visits: readonly Visit[], maxDrop: number) =>
  Math.min(...visits.filter(({ drop }) => drop <= maxDrop).map(({ costs }) => costs.bops!));

test('the greedy path starts at the baseline and gets cheaper with every entry', () => {
  const path = greedyPath(problem(randomGroups(1)));
  const costs = path.map((choice) => problem(randomGroups(1)).costs(choice).bops!);
  assert.deepEqual(path[0], Array(8).fill(0));
  assert.deepEqual(
    costs,
    [...costs].sort((a, b) => b - a),
  );
  assert.deepEqual(path.at(-1), Array(8).fill(3));
});

test('all walks end at the same boundary of a steady metric; binary and interpolation ask less', async () => {
  const results = await Promise.all(
    (['brute', 'binary', 'interpolation'] as const).map(async (walk) => {
      const p = problem(randomGroups(2), { walk });
      return { best: cheapestAccepted(await all(amp.search(p)), 1), asked: p.measured.length };
    }),
  );
  assert.equal(new Set(results.map(({ best }) => best)).size, 1);
  assert.ok(results[1]!.asked < results[0]!.asked);
  assert.ok(results[2]!.asked < results[0]!.asked);
});

test('the boundary is real: the next entry of the list breaks the limit', async () => {
  const p = problem(randomGroups(3));
  const path = greedyPath(p);
  const drops = path.map((choice) => choice.reduce((sum, o, g) => sum + p.groups[g]!.options[o]!.loss, 0));
  const last = drops.findLastIndex((drop) => drop <= 1);
  assert.equal(cheapestAccepted(await all(amp.search(p)), 1), p.costs(path[last]!).bops);
});

test('a metric that is not monotone is noticed, said, and searched further', async () => {
  const groups = randomGroups(4);
  const path = greedyPath(problem(groups)).map((choice) => choice.join());
  const first = Math.floor(path.length / 2);
  const second = Math.floor((first + path.length) / 2);
  const drop = (choice: Choice) => {
    const index = path.indexOf(choice.join());
    return index === first ? 0.9 : index === second ? 3 : 0.2;
  };
  const p = problem(groups, { drop });
  const visits = await all(amp.search(p));
  assert.ok(p.notes.some((note) => note.includes('steadily')));
  assert.ok(visits.some(({ choice, drop: lost }) => lost <= 1 && path.indexOf(choice.join()) > second));
});

test('with a budget AMP walks until it is respected', async () => {
  const groups = randomGroups(5);
  const full = problem(groups).costs(Array(8).fill(0)).bops!;
  const visits = await all(amp.search(problem(groups, { budget: { bops: full * 0.6 } })));
  assert.ok(visits.some(({ costs }) => costs.bops! <= full * 0.6));
});

test('amp+dp is never worse than amp at the same drop, and sometimes better', async () => {
  let better = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const results = [];
    for (const strategy of STRATEGIES) {
      results.push(cheapestAccepted(await all(strategy.search(problem(randomGroups(seed)))), 1));
    }
    assert.ok(results[1]! <= results[0]!, `seed ${seed}`);
    if (results[1]! < results[0]! - 1e-9) better++;
  }
  assert.ok(better >= 5, `better in ${better} of 20`);
});

test('an impossible budget is said, not thrown', async () => {
  const p = problem(randomGroups(6), { budget: { bops: 1 } });
  for (const strategy of STRATEGIES) await all(strategy.search(p));
  assert.equal(p.notes.length, 3);
});

test('an aborted search stops between measurements', async () => {
  const controller = new AbortController();
  const p = problem(randomGroups(7), { signal: controller.signal });
  await assert.rejects(async () => {
    for await (const seen of STRATEGIES[1]!.search(p)) if (seen.label !== '') controller.abort();
  }, /Cancelled/);
  assert.equal(p.measured.length, 1);
});

test('flips name group, before and after', async () => {
  const visits = await all(amp.search(problem(randomGroups(8))));
  const grown = visits.find(({ flips }) => flips.length > 0)!;
  assert.match(grown.flips[0]!.group, /^g\d$/);
  assert.notEqual(grown.flips[0]!.from, grown.flips[0]!.to);
});

test('the Pareto front leaves out what is beaten in both and what has no cost', () => {
  const points = [
    { x: 3, y: 1 },
    { x: 1, y: 3 },
    { x: 2, y: 3 },
    { x: 1, y: 3 },
    { x: Infinity, y: 0 },
    { x: 2, y: 2 },
  ];
  assert.deepEqual(paretoFront(points), [1, 5, 0]);
});
