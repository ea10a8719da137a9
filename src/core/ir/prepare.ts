// From a model as it was read to what quantization works on: preprocessing marked, BatchNorm folded, slots and groups found.

import { dropQuantizers } from './dropQuantizers.ts';
import { foldBatchNorm } from './foldBatchNorm.ts';
import { findSlots } from './findSlots.ts';
import type { Graph } from './graph.ts';
import { findGroups, type Group } from './groups.ts';
import { findHeads, type Head } from './heads.ts';
import { markPreprocessing } from './markPreprocessing.ts';
import type { Slots } from './slots.ts';

export interface Prepared {
  readonly original: Graph;
  readonly graph: Graph;
  /** Ids of layers whose BatchNorm was folded into the layer before. */
  readonly folded: readonly string[];
  readonly slots: Slots;
  readonly groups: readonly Group[];
  readonly heads: readonly Head[];
}

/** @param float without the quantizers that the file itself has: as the network would be before quantization */
export function prepare(read: Graph, float = false): Prepared {
  const original = float ? dropQuantizers(read) : read;
  const { graph, layers } = foldBatchNorm(markPreprocessing(original));
  const slots = findSlots(graph);
  return {
    original,
    graph,
    folded: layers,
    slots,
    groups: findGroups(graph, slots),
    heads: findHeads(graph),
  };
}
