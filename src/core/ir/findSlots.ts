// Finds the slots of a graph (BatchNorms folded, preprocessing marked): where weights, biases and activations can be
// quantized. See slots.ts for what they mean.

import { consumers, elements, type Graph, type GraphNode, type NodeId } from './graph.ts';
import { isKernel, type Op, type OpKind } from './ops.ts';
import type { Slot, SlotFinder, SlotKind, Slots } from './slots.ts';

/**
 * True for ops that only move or select values: their output keeps the format of their input
 * (the "transparent" ops of AMP's group formation; AIMET quantizer_groups.py lists the same families).
 */
export function movesData(op: Op): boolean {
  switch (op.kind) {
    case 'reshape':
    case 'permute':
    case 'pad':
    case 'crop':
    case 'concat':
    case 'identity':
      return true;
    case 'pool':
    case 'globalPool':
      return op.mode === 'max';
    case 'upsample':
      return op.interpolation === 'nearest';
    default:
      return false;
  }
}

/** Producers whose output an activation function is fused with. */
const FUSABLE: ReadonlySet<OpKind> = new Set<OpKind>([
  'dense',
  'conv',
  'depthwiseConv',
  'convTranspose',
  'affine',
  'merge',
]);
const ABSORBING: ReadonlySet<OpKind> = new Set<OpKind>(['activation', 'prelu', 'affine']);

export const findSlots: SlotFinder = (graph) => {
  const readers = consumers(graph);
  const matters = feedsComputation(graph, readers);
  const slots = new Map<string, Slot>();
  const weightOf = new Map<NodeId, Slot>();
  const biasOf = new Map<NodeId, Slot>();
  const outputOf = new Map<NodeId, Slot>();

  const add = (node: GraphNode, kind: SlotKind, role: string, count: number): Slot => {
    const id = `${graph.layers[node.layer]!.id}/${role}`;
    const known = slots.get(id);
    const shared = known !== undefined && (kind === 'weight' || kind === 'bias');
    const slot: Slot = shared
      ? { ...known, nodes: [...known.nodes, node.id] }
      : { id: known ? unusedId(slots, id) : id, kind, layer: node.layer, nodes: [node.id], elements: count };
    slots.set(slot.id, slot);
    return slot;
  };

  for (const node of graph.nodes) {
    for (const parameter of parametersOf(graph, node)) {
      const slot = add(node, parameter.kind, parameter.role, parameter.count);
      for (const user of slot.nodes) (parameter.kind === 'weight' ? weightOf : biasOf).set(user, slot);
    }
    const single =
      readers[node.id]!.length === 1 ? graph.nodes[skipIdentities(graph, node.id, readers)] : undefined;
    if (movesData(node.op) || !matters[node.id] || isFused(node, single)) continue;
    const kind = startsNetwork(node.op) ? 'input' : 'activation';
    outputOf.set(node.id, add(node, kind, outputRole(graph, node, kind), elements(node.shape)));
  }

  const carried = carriedSlots(graph, outputOf);
  return {
    list: [...slots.values()],
    byId: slots,
    weight: (node) => weightOf.get(node),
    bias: (node) => biasOf.get(node),
    output: (node) => outputOf.get(node),
    carried: (node) => carried[node]!,
  } satisfies Slots;
};

/** Does the tensor reach an op that computes with it? The head (softmax, and what only leads to the outputs) does not count. */
function feedsComputation(graph: Graph, readers: readonly (readonly NodeId[])[]): readonly boolean[] {
  const matters: boolean[] = graph.nodes.map(() => false);
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    matters[id] = readers[id]!.some((reader) => {
      const { op } = graph.nodes[reader]!;
      return movesData(op) || op.kind === 'softmax' || op.kind === 'activation' ? matters[reader]! : true;
    });
  }
  return matters;
}

/** The first reader of a single-reader chain that is not an identity. */
function skipIdentities(graph: Graph, from: NodeId, readers: readonly (readonly NodeId[])[]): NodeId {
  let id = readers[from]![0]!;
  while (graph.nodes[id]!.op.kind === 'identity' && readers[id]!.length === 1) id = readers[id]![0]!;
  return id;
}

function isFused(node: GraphNode, reader: GraphNode | undefined): boolean {
  if (reader === undefined) return false;
  if (startsNetwork(node.op)) return isPreprocessing(reader.op);
  return FUSABLE.has(node.op.kind) && ABSORBING.has(reader.op.kind);
}

/** Rescaling and Normalization straight after the input happen before the accelerator: see markPreprocessing. */
function isPreprocessing(op: Op): boolean {
  return op.kind === 'affine' && op.preprocessing === true;
}

function startsNetwork(op: Op): boolean {
  return op.kind === 'input' || isPreprocessing(op);
}

interface Parameter {
  readonly kind: 'weight' | 'bias';
  readonly role: string;
  readonly count: number;
}

/**
 * Kernels are weights. Everything small that is added or scales a channel (biases, BatchNorms that could not be folded,
 * learned slopes) is of kind `bias`.
 */
function parametersOf(graph: Graph, node: GraphNode): Parameter[] {
  const { op } = node;
  if (isKernel(op)) {
    const role = kernelRole(graph, node);
    const weight: Parameter = { kind: 'weight', role, count: elements(op.kernel.shape) };
    return op.bias ? [weight, { kind: 'bias', role: 'bias', count: elements(op.bias.shape) }] : [weight];
  }
  if (op.kind === 'batchNorm')
    return [{ kind: 'bias', role: 'scale_and_offset', count: 2 * elements(op.mean.shape) }];
  if (op.kind === 'affine' && !op.preprocessing) {
    return [
      { kind: 'bias', role: 'scale_and_offset', count: elements(op.scale.shape) + elements(op.offset.shape) },
    ];
  }
  if (op.kind === 'prelu') return [{ kind: 'bias', role: 'alpha', count: elements(op.alpha.shape) }];
  return [];
}

/** A separable convolution has two kernels; Keras calls them depthwise and pointwise. */
function kernelRole(graph: Graph, node: GraphNode): string {
  const kernels = graph.layers[node.layer]!.nodes.filter((id) => isKernel(graph.nodes[id]!.op));
  const kinds = new Set(kernels.map((id) => graph.nodes[id]!.op.kind));
  if (kinds.size < 2) return 'weight';
  return node.op.kind === 'depthwiseConv' ? 'depthwise_weight' : 'pointwise_weight';
}

function outputRole(graph: Graph, node: GraphNode, kind: SlotKind): string {
  if (kind === 'input') return 'input';
  const isInner = node.op.kind === 'depthwiseConv' && kernelRole(graph, node) === 'depthwise_weight';
  return isInner ? 'depthwise_activation' : 'activation';
}

/** A layer that is called several times has one activation per call: `dense/activation`, `dense/activation:2`. */
function unusedId(slots: ReadonlyMap<string, Slot>, id: string): string {
  let call = 2;
  while (slots.has(`${id}:${call}`)) call++;
  return `${id}:${call}`;
}

function carriedSlots(graph: Graph, outputOf: ReadonlyMap<NodeId, Slot>): readonly (readonly Slot[])[] {
  const carried: (readonly Slot[])[] = [];
  for (const node of graph.nodes) {
    const own = outputOf.get(node.id);
    const sources = movesData(node.op) ? node.inputs.flatMap((input) => carried[input]!) : [];
    carried.push(own ? [own] : [...new Set(sources)]);
  }
  return carried;
}
