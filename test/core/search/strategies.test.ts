import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amp, greedyPath } from '../../../src/core/search/amp.ts';
import { paretoFront } from '../../../src/core/search/pareto.ts';
import { STRATEGIES } from '../../../src/core/search/registry.ts';
import { choose } from '../../../src/core/search/choose.ts';
import type { Choice, Visit } from '../../../src/core/search/strategy.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { interacting, problem, randomGroups } from './problems.ts';

async function all(visits: AsyncGenerator<Visit>): Promise<Visit[]> {
  const list: Visit[] = [];
  for await (const seen of visits) list.push(seen);
  return list;
}

const cheapestAccepted = (visits: readonly Visit[], maxDrop: number) =>
  Math.min(...visits.filter(({ dropBound }) => dropBound <= maxDrop).map(({ costs }) => costs.bops!));

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

test('nor is it where groups interact, whatever the walk', async () => {
  let better = 0;
  for (let seed = 1; seed <= 30; seed++) {
    const walk = (['brute', 'binary', 'interpolation'] as const)[seed % 3]!;
    const maxDrop = 0.2 + (seed % 5) / 4;
    const results = [];
    for (const strategy of STRATEGIES) {
      const visits = await all(strategy.search(interacting(seed, { walk, maxDrop })));
      results.push(cheapestAccepted(visits, maxDrop));
    }
    assert.ok(results[1]! <= results[0]!, `seed ${seed}: ${results.join(' against ')}`);
    if (results[1]! < results[0]! - 1e-9) better++;
  }
  assert.ok(better >= 10, `better in ${better} of 30`);
});

test('nor under a budget, where the plan that loses least is wanted', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const p = interacting(seed);
    const budget = { bops: p.costs(Array(8).fill(0)).bops! * (0.4 + (seed % 5) / 10) };
    const settings = { ...DEFAULT_SETTINGS, budget, maxDrop: null };
    const drops = [];
    for (const strategy of STRATEGIES) {
      const visits = await all(strategy.search(interacting(seed, { budget, maxDrop: Infinity })));
      drops.push(visits[choose(visits, settings)!]!.drop);
    }
    assert.ok(drops[1]! <= drops[0]!, `seed ${seed}: ${drops.join(' against ')}`);
  }
});

test('what is compared with the limit is the bound of the drop, not the drop', async () => {
  const margin = 0.4;
  for (const strategy of STRATEGIES) {
    const p = problem(randomGroups(9), { margin });
    const visits = await all(strategy.search(p));
    const cheapest = visits.filter(({ dropBound }) => dropBound <= 1);
    const flattered = cheapestAccepted(await all(strategy.search(problem(randomGroups(9)))), 1);
    assert.ok(cheapest.every(({ drop }) => drop <= 1 - margin));
    assert.ok(cheapestAccepted(visits, 1) > flattered, strategy.id);
  }
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
