// Quantizer groups (AMP, arXiv 2302.05397; AIMET quantizer_groups.py): an activation and the weights that multiply it
// run in one kernel and move together, so the bit operations of a plan add up over groups. The activation of a group
// is the *input* of its weights. Tensors that meet in a concatenation share a format; operands of an Add do not.

import type { Graph } from './graph.ts';
import { isKernel } from './opFacts.ts';
import type { Slot, Slots } from './slots.ts';

export interface Group {
  /** Layers of its weights (`conv1`, `conv2+shortcut`, `sep/pointwise`); the slot id for a group without weights. */
  readonly id: string;
  readonly weights: readonly Slot[];
  readonly activations: readonly Slot[];
  /** Biases of the kernels in the group: quantized whenever the group is. */
  readonly biases: readonly Slot[];
}

export function findGroups(graph: Graph, slots: Slots): readonly Group[] {
  const parent = new Map<Slot, Slot>(slots.list.map((slot) => [slot, slot]));
  const root = (slot: Slot): Slot => {
    let at = slot;
    for (let above = parent.get(at)!; above !== at; above = parent.get(at)!) {
      parent.set(at, parent.get(above)!); // halves the way for the next
      at = above;
    }
    return at;
  };
  const unite = (a: Slot, b: Slot): void => void parent.set(root(b), root(a));

  for (const node of graph.nodes) {
    if (node.op.kind === 'concat') tie(slots.carried(node.id), unite);
    const weight = isKernel(node.op) ? slots.weight(node.id) : undefined;
    if (weight) for (const slot of slots.carried(node.inputs[0]!)) unite(slot, weight);
  }

  const members = new Map<Slot, Slot[]>();
  for (const slot of slots.list) {
    if (slot.kind === 'bias') continue;
    const list = members.get(root(slot));
    if (list) list.push(slot);
    else members.set(root(slot), [slot]);
  }
  return [...members.values()].map((list) => asGroup(graph, slots, list));
}

function tie(list: readonly Slot[], unite: (a: Slot, b: Slot) => void): void {
  for (const slot of list.slice(1)) unite(list[0]!, slot);
}

function asGroup(graph: Graph, slots: Slots, list: readonly Slot[]): Group {
  const weights = list.filter((slot) => slot.kind === 'weight');
  const activations = list.filter((slot) => slot.kind !== 'weight');
  const biases = weights
    .flatMap((slot) => slot.nodes.map((node) => slots.bias(node)))
    .filter((slot) => slot !== undefined);
  const id = weights.length > 0 ? weights.map(weightLabel(graph)).join('+') : activations[0]!.id;
  return { id, weights, activations, biases: [...new Set(biases)] };
}

/** `conv1` for `conv1/weight`, `sep/pointwise` for `sep/pointwise_weight`. */
function weightLabel(graph: Graph): (slot: Slot) => string {
  return (slot) => {
    const layer = graph.layers[slot.layer]!.id;
    const role = slot.id.slice(layer.length + 1);
    return role === 'weight' ? layer : `${layer}/${role.replace('_weight', '')}`;
  };
}
