// Aligns two sequences in order: layers with the calls that may construct them. Every layer is matched or skipped, every
// call is matched or skipped; a loop takes any number of layers. Needleman-Wunsch, forward and backward, so that for
// each match the cost of the best alignment without it is known: the margin that tells clear matches from guesses.

export interface SequenceProblem {
  /** Cost of leaving a layer without a call. */
  readonly itemSkips: readonly number[];
  readonly slots: readonly SequenceSlot[];
  /** Cost of matching; Infinity when they contradict. */
  cost(item: number, slot: number): number;
}

export interface SequenceSlot {
  /** Cost of a call that constructs no layer of the file; a loop may construct none for nothing. */
  readonly skip: number;
  readonly many: boolean;
}

export interface SequenceMatch {
  readonly slot: number;
  /** How much worse the best alignment is that gives the item or the slot another partner. */
  readonly margin: number;
}

/** Cells above which no alignment is tried: hundreds of equal layers against hundreds of equal calls tell nothing. */
const MAX_CELLS = 250_000;
/** Costs closer than this are equal but for rounding. */
const TIE = 1e-9;

/** Row i · width + s: the first i items and the first s slots, or those behind them. */
interface Tables {
  readonly width: number;
  readonly costs: readonly Float64Array[];
  /** What passing a slot without a match costs. */
  readonly slotSkips: readonly number[];
  /** Slots to go on by after a match: a loop may match again. */
  readonly steps: readonly number[];
}

/** For each item its match. */
export function alignSequence(problem: SequenceProblem): readonly (SequenceMatch | undefined)[] {
  const { itemSkips, slots } = problem;
  if (itemSkips.length * slots.length > MAX_CELLS) return itemSkips.map(() => undefined);
  const tables: Tables = {
    width: slots.length + 1,
    costs: itemSkips.map((_, item) => filled(slots.length, (slot) => problem.cost(item, slot))),
    slotSkips: slots.map((slot) => (slot.many ? 0 : slot.skip)),
    steps: slots.map((slot) => (slot.many ? 0 : 1)),
  };
  const after = backward(itemSkips, tables);
  const through = throughCosts(forward(itemSkips, tables), after, tables);
  const rows = through.map((row) => lowestTwo(row));
  const columns = slots.map((_, slot) => lowestTwo(filled(through.length, (item) => through[item]![slot]!)));
  return trace(itemSkips, after, tables).map((slot, item) => {
    if (slot === undefined) return undefined;
    const own = through[item]![slot]!;
    const row = without(rows[item]!, own);
    const column = slots[slot]!.many ? Infinity : without(columns[slot]!, own);
    return { slot, margin: Math.min(row, column) - after[0]! };
  });
}

/** Cost of the first i items and the first s slots. */
function forward(itemSkips: readonly number[], { width, costs, slotSkips, steps }: Tables): Float64Array {
  const table = new Float64Array((itemSkips.length + 1) * width);
  for (let i = 0; i <= itemSkips.length; i++) {
    for (let s = 0; s < width; s++) {
      if (i === 0 && s === 0) continue;
      const at = i * width + s;
      let best = Infinity;
      if (i > 0) best = table[at - width]! + itemSkips[i - 1]!;
      if (s > 0) best = Math.min(best, table[at - 1]! + slotSkips[s - 1]!);
      if (i > 0 && s > 0) best = Math.min(best, table[at - width - steps[s - 1]!]! + costs[i - 1]![s - 1]!);
      table[at] = best;
    }
  }
  return table;
}

/** Cost of the items from i and the slots from s on. */
function backward(itemSkips: readonly number[], { width, costs, slotSkips, steps }: Tables): Float64Array {
  const items = itemSkips.length;
  const table = new Float64Array((items + 1) * width);
  for (let i = items; i >= 0; i--) {
    for (let s = width - 1; s >= 0; s--) {
      if (i === items && s === width - 1) continue;
      const at = i * width + s;
      let best = Infinity;
      if (i < items) best = table[at + width]! + itemSkips[i]!;
      if (s < width - 1) best = Math.min(best, table[at + 1]! + slotSkips[s]!);
      if (i < items && s < width - 1) best = Math.min(best, table[at + width + steps[s]!]! + costs[i]![s]!);
      table[at] = best;
    }
  }
  return table;
}

/** For each item and slot the cost of the best alignment that matches them. */
function throughCosts(
  before: Float64Array,
  after: Float64Array,
  { width, costs, steps }: Tables,
): Float64Array[] {
  return costs.map((row, i) =>
    filled(row.length, (s) => {
      // Inside a loop the slot counts as passed before and as not passed after.
      const head = before[i * width + s + 1 - steps[s]!]!;
      return head + row[s]! + after[(i + 1) * width + s + steps[s]!]!;
    }),
  );
}

function filled(length: number, value: (at: number) => number): Float64Array {
  const values = new Float64Array(length);
  for (let at = 0; at < length; at++) values[at] = value(at);
  return values;
}

type LowestTwo = readonly [number, number];

function lowestTwo(values: Float64Array): LowestTwo {
  let [first, second] = [Infinity, Infinity];
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value < first) [first, second] = [value, first];
    else if (value < second) second = value;
  }
  return [first, second];
}

/** The lowest value but for one `own`. */
const without = ([first, second]: LowestTwo, own: number): number => (own <= first ? second : first);

/** One best alignment: the slot of each item. Where several are best, it matches as early as it can. */
function trace(
  itemSkips: readonly number[],
  after: Float64Array,
  { width, costs, slotSkips, steps }: Tables,
): (number | undefined)[] {
  const matches: (number | undefined)[] = itemSkips.map(() => undefined);
  let [i, s] = [0, 0];
  while (i < itemSkips.length) {
    const rest = after[i * width + s]! + TIE;
    const inside = s < width - 1;
    if (inside && costs[i]![s]! + after[(i + 1) * width + s + steps[s]!]! <= rest) {
      matches[i] = s;
      i += 1;
      s += steps[s]!;
    } else if (inside && slotSkips[s]! + after[i * width + s + 1]! <= rest) s += 1;
    else i += 1;
  }
  return matches;
}
