// The concrete format of every slot at every width, set once from the weights and the calibration statistics.

import { concatenate } from '../float32.ts';
import type { Graph } from '../ir/graph.ts';
import { isKernel, weightsOf } from '../ir/ops.ts';
import type { Slot } from '../ir/slots.ts';
import { family, type Family, type FamilyOptions } from './families.ts';
import type { Format } from './format.ts';
import { statisticsOf, type ValueStatistics } from './range.ts';

export interface FormatTable {
  /** Format of a weight, activation or input slot at a width. */
  at(slot: Slot, bits: number): Format;
  /** Format biases have in every plan. */
  bias(slot: Slot): Format;
}

export function createFormatTable(
  graph: Graph,
  familyId: Family['id'],
  options: FamilyOptions,
  activations: (slot: Slot) => ValueStatistics,
): FormatTable {
  const chosen = family(familyId);
  const formats = new Map<string, Format>();
  const weights = new Map<Slot, ValueStatistics>();

  const parameterStatistics = (slot: Slot): ValueStatistics => {
    const known = weights.get(slot) ?? statisticsOf(parameterValues(graph, slot));
    weights.set(slot, known);
    return known;
  };
  const remember = (key: string, make: () => Format): Format => {
    const known = formats.get(key) ?? make();
    formats.set(key, known);
    return known;
  };

  return {
    at: (slot, bits) =>
      remember(`${slot.id} ${bits}`, () =>
        slot.kind === 'weight'
          ? chosen.weight(bits, parameterStatistics(slot), options)
          : chosen.activation(bits, activations(slot), options),
      ),
    bias: (slot) => remember(slot.id, () => chosen.bias(parameterStatistics(slot), options)),
  };
}

/** Values of a weight slot, or of a bias slot (scale and offset one after the other where it has both). */
export function parameterValues(graph: Graph, slot: Slot): Float32Array {
  const { op } = graph.nodes[slot.nodes[0]!]!;
  if (isKernel(op)) return slot.kind === 'weight' ? op.kernel.read() : op.bias!.read();
  return concatenate(weightsOf(op).map((weight) => weight.read()));
}
