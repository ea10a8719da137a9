// T4 and T5: order. Calls without a literal name are aligned with layers whose names do not tell where they come from.

import { merges, skipCost } from '../layerClasses.ts';
import { alignSequence, type SequenceSlot } from './sequence.ts';
import {
  accept,
  fits,
  groupBy,
  LOOP_COST,
  printAgreeing,
  UNKNOWN_COST,
  type KnownLayer,
  type Pair,
  type Work,
} from './work.ts';
import type { Construct } from './worlds.ts';

/** T4: layers the framework named, by number, against calls without a name, in order, class by class. */
export function byNumber(work: Work): void {
  const open = work.layers.filter((layer) => layer.automatic !== undefined && !work.settledLayers.has(layer));
  for (const [className, family] of groupBy(open, (layer) => layer.className)) {
    const layers = family.sort((a, b) => (a.automatic ?? 0) - (b.automatic ?? 0));
    const constructs = work.constructs.filter(
      (construct) =>
        construct.className === className &&
        construct.naming.kind !== 'literal' &&
        !work.settled.has(construct),
    );
    const numbers = new Set(layers.map((layer) => layer.automatic));
    const plain = constructs.every(({ naming, repeated }) => naming.kind === 'none' && !repeated);
    const complete = plain && layers.length === constructs.length && numbers.size === layers.length;
    match(layers, constructs, work, (layer, construct, clear) => {
      const place = `${ordinal(constructs.indexOf(construct) + 1)} ${className} of ${constructs.length} without a name`;
      const count = complete ? place : `${place}, ${layers.length} in the model file`;
      const evidence = `${count}${printAgreeing(work.compare(layer, construct))}`;
      const sure = clear && numbers.size === layers.length;
      return { layer, construct, tier: 'number', confidence: sure ? 'likely' : 'ambiguous', evidence };
    });
  }
}

/** T5: what is left, in the order of the file, by class and literals. */
export function byOrder(work: Work): void {
  // Where some names of the code are those of the file, a call with another name made another layer.
  const keepsNames =
    work.conflicts.length > 0 ||
    work.pairs.some((pair) => pair.tier === 'name' || pair.confidence === 'likely');
  const layers = work.layers.filter((layer) => !work.settledLayers.has(layer));
  const constructs = work.constructs.filter(
    (construct) => !work.settled.has(construct) && (!keepsNames || construct.naming.kind === 'unknown'),
  );
  // Files of models with branches list their layers by depth, not in the order of construction.
  const inOrder = !work.layers.some((layer) => merges(layer.className));
  const single = (layer: KnownLayer, construct: Construct): boolean =>
    constructs.filter((other) => fits(layer, other, work.compare)).length === 1 &&
    layers.filter((other) => fits(other, construct, work.compare)).length === 1;
  match(layers, constructs, work, (layer, construct, aligned) => {
    const { agreeing } = work.compare(layer, construct);
    const told = agreeing.length > 0 || layer.weight < 1;
    const clear = aligned && (inOrder || single(layer, construct));
    const evidence = `by order and class${printAgreeing(work.compare(layer, construct))}`;
    return { layer, construct, tier: 'order', confidence: clear && told ? 'likely' : 'ambiguous', evidence };
  });
}

/** Consecutive calls in loops take any number of layers, in any order. */
function slotsOf(constructs: readonly Construct[]): readonly (readonly Construct[])[] {
  const slots: Construct[][] = [];
  for (const construct of constructs) {
    const last = slots.at(-1);
    if (construct.repeated && last?.[0]?.repeated) last.push(construct);
    else slots.push([construct]);
  }
  return slots;
}

function match(
  layers: readonly KnownLayer[],
  constructs: readonly Construct[],
  work: Work,
  pair: (layer: KnownLayer, construct: Construct, clear: boolean) => Omit<Pair, 'agreeing'>,
): void {
  const slots = slotsOf(constructs);
  const price = (layer: KnownLayer, construct: Construct): number => {
    if (!fits(layer, construct, work.compare)) return Infinity;
    const unknown = work.compare(layer, construct).unknown || construct.naming.kind === 'unknown';
    return layer.weight * ((unknown ? UNKNOWN_COST : 0) + (construct.repeated ? LOOP_COST : 0));
  };
  const matches = alignSequence({
    itemSkips: layers.map((layer) => layer.weight),
    slots: slots.map(([first]): SequenceSlot => ({
      skip: skipCost(first!.className),
      many: first!.repeated,
    })),
    cost: (item, slot) => {
      let lowest = Infinity;
      for (const construct of slots[slot]!) lowest = Math.min(lowest, price(layers[item]!, construct));
      return lowest;
    },
  });
  for (const [item, found] of matches.entries()) {
    const layer = layers[item]!;
    if (!found) continue;
    const fitting = slots[found.slot]!.filter((construct) => price(layer, construct) < Infinity);
    const [only, second] = fitting;
    if (only && !second) {
      const clear = !only.repeated && found.margin >= layer.weight - 1e-9;
      const made = pair(layer, only, clear);
      accept(only.repeated ? { ...made, evidence: `${made.evidence}, inside a loop` } : made, work);
    } else {
      work.explained.add(layer);
      work.settledLayers.add(layer);
    }
    if (only?.repeated) work.extra += layer.weight * LOOP_COST;
  }
}

function ordinal(count: number): string {
  const tens = count % 100;
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${suffix}`;
}
