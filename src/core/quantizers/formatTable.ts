// The concrete format of every slot at every width, set once from the weights and the calibration statistics.

import { concatenate } from '../float32.ts';
import { outputChannels } from '../ir/foldBatchNorm.ts';
import type { Graph } from '../ir/graph.ts';
import { isKernel, weightsOf } from '../ir/opFacts.ts';
import type { Slot } from '../ir/slots.ts';
import {
  biasFormat,
  family,
  splitChannels,
  type Family,
  type FamilyOptions,
  type WeightValues,
} from './families.ts';
import type { Format } from './format.ts';
import { statisticsOf, type RangeChoice, type ValueStatistics } from './range.ts';

export interface FormatTable {
  /** Format of a weight, activation or input slot at a width. */
  at(slot: Slot, bits: number): Format;
  /** Formats with the ranges worth trying at a width; the first one holds until another is preferred. */
  alternatives(slot: Slot, bits: number): readonly Format[];
  prefer(slot: Slot, bits: number, format: Format): void;
  /** Format biases have in every plan. */
  bias(slot: Slot): Format;
}

export interface FormatTableOptions extends FamilyOptions {
  readonly family: Family['id'];
  readonly range: RangeChoice;
}

export function createFormatTable(
  graph: Graph,
  options: FormatTableOptions,
  activations: (slot: Slot) => ValueStatistics,
): FormatTable {
  const chosen = family(options.family);
  const alternatives = new Map<string, readonly Format[]>();
  const preferred = new Map<string, Format>();
  const statistics = new Map<Slot, ValueStatistics>();
  const channels = new Map<Slot, readonly ValueStatistics[]>();

  const parameterStatistics = (slot: Slot): ValueStatistics => {
    const known = statistics.get(slot) ?? statisticsOf(parameterValues(graph, slot));
    statistics.set(slot, known);
    return known;
  };
  const weightValues = (slot: Slot): WeightValues => ({
    statistics: parameterStatistics(slot),
    channels() {
      const known = channels.get(slot) ?? channelValues(graph, slot).map((values) => statisticsOf(values));
      channels.set(slot, known);
      return known;
    },
  });
  const list = (slot: Slot, bits: number): readonly Format[] => {
    const key = `${slot.id} ${bits}`;
    const known =
      alternatives.get(key) ??
      (slot.kind === 'weight'
        ? chosen.weight(bits, weightValues(slot), options.range, options)
        : chosen.activation(bits, activations(slot), options.range));
    alternatives.set(key, known);
    return known;
  };

  return {
    at: (slot, bits) => preferred.get(`${slot.id} ${bits}`) ?? list(slot, bits)[0]!,
    alternatives: list,
    prefer: (slot, bits, format) => void preferred.set(`${slot.id} ${bits}`, format),
    bias: (slot) => biasFormat(parameterStatistics(slot)),
  };
}

/** Values of a weight slot, by output channel. */
function channelValues(graph: Graph, slot: Slot): readonly Float32Array[] {
  const { op } = graph.nodes[slot.nodes[0]!]!;
  return isKernel(op) ? splitChannels(op.kernel.read(), outputChannels(op)) : [];
}

/** Values of a weight slot, or of a bias slot (scale and offset one after the other where it has both). */
export function parameterValues(graph: Graph, slot: Slot): Float32Array {
  const { op } = graph.nodes[slot.nodes[0]!]!;
  if (isKernel(op)) return slot.kind === 'weight' ? op.kernel.read() : op.bias!.read();
  return concatenate(weightsOf(op).map((weight) => weight.read()));
}
