// What the tiers of evidence share while they explain the layers of a model by the calls of one way to run the code.

import type { LayerSummary } from '../../result.ts';
import type { Confidence } from '../callSite.ts';
import { canonicalClass, skipCost } from '../layerClasses.ts';
import { automaticNumber } from '../naming.ts';
import { agreement, printContradiction, type Agreement } from './agreement.ts';
import type { Construct } from './worlds.ts';

export type LayerLike = Pick<LayerSummary, 'id' | 'name' | 'className' | 'settings'>;

/** A layer of the file with what the matcher derives from it once. */
export interface KnownLayer {
  readonly layer: LayerLike;
  /** The same number for layers with the same settings. */
  readonly settings: number;
  readonly className: string;
  /** Place within the automatic names of its class; undefined when its name was chosen. */
  readonly automatic: number | undefined;
  readonly weight: number;
}

export interface Pair {
  readonly layer: KnownLayer;
  readonly construct: Construct;
  readonly confidence: Confidence;
  /** By name, by number of an automatic name, by order. */
  readonly tier: 'name' | 'number' | 'order';
  readonly evidence: string;
  /** Hyper-parameters that are written in the code and agree. */
  readonly agreeing: number;
}

/** A call names a layer of the file but cannot have constructed it as it is. */
export interface Conflict {
  readonly layer: KnownLayer;
  readonly construct: Construct;
  readonly why: string;
}

export function knownLayers(layers: readonly LayerLike[]): readonly KnownLayer[] {
  const numbers = new Map<string, number>();
  return layers.map((layer) => {
    const className = canonicalClass(layer.className);
    const key = JSON.stringify(layer.settings);
    const settings = numbers.get(key) ?? numbers.size;
    numbers.set(key, settings);
    const automatic = automaticNumber(layer.name, className);
    return { layer, settings, className, automatic, weight: skipCost(className) };
  });
}

/** Cost of a match that is less certain, as a part of the cost of leaving the layer without a call. */
export const UNKNOWN_COST = 0.2;
export const LOOP_COST = 0.2;

/** Compares a layer with a call; the same pair is met in many worlds, and equal pairs in every model. */
export type Compare = (layer: KnownLayer, construct: Construct) => Agreement;

export function comparer(): Compare {
  const rows = new Map<string, Agreement[]>();
  const rowOf = new Map<Construct, Agreement[]>();
  return (layer, construct) => {
    let row = rowOf.get(construct);
    if (!row) {
      const { className, keywords, open } = construct;
      const key = JSON.stringify([className, { ...keywords, name: undefined }, open]);
      row = rows.get(key) ?? [];
      rows.set(key, row);
      rowOf.set(construct, row);
    }
    return (row[layer.settings] ??= agreement(construct, layer.layer.settings));
  };
}

export interface Work {
  readonly compare: Compare;
  readonly layers: readonly KnownLayer[];
  readonly constructs: readonly Construct[];
  readonly pairs: Pair[];
  readonly conflicts: Conflict[];
  /** Layers and calls that are settled, matched or in conflict. */
  readonly settledLayers: Set<KnownLayer>;
  readonly settled: Set<Construct>;
  readonly explained: Set<KnownLayer>;
  extra: number;
}

export function accept(pair: Omit<Pair, 'agreeing'>, work: Work): void {
  const { agreeing, unknown } = work.compare(pair.layer, pair.construct);
  work.pairs.push({ ...pair, agreeing: agreeing.length });
  work.explained.add(pair.layer);
  work.settledLayers.add(pair.layer);
  work.settled.add(pair.construct);
  if (unknown) work.extra += pair.layer.weight * UNKNOWN_COST;
}

/** Can the call have constructed the layer, as far as the text says? */
export function fits(layer: KnownLayer, construct: Construct, compare: Compare): boolean {
  return layer.className === construct.className && compare(layer, construct).contradictions.length === 0;
}

/** Why a call cannot have constructed a layer; undefined when it can. */
export function objection(layer: KnownLayer, construct: Construct, compare: Compare): string | undefined {
  if (layer.className !== construct.className)
    return `${construct.className} in the code and ${layer.className} in the model file`;
  const [contradiction] = compare(layer, construct).contradictions;
  return contradiction && printContradiction(contradiction);
}

/** `, same filters and kernel_size`; '' when nothing is written that agrees. */
export function printAgreeing({ agreeing }: Agreement): string {
  const keys = agreeing.slice(0, 4);
  const last = keys.pop();
  if (last === undefined) return '';
  return `, same ${keys.length > 0 ? `${keys.join(', ')} and ` : ''}${last}`;
}

export function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
