// Ties the layers of a model file to the calls in a source file that construct them. Evidence, best first:
//   T1 name    a literal name is the layer's name                                               exact
//   T4 number  names the framework made up: sorted by number they stand in the order of the code likely
//   T5 order   what is left, in the order of the file, by class and hyper-parameters             likely, if clear
// Each function of the text, with those it calls, is scored as a whole; where two explain the model about equally well
// and disagree, the links are ambiguous. A known literal that contradicts the file rules a link out.

import type { CallSite, Confidence, Link } from './callSite.ts';
import { explain, type Explanation } from './match/explain.ts';
import { fitOf, type Fit } from './match/fit.ts';
import { comparer, knownLayers, type LayerLike, type Pair } from './match/work.ts';
import { candidatesOf, explainWorlds } from './match/worlds.ts';

export type { Fit, Mismatch } from './match/fit.ts';
export type { LayerLike } from './match/work.ts';

export interface SourceMatch {
  /** In the order of the layers. A call that a loop or a helper function runs may have several. */
  readonly links: readonly Link[];
  /** Whether the code is still the code of this file. */
  readonly fit: Fit;
}

/** An explanation this much worse than the best is a rival still: a fixed part, and a part of the best one's own cost. */
const MARGIN = 0.05;
const RELATIVE_MARGIN = 0.5;
/** Below this share of explained layers the text is rather the source of another model. */
const MIN_SHARE = 0.5;

export function align(layers: readonly LayerLike[], sites: readonly CallSite[]): readonly Link[] {
  return matchSource(layers, sites).links;
}

export function matchSource(layers: readonly LayerLike[], sites: readonly CallSite[]): SourceMatch {
  const known = knownLayers(layers);
  const compare = comparer();
  const met = candidatesOf(sites).flatMap((candidate) => {
    const namesOnly = candidate.root === undefined;
    return explainWorlds(candidate, (constructs) => explain(known, constructs, compare, namesOnly));
  });
  const [first, ...rest] = met;
  if (!first) return { links: [], fit: { state: 'unrelated' } };
  const best = rest.reduce((a, b) => (b.cost < a.cost - 1e-9 ? b : a), first);
  const limit = best.cost * (1 + RELATIVE_MARGIN) + MARGIN;
  const rivals = met.filter((other) => other !== best && other.cost <= limit);
  const pairs = best.pairs.map((pair) => weighed(pair, best, rivals));
  const place = new Map(layers.map((layer, at) => [layer.id, at]));
  const links = [...pairs, ...conflictPairs(best)]
    .sort((a, b) => place.get(a.layer.layer.id)! - place.get(b.layer.layer.id)!)
    .map(({ layer, construct, confidence, evidence }) => {
      return { layer: layer.layer.id, site: construct.site, confidence, evidence };
    });
  return { links, fit: fitOf(best, pairs, MIN_SHARE) };
}

/** A call that names the layer but contradicts it is shown to nobody; it says where the code has changed. */
function conflictPairs(best: Explanation): Omit<Pair, 'agreeing' | 'tier'>[] {
  return best.conflicts.map(({ layer, construct, why }) => ({
    layer,
    construct,
    confidence: 'ambiguous',
    evidence: `the name agrees, but ${why}`,
  }));
}

/** Lowers the confidence of a pair by what the explanation as a whole is worth. */
function weighed(pair: Pair, best: Explanation, rivals: readonly Explanation[]): Pair {
  if (pair.confidence === 'ambiguous') return pair;
  if (rivals.some((rival) => disagrees(pair, rival, best))) {
    return { ...pair, confidence: 'ambiguous', evidence: `${pair.evidence}; other code fits as well` };
  }
  const confidence = worth(pair, best);
  if (confidence === pair.confidence) return pair;
  const share = Math.round(best.layerShare * 100);
  return { ...pair, confidence, evidence: `${pair.evidence}; the code explains ${share} % of the model` };
}

/** Does the rival tie the layer to another call, or the call to other layers? */
function disagrees({ layer, construct }: Pair, rival: Explanation, best: Explanation): boolean {
  const sitesOf = (explanation: Explanation): CallSite[] =>
    explanation.pairs.filter((pair) => pair.layer === layer).map((pair) => pair.construct.site);
  if (sitesOf(rival).some((site) => site !== construct.site)) return true;
  const layersOf = (explanation: Explanation): Set<unknown> =>
    new Set(
      explanation.pairs.filter((pair) => pair.construct.site === construct.site).map((pair) => pair.layer),
    );
  const mine = layersOf(best);
  const others = layersOf(rival);
  return others.size > 0 && !others.has(layer) && [...others].some((other) => !mine.has(other));
}

function worth(pair: Pair, best: Explanation): Confidence {
  const told = best.pairs.some(({ tier, agreeing }) => tier === 'name' || agreeing > 0);
  if (best.layerShare >= MIN_SHARE && told) return pair.confidence;
  // Part of a model, written in a file of its own: several names that agree, and no call that is left over.
  const names = best.pairs.filter(({ tier, confidence }) => tier === 'name' && confidence === 'exact');
  const part = pair.tier === 'name' && names.length > 1 && best.siteShare >= MIN_SHARE;
  return part ? 'likely' : 'ambiguous';
}
