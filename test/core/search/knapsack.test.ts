import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seeded } from '../../../src/core/random.ts';
import { solveKnapsack, type KnapsackItem } from '../../../src/core/search/knapsack.ts';

function instance(seed: number, groups: number, items: number, dimensions: number): KnapsackItem[][] {
  const random = seeded(seed);
  return Array.from({ length: groups }, () =>
    Array.from({ length: items }, () => ({
      costs: Array.from({ length: dimensions }, () => Math.floor(random.next() * 50)),
      loss: Math.floor(random.next() * 1000) / 10,
    })),
  );
}

/** All choices with their sums. */
function enumerate(groups: readonly KnapsackItem[][]): { costs: number[]; loss: number }[] {
  return groups.reduce<{ costs: number[]; loss: number }[]>(
    (sums, items) =>
      sums.flatMap((sum) =>
        items.map((item) => ({
          costs: item.costs.map((cost, k) => cost + (sum.costs[k] ?? 0)),
          loss: sum.loss + item.loss,
        })),
      ),
    [{ costs: [], loss: 0 }],
  );
}

for (const dimensions of [1, 2]) {
  test(`with ${dimensions} cost(s) the front holds the optimum of every budget`, () => {
    for (let seed = 1; seed <= 12; seed++) {
      const groups = instance(seed, 5, 4, dimensions);
      const all = enumerate(groups);
      const bounds = Array.from({ length: dimensions }, () => 110);
      const front = solveKnapsack(groups, { bounds });
      for (const cap of [60, 90, 110]) {
        const fits = ({ costs }: { costs: readonly number[] }) =>
          costs[0]! <= cap && costs.every((cost, k) => cost <= bounds[k]!);
        const best = Math.min(...all.filter(fits).map(({ loss }) => loss));
        const found = Math.min(...front.filter(fits).map(({ loss }) => loss));
        assert.ok(
          best === Infinity ? found === Infinity : Math.abs(best - found) < 1e-9,
          `seed ${seed}, cap ${cap}`,
        );
      }
    }
  });
}

test('a state names its items: its sums are those of the choice', () => {
  const groups = instance(5, 6, 3, 2);
  for (const { choice, costs, loss } of solveKnapsack(groups, { bounds: [Infinity, Infinity] })) {
    const items = choice.map((item, g) => groups[g]![item]!);
    assert.ok(Math.abs(items.reduce((sum, item) => sum + item.loss, 0) - loss) < 1e-9);
    assert.deepEqual(
      [0, 1].map((k) => items.reduce((sum, item) => sum + item.costs[k]!, 0)),
      costs,
    );
  }
});

test('nothing fits: the front is empty', () => {
  assert.deepEqual(solveKnapsack(instance(1, 4, 3, 1), { bounds: [-1] }), []);
});

test('a long front is thinned but keeps its ends', () => {
  const groups = instance(2, 30, 6, 1);
  const full = solveKnapsack(groups, { bounds: [Infinity], limit: 1e6 });
  const thinned = solveKnapsack(groups, { bounds: [Infinity], limit: 50 });
  assert.ok(thinned.length <= 51);
  assert.equal(thinned[0]!.costs[0], full[0]!.costs[0]);
  assert.equal(thinned.at(-1)!.loss, full.at(-1)!.loss);
});
