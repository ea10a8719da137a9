// Explains the layers of a model by one way to run the code: which call constructs which layer, by what evidence, and
// what is left over on either side.

import { skipCost } from '../layerClasses.ts';
import { byName } from './byName.ts';
import { byNumber, byOrder } from './byOrder.ts';
import type { Compare, Conflict, KnownLayer, Pair, Work } from './work.ts';
import type { Construct } from './worlds.ts';

export interface Explanation {
  /** Only names were compared. */
  readonly namesOnly: boolean;
  readonly cost: number;
  readonly pairs: readonly Pair[];
  readonly conflicts: readonly Conflict[];
  readonly unexplained: readonly KnownLayer[];
  readonly unused: readonly Construct[];
  /** Share of the layers that is explained, by weight, 0 … 1. */
  readonly layerShare: number;
  readonly siteShare: number;
}

/** @param namesOnly the order of the calls says nothing */
export function explain(
  layers: readonly KnownLayer[],
  constructs: readonly Construct[],
  compare: Compare,
  namesOnly: boolean,
): Explanation {
  const work: Work = {
    compare,
    layers,
    constructs,
    pairs: [],
    conflicts: [],
    settledLayers: new Set(),
    settled: new Set(),
    explained: new Set(),
    extra: 0,
  };
  byName(work);
  if (!namesOnly) {
    byNumber(work);
    byOrder(work);
  }
  return { namesOnly, ...summary(work) };
}

function summary(work: Work): Omit<Explanation, 'namesOnly'> {
  const { layers, constructs, pairs, conflicts, explained, extra } = work;
  const used = new Set(pairs.map((pair) => pair.construct));
  const unexplained = layers.filter((layer) => !explained.has(layer));
  const unused = constructs.filter((construct) => !construct.repeated && !used.has(construct));
  const layerWeight = sum(layers.map((layer) => layer.weight));
  const siteWeight = sum(constructs.map((construct) => skipCost(construct.className)));
  const lostLayers = sum(unexplained.map((layer) => layer.weight));
  const lostSites = sum(unused.map((construct) => skipCost(construct.className)));
  return {
    cost: lostLayers + lostSites + extra,
    pairs,
    conflicts,
    unexplained,
    unused,
    layerShare: layerWeight > 0 ? 1 - lostLayers / layerWeight : 0,
    siteShare: siteWeight > 0 ? 1 - lostSites / siteWeight : 0,
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
