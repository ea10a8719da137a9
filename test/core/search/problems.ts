// Search problems made by numbers alone: the drop of a choice is the sum of its groups' losses unless told otherwise.

import { seeded } from '../../../src/core/random.ts';
import type { Choice, Problem, SearchGroup } from '../../../src/core/search/strategy.ts';

export interface Overrides {
  readonly maxDrop?: number;
  readonly budget?: Problem['budget'];
  readonly walk?: Problem['walk'];
  readonly signal?: AbortSignal;
  /** How far the bound lies above the drop. */
  readonly margin?: number;
  /** Real drop of a choice, when it is not the sum of the losses. */
  readonly drop?: (choice: Choice, additive: number) => number;
}

export interface Counted extends Problem {
  /** Every choice that was asked for, repeated ones once. */
  readonly measured: Choice[];
  readonly notes: string[];
}

export function problem(groups: readonly SearchGroup[], overrides: Overrides = {}): Counted {
  const measured = new Map<string, Choice>();
  const notes: string[] = [];
  const sum = (choice: Choice, value: (g: number, o: number) => number) =>
    choice.reduce((total, o, g) => total + value(g, o), 0);
  return {
    groups,
    objective: 'bops',
    ranking: 'kl',
    maxDrop: overrides.maxDrop ?? 1,
    budget: overrides.budget ?? {},
    walk: overrides.walk ?? 'binary',
    signal: overrides.signal,
    get measured() {
      return [...measured.values()];
    },
    notes,
    costs: (choice) => ({ bops: sum(choice, (g, o) => groups[g]!.options[o]!.costs.bops!) }),
    measure(choice) {
      measured.set(choice.join(), choice);
      const additive = sum(choice, (g, o) => groups[g]!.options[o]!.loss);
      const drop = overrides.drop ? overrides.drop(choice, additive) : additive;
      const metrics = { sqnr: 0, kl: drop, mse: 0, agreement: null, accuracy: null, accuracyError: null };
      return Promise.resolve({ drop, dropBound: drop + (overrides.margin ?? 0), metrics });
    },
    note: (text) => notes.push(text),
  };
}

/** Groups of different work and fragility at 8, 6, 4 and 2 bits. */
export function randomGroups(seed: number, count = 8): SearchGroup[] {
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

/** The drop also depends on which narrow groups come together: pairs that hurt each other, pairs that make up. */
export function interacting(seed: number, overrides: Overrides = {}): Counted {
  const groups = randomGroups(seed);
  const random = seeded(1000 + seed);
  const pairs = groups.map(() => groups.map(() => (random.next() - 0.3) * 0.1));
  const interaction = (choice: Choice) =>
    choice.reduce(
      (sum, a, g) => sum + choice.slice(0, g).reduce((inner, b, h) => inner + pairs[g]![h]! * a * b, 0),
      0,
    );
  return problem(groups, {
    ...overrides,
    drop: (choice, additive) => Math.max(additive + interaction(choice), 0),
  });
}
