import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refine } from '../../../src/core/search/refine.ts';
import { visit, type Choice, type Problem, type Visit } from '../../../src/core/search/strategy.ts';
import { interacting, problem, randomGroups } from './problems.ts';

async function refined(p: Problem, start: Choice): Promise<{ from: Visit; visits: Visit[] }> {
  const from = await visit(p, start, { origin: 'dp', label: 'start', from: start });
  const visits: Visit[] = [];
  for await (const seen of refine(p, from)) visits.push(seen);
  return { from, visits };
}

const bops = ({ costs }: Visit) => costs.bops!;

test('each group is tried one step up and one step down in place, all else as the plan has it', async () => {
  const start = Array<number>(8).fill(1);
  const { visits } = await refined(problem(randomGroups(1), { maxDrop: 1.2 }), start);
  const first = visits.filter(({ label }) => /^repair 1\.\d+[↓↑]$/.test(label));
  assert.equal(first.length, 16);
  for (const { choice, flips, origin } of first) {
    assert.equal(origin, 'repair');
    assert.equal(choice.filter((option, g) => option !== start[g]).length, 1);
    assert.equal(flips.length, 1);
  }
});

test('steps are combined into plans that are cheaper and still accepted, interactions or not', async () => {
  let better = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const { from, visits } = await refined(interacting(seed, { maxDrop: 1.5 }), Array<number>(8).fill(1));
    const accepted = visits.filter(({ dropBound }) => dropBound <= 1.5);
    const best = Math.min(...accepted.map(bops), bops(from));
    if (from.dropBound <= 1.5 && best < bops(from)) better++;
    const several = accepted.filter(({ flips }) => flips.length > 1);
    if (best < bops(from) && several.length > 0) assert.ok(Math.min(...several.map(bops)) <= bops(from));
  }
  assert.ok(better >= 12, `better in ${better} of 20`);
});

test('where nothing cheaper is accepted it ends after one round', async () => {
  const { visits } = await refined(problem(randomGroups(2), { maxDrop: 0 }), Array<number>(8).fill(0));
  assert.ok(visits.every(({ label }) => label.startsWith('repair 1')));
  assert.ok(visits.every(({ dropBound }) => dropBound > 0));
});

test('a budget is respected by what it takes as better', async () => {
  const groups = randomGroups(3);
  const full = problem(groups).costs(Array<number>(8).fill(0)).bops!;
  const p = problem(groups, { maxDrop: Infinity, budget: { bops: full / 10 } });
  const { visits } = await refined(p, Array<number>(8).fill(0));
  // Nothing comes below the budget within one step of every group, so there is no second round.
  assert.ok(visits.length > 0 && visits.every(({ label }) => label.startsWith('repair 1')));
});

test('it stops between measurements when it is aborted', async () => {
  const controller = new AbortController();
  const p = problem(randomGroups(4), { signal: controller.signal });
  const start = Array<number>(8).fill(1);
  const from = await visit(p, start, { origin: 'dp', label: 'start', from: start });
  await assert.rejects(async () => {
    for await (const seen of refine(p, from)) if (seen.label !== '') controller.abort();
  }, /Cancelled/);
  assert.equal(p.measured.length, 2);
});
