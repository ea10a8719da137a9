// A view of a plan for cost models, made by hand: a graph, formats by slot id, and integer codes for its kernels.

import type { CostView, Target } from '../../src/core/cost/costs.ts';
import { findPart } from '../../src/core/cost/parts.ts';
import { findSlots } from '../../src/core/ir/findSlots.ts';
import { elements, type Graph, type NodeId } from '../../src/core/ir/graph.ts';
import { isKernel } from '../../src/core/ir/opFacts.ts';
import type { Slot, Slots } from '../../src/core/ir/slots.ts';
import { FLOAT32, parseFormat, type Format } from '../../src/core/quantizers/format.ts';
import { normal, seeded } from '../../src/core/random.ts';

export interface ViewOptions {
  readonly part?: string;
  readonly reuse?: number;
  readonly clockNs?: number;
  /** Codes of a kernel by the name of its layer; others are drawn from a normal distribution. */
  readonly codes?: Readonly<Record<string, Int32Array>>;
  /** Quantizers behind layers that no slot reaches, such as the network's last: formats by layer name. */
  readonly outputs?: Readonly<Record<string, string>>;
}

/** `formats`: by slot id; a slot that is not named stays float32, as in a plan. */
export function costView(
  graph: Graph,
  formats: Readonly<Record<string, string>>,
  options: ViewOptions = {},
): CostView {
  const { part = 'xcvu9p', reuse = 1, clockNs = 5, codes = {}, outputs = {} } = options;
  const target: Target = { part: findPart(part), reuse, clockNs };
  const slots = withOutputs(graph, Object.keys(outputs));
  const unknown = Object.keys(formats).filter((id) => !slots.byId.has(id));
  if (unknown.length > 0) throw new Error(`no such slots: ${unknown.join(', ')}`);
  const ends = Object.entries(outputs).map(([layer, text]): [string, string] => [
    `${layer}/activation`,
    text,
  ]);
  const parsed = new Map([...Object.entries(formats), ...ends].map(([id, text]) => [id, parseFormat(text)]));
  const format = (slot: string): Format => parsed.get(slot) ?? FLOAT32;
  return {
    graph,
    slots,
    target,
    format,
    codes(node) {
      const { op, layer } = graph.nodes[node]!;
      const slot = slots.weight(node);
      if (!isKernel(op) || !slot) return undefined;
      const weight = format(slot.id);
      if (weight.kind === 'float32') return undefined;
      const bits = weight.kind === 'fixed' ? weight.width : weight.bits;
      return codes[graph.layers[layer]!.name] ?? normalCodes(node, elements(op.kernel.shape), bits);
    },
  };
}

function withOutputs(graph: Graph, layers: readonly string[]): Slots {
  const slots = findSlots(graph);
  const extra = new Map<NodeId, Slot>();
  for (const name of layers) {
    const layer = graph.layers.findIndex((candidate) => candidate.name === name);
    const node = graph.layers[layer]!.nodes.at(-1)!;
    const size = elements(graph.nodes[node]!.shape);
    extra.set(node, { id: `${name}/activation`, kind: 'activation', layer, nodes: [node], elements: size });
  }
  const carried = (node: NodeId): readonly Slot[] => {
    const slot = extra.get(node);
    return slot ? [slot] : slots.carried(node);
  };
  return { ...slots, output: (node) => extra.get(node) ?? slots.output(node), carried };
}

/** Every slot of a graph in one width: weights and biases signed, activations unsigned, as after ReLU. */
export function uniformFormats(
  graph: Graph,
  weightBits: number,
  activationBits: number,
): Record<string, string> {
  const formats = findSlots(graph).list.map(({ id, kind }): [string, string] => {
    if (kind === 'weight') return [id, `fixed<${weightBits},1>`];
    if (kind === 'bias') return [id, 'fixed<16,6>'];
    return [id, kind === 'input' ? `fixed<${activationBits},1>` : `ufixed<${activationBits},0>`];
  });
  return Object.fromEntries(formats);
}

/** Normally distributed codes that use the range of the width as trained weights do. */
export function normalCodes(seed: NodeId, count: number, bits: number): Int32Array {
  const random = seeded(seed + 1);
  const top = 2 ** (bits - 1) - 1;
  return Int32Array.from({ length: count }, () =>
    Math.max(-top, Math.min(top, Math.round(normal(random) * 0.3 * (top + 1)))),
  );
}

/** The same plan without formats for these slots. */
export function without(
  formats: Readonly<Record<string, string>>,
  ...slots: readonly string[]
): Record<string, string> {
  return Object.fromEntries(Object.entries(formats).filter(([id]) => !slots.includes(id)));
}
