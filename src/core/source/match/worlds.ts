// The candidates an alignment chooses from: every function of the text (with the functions it calls), every Sequential
// in it, and the text as a whole for names. Branches make several worlds of one candidate: ways to run it.

import type { Argument, CallSite, Occurrence } from '../callSite.ts';

/** A call on one of the ways on which it is reached. */
export interface Construct {
  readonly site: CallSite;
  readonly className: string;
  readonly keywords: Readonly<Record<string, Argument>>;
  readonly open: boolean;
  readonly repeated: boolean;
  readonly arms: Occurrence['arms'];
  readonly naming: Naming;
}

/** What the code says about the layer's name. `computed`: not in the text of the call, but known from its function's arguments. */
export type Naming =
  | { readonly kind: 'literal'; readonly name: string; readonly computed: boolean }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

export interface Candidate {
  /** Function; `''` is the module, undefined the text as a whole. */
  readonly root: string | undefined;
  /** In order of construction. */
  readonly constructs: readonly Construct[];
}

export function candidatesOf(sites: readonly CallSite[]): readonly Candidate[] {
  const roots = new Map<string, { occurrence: Occurrence; construct: Construct }[]>();
  for (const site of sites) {
    for (const occurrence of occurrencesOf(site)) {
      const list = roots.get(occurrence.root) ?? [];
      list.push({ occurrence, construct: construct(site, occurrence) });
      roots.set(occurrence.root, list);
    }
  }
  const candidates: Candidate[] = [...roots].flatMap(([root, list]) => {
    const ordered = list.sort((a, b) => a.occurrence.order - b.occurrence.order);
    const containers = new Set(ordered.map(({ occurrence }) => occurrence.container));
    const parts = containers.size > 1 ? [...containers].filter((one) => one !== undefined) : [];
    const groups = [
      ordered,
      ...parts.map((one) => ordered.filter(({ occurrence }) => occurrence.container === one)),
    ];
    return groups.map((group) => ({ root, constructs: group.map((item) => item.construct) }));
  });
  if (roots.size < 2) return candidates;
  return [...candidates, { root: undefined, constructs: sites.map((site) => construct(site, undefined)) }];
}

/** A call that came without occurrences is reached once, from its own function, in the order of the text. */
function occurrencesOf(site: CallSite): readonly Occurrence[] {
  const { repeated, scope, range } = site;
  return site.occurrences ?? [{ root: scope.split('/')[0]!, order: range.from, arms: [], repeated }];
}

function construct(site: CallSite, occurrence: Occurrence | undefined): Construct {
  const keywords = occurrence?.keywords ?? site.keywords;
  return {
    site,
    className: site.className,
    keywords,
    // Positional arguments without a keyword of their own may be any.
    open: site.open === true || site.positional.length > 0,
    repeated: occurrence?.repeated ?? site.repeated,
    arms: occurrence?.arms ?? [],
    naming: naming(keywords['name'], site),
  };
}

function naming(name: Argument | undefined, site: CallSite): Naming {
  if (!name) return { kind: site.open === true ? 'unknown' : 'none' };
  if (!('literal' in name) || typeof name.literal !== 'string') return { kind: 'unknown' };
  const written = site.keywords['name'];
  const computed = !(written && 'literal' in written && written.literal === name.literal);
  return { kind: 'literal', name: name.literal, computed };
}

/** Ways to run that are tried, at most. */
const MAX_WORLDS = 200;
const MAX_ROUNDS = 3;

/**
 * Explains the candidate for one choice of arms after another: from the first arm of each branch, towards lower cost,
 * one branch at a time. Returns all explanations met.
 */
export function explainWorlds<Explanation extends { readonly cost: number }>(
  candidate: Candidate,
  explain: (constructs: readonly Construct[]) => Explanation,
): readonly Explanation[] {
  const branches = new Map(
    candidate.constructs.flatMap(({ arms }) => arms.map(({ branch, of }) => [branch, of] as const)),
  );
  const choice = new Map([...branches.keys()].map((branch) => [branch, 0]));
  const met = new Map<string, Explanation>();
  const run = (): Explanation | undefined => {
    const isActive = ({ arms }: Construct): boolean =>
      arms.every(({ branch, taken }) => taken.includes(choice.get(branch) ?? 0));
    const active = candidate.constructs.filter(isActive);
    const key = candidate.constructs.map((one) => (isActive(one) ? '1' : '0')).join('');
    const known = met.get(key);
    if (known || met.size >= MAX_WORLDS) return known;
    const explanation = explain(active);
    met.set(key, explanation);
    return explanation;
  };
  let best = run();
  for (let round = 0, moved = true; round < MAX_ROUNDS && moved; round++) {
    moved = false;
    for (const [branch, of] of branches) {
      const kept = choice.get(branch) ?? 0;
      let chosen = kept;
      for (let arm = 0; arm < of; arm++) {
        choice.set(branch, arm);
        const tried = run();
        if (tried && best && tried.cost < best.cost - 1e-9) [best, chosen, moved] = [tried, arm, true];
      }
      choice.set(branch, chosen);
    }
  }
  return [...met.values()];
}
