// The plain-data picture of a model that crosses the process border and goes into results.

import type { GroupSummary, LayerSummary, SensitivityRow, SlotSummary } from '../result.ts';
import { consumers, elements, type Graph, type NodeId } from './graph.ts';
import type { Group } from './groups.ts';
import { macs, weightsOf } from './opFacts.ts';
import type { Prepared } from './prepare.ts';
import type { Slot } from './slots.ts';

export function summarizeLayers(prepared: Prepared): LayerSummary[] {
  const { original, graph, slots } = prepared;
  const after = quantizersAfter(prepared);
  const owned: Slot[][] = graph.layers.map(() => []);
  for (const slot of slots.list) owned[slot.layer]!.push(slot);
  return graph.layers.map((layer, index) => {
    const own = owned[index]!;
    const outside = layer.nodes
      .flatMap((id) => graph.nodes[id]!.inputs)
      .filter((id) => graph.nodes[id]!.layer !== index);
    const last = layer.nodes[layer.nodes.length - 1]!;
    return {
      id: layer.id,
      name: layer.name,
      className: layer.className,
      settings: layer.settings,
      outputShape: graph.nodes[last]!.shape,
      parameters: countParameters(original, layer.nodes),
      macs: layer.nodes.reduce((sum, id) => sum + macsOf(original, id), 0),
      inputs: unique(outside.map((id) => graph.layers[graph.nodes[id]!.layer]!.id)),
      weights: own.filter(({ kind }) => kind === 'weight').map(({ id }) => id),
      biases: own.filter(({ kind }) => kind === 'bias').map(({ id }) => id),
      reads: unique(outside.flatMap((id) => slots.carried(id).map((slot) => slot.id))),
      writes: after[last]?.id ?? null,
    };
  });
}

/** For each node the quantizer on its output, or on the output of the fused chain that it begins. */
function quantizersAfter({ graph, slots }: Prepared): readonly (Slot | undefined)[] {
  const readers = consumers(graph);
  const after: (Slot | undefined)[] = graph.nodes.map(({ id }) => slots.output(id));
  for (let id = after.length - 1; id >= 0; id--) {
    const [reader, ...others] = readers[id]!;
    if (reader !== undefined && others.length === 0 && slots.carried(id).length === 0)
      after[id] ??= after[reader];
  }
  return after;
}

/** A parameter that several calls share counts once. What was trained or counted in training; the constants of preprocessing are none. */
function countParameters(graph: Graph, nodes: readonly NodeId[]): number {
  const ops = nodes.map((id) => graph.nodes[id]!.op).filter((op) => op.kind !== 'affine');
  const weights = new Set(ops.flatMap(weightsOf));
  return [...weights].reduce((sum, weight) => sum + elements(weight.shape), 0);
}

function macsOf(graph: Graph, id: NodeId): number {
  const node = graph.nodes[id]!;
  return macs(
    node,
    node.inputs.map((input) => graph.nodes[input]!.shape),
  );
}

export function summarizeSlots({ graph, slots }: Prepared): SlotSummary[] {
  return slots.list.map(({ id, kind, layer, elements: count, trained }) => ({
    id,
    kind,
    layer: graph.layers[layer]!.id,
    elements: count,
    ...(trained ? { trained: trained.text } : {}),
  }));
}

/** @param rows the sensitivity list: it says which candidates each group has */
export function summarizeGroups(groups: readonly Group[], rows: readonly SensitivityRow[]): GroupSummary[] {
  return groups.map(({ id, weights, activations }) => ({
    id,
    weights: weights.map((slot) => slot.id),
    activations: activations.map((slot) => slot.id),
    candidates: rows.filter(({ group }) => group === id).map(({ format }) => format),
  }));
}

function unique<T>(list: readonly T[]): T[] {
  return [...new Set(list)];
}
