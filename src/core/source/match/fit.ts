// Is the code still the code of the model file? Compares structure, never time stamps: the answer decides whether the
// editor shows numbers or says that the model file is older than the code.

import type { CallSite } from '../callSite.ts';
import { LAYER_CLASSES, merges, skipCost } from '../layerClasses.ts';
import { agreement, printContradiction } from './agreement.ts';
import type { Explanation } from './explain.ts';
import type { KnownLayer, Pair } from './work.ts';
import type { Construct } from './worlds.ts';

export type Fit =
  | { readonly state: 'fits' }
  /** The code is about this model, but has other layers or other hyper-parameters. */
  | { readonly state: 'differs'; readonly mismatches: readonly Mismatch[] }
  /** The text fits in more than one way. */
  | { readonly state: 'ambiguous' }
  /** Nothing says that the text has to do with this model. */
  | { readonly state: 'unrelated' };

export interface Mismatch {
  /** For the hover: `units is 64 in the code and 32 in the model file`. */
  readonly why: string;
  /** Layer id; absent for a call whose layer the file lacks. */
  readonly layer?: string;
  /** Absent for a layer that the code does not construct. */
  readonly site?: CallSite;
}

export function fitOf(best: Explanation, pairs: readonly Pair[], minShare: number): Fit {
  const conflicts = best.conflicts.map((conflict) => conflict.layer);
  const weights = (layers: readonly { readonly weight: number }[]): number =>
    layers.reduce((total, layer) => total + layer.weight, 0);
  const all = weights(best.pairs.map((pair) => pair.layer)) + weights(best.unexplained);
  const related = best.layerShare + (all > 0 ? weights([...new Set(conflicts)]) / all : 0);
  const partial = pairs.some((pair) => pair.confidence !== 'ambiguous');
  if (related < minShare && !partial) return { state: 'unrelated' };
  const mismatches = mismatchesOf(best, related >= minShare && !best.namesOnly);
  if (mismatches.length > 0) return { state: 'differs', mismatches };
  return partial || pairs.length === 0 ? { state: 'fits' } : { state: 'ambiguous' };
}

function mismatchesOf(best: Explanation, whole: boolean): Mismatch[] {
  const named = best.conflicts.map(({ layer, construct, why }) => mismatch(why, layer, construct));
  const settled = new Set(best.conflicts.flatMap(({ layer, construct }) => [layer, construct]));
  const missing = best.unexplained.filter(
    (layer) => whole && !settled.has(layer) && needsCall(layer.className),
  );
  const extra = best.namesOnly
    ? []
    : best.unused.filter((call) => !settled.has(call) && needsLayer(call, best));
  // One layer and one call of a class are left over: most likely the call was edited.
  const edited = missing.flatMap((layer) => {
    const same = (one: { readonly className: string }): boolean => one.className === layer.className;
    const [call, ...others] = extra.filter(same);
    return call && others.length === 0 && missing.filter(same).length === 1 ? [{ layer, call }] : [];
  });
  const paired = new Set(edited.flatMap(({ layer, call }) => [layer, call]));
  return [
    ...named,
    ...edited.map(({ layer, call }) => mismatch(difference(layer, call), layer, call)),
    ...missing
      .filter((layer) => !paired.has(layer))
      .map((layer) => mismatch(noCall(layer), layer, undefined)),
    ...extra
      .filter((call) => !paired.has(call))
      .map((call) => mismatch(`the model file has no layer for this ${call.className}`, undefined, call)),
  ];
}

function mismatch(why: string, layer: KnownLayer | undefined, call: Construct | undefined): Mismatch {
  return { why, ...(layer ? { layer: layer.layer.id } : {}), ...(call ? { site: call.site } : {}) };
}

const noCall = ({ layer }: KnownLayer): string =>
  `the code constructs no ${layer.className} for '${layer.name}'`;

function difference({ layer }: KnownLayer, call: Construct): string {
  const [contradiction] = agreement(call, layer.settings).contradictions;
  if (contradiction) return printContradiction(contradiction);
  const name = call.naming.kind === 'literal' ? `named '${call.naming.name}'` : 'without that name';
  return `${name} in the code and '${layer.name}' in the model file`;
}

/** Sequential models make their own inputs, operators their own Add; layers of other libraries are not scanned. */
const needsCall = (className: string): boolean =>
  LAYER_CLASSES.has(className) && className !== 'InputLayer' && !merges(className);

function needsLayer({ className, naming }: Construct, best: Explanation): boolean {
  if (className === 'InputLayer') return false;
  const namesakes = best.pairs.filter(
    ({ layer, tier, confidence }) =>
      layer.className === className && tier === 'name' && confidence === 'ambiguous',
  );
  // Where layers share a name, a call whose name is computed may have made one of them.
  if (naming.kind === 'unknown' && namesakes.length > 0) return false;
  // A class that the file has nowhere may have been folded or dropped by whatever wrote it.
  const layers = [...best.pairs.map((pair) => pair.layer), ...best.unexplained];
  return skipCost(className) >= 1 || layers.some((layer) => layer.className === className);
}
