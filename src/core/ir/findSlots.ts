// Finds the slots of a graph (BatchNorms folded, preprocessing marked): where weights, biases and activations can be
// quantized. See slots.ts for what they mean.

import { consumers, elements, type Graph, type GraphNode, type NodeId, type Weight } from './graph.ts';
import { isKernel, weightsOf } from './opFacts.ts';
import type { Op, OpKind } from './ops.ts';
import type { Slot, SlotFinder, SlotKind, Slots, TrainedQuantizer } from './slots.ts';
import { holdsReals, isMasked, movesData, readsAsIndices } from './tensorRoles.ts';

/** Producers whose output an activation function is fused with. */
const FUSABLE: ReadonlySet<OpKind> = new Set<OpKind>([
  'dense',
  'conv',
  'depthwiseConv',
  'convTranspose',
  'matmul',
  'affine',
  'merge',
]);
const ABSORBING: ReadonlySet<OpKind> = new Set<OpKind>(['activation', 'prelu', 'affine']);

export const findSlots: SlotFinder = (graph) => {
  const readers = consumers(graph);
  const matters = feedsComputation(graph, readers);
  const starts = startOfNetwork(graph);
  const slots = new Map<string, Slot>();
  /** Slot of a parameter in a layer that is called several times. */
  const shared = new Map<Weight, Slot>();
  const weightOf = new Map<NodeId, Slot>();
  const biasOf = new Map<NodeId, Slot>();
  const outputOf = new Map<NodeId, Slot>();

  const add = (node: GraphNode, role: string, slot: Pick<Slot, 'kind' | 'elements' | 'trained'>): Slot => {
    const id = `${graph.layers[node.layer]!.id}/${role}`;
    const made = {
      id: slots.has(id) ? unusedId(slots, id) : id,
      layer: node.layer,
      nodes: [node.id],
      ...slot,
    };
    slots.set(made.id, made);
    return made;
  };
  const addParameter = (node: GraphNode, { weight, role, ...slot }: Parameter): Slot => {
    const known = shared.get(weight);
    const own =
      known?.layer === node.layer ? { ...known, nodes: [...known.nodes, node.id] } : add(node, role, slot);
    slots.set(own.id, own);
    shared.set(weight, own);
    return own;
  };

  for (const node of graph.nodes) {
    for (const parameter of parametersOf(graph, node)) {
      const slot = addParameter(node, parameter);
      for (const user of slot.nodes) (parameter.kind === 'weight' ? weightOf : biasOf).set(user, slot);
    }
    const single =
      readers[node.id]!.length === 1 ? graph.nodes[skipIdentities(graph, node.id, readers)] : undefined;
    const isPoint = !movesData(node.op) && holdsReals(node.op) && matters[node.id] && !isMasked(graph, node);
    const isStart = starts[node.id]!;
    if (!isPoint || isFused(node, single, isStart)) continue;
    const kind = isStart ? 'input' : 'activation';
    const trained = node.op.kind === 'quantize' ? { trained: trainedOf(node.op.quantizer) } : {};
    const slot = { kind, elements: elements(node.shape), ...trained } as const;
    outputOf.set(node.id, add(node, outputRole(graph, node, kind), slot));
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

const PASSIVE: ReadonlySet<OpKind> = new Set<OpKind>(['softmax', 'activation', 'quantize']);

/** Does the tensor reach an op that computes with it? The head (softmax, and what only leads to the outputs) does not count. */
function feedsComputation(graph: Graph, readers: readonly (readonly NodeId[])[]): readonly boolean[] {
  const matters: boolean[] = graph.nodes.map(() => false);
  for (let id = graph.nodes.length - 1; id >= 0; id--) {
    matters[id] = readers[id]!.some((reader) => {
      const node = graph.nodes[reader]!;
      const { op } = node;
      if (readsAsIndices(node, id)) return false;
      return movesData(op) || PASSIVE.has(op.kind) ? matters[reader]! : true;
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

function isFused(node: GraphNode, reader: GraphNode | undefined, isStart: boolean): boolean {
  if (reader === undefined) return false;
  if (reader.op.kind === 'quantize') return node.op.kind !== 'quantize';
  if (isStart) return isPreprocessing(reader.op);
  return FUSABLE.has(node.op.kind) && ABSORBING.has(reader.op.kind);
}

/** Rescaling and Normalization straight after the input happen before the accelerator: see markPreprocessing. */
function isPreprocessing(op: Op): boolean {
  return op.kind === 'affine' && op.preprocessing === true;
}

/** The input, what prepares it, and the quantizer that the file has on it. */
function startOfNetwork(graph: Graph): readonly boolean[] {
  const starts: boolean[] = [];
  for (const { op, inputs } of graph.nodes)
    starts.push(op.kind === 'quantize' ? starts[inputs[0]!]! : op.kind === 'input' || isPreprocessing(op));
  return starts;
}

interface Parameter extends Pick<Slot, 'elements' | 'trained'> {
  readonly kind: 'weight' | 'bias';
  readonly role: string;
  /** What tells it from the other parameters: of several that go together, the first. */
  readonly weight: Weight;
}

/**
 * Kernels are weights. Everything small that is added or scales a channel (biases, BatchNorms that could not be folded,
 * learned slopes) is of kind `bias`. Constants of the graph keep their values: masks, positions, indices.
 */
function parametersOf(graph: Graph, node: GraphNode): Parameter[] {
  const { op } = node;
  if (isKernel(op)) {
    const role = kernelRole(graph, node);
    const weight = parameterOf('weight', role, [op.kernel]);
    const biasRole = op.kind === 'recurrence' ? 'recurrent_bias' : 'bias';
    return op.bias ? [weight, parameterOf('bias', biasRole, [op.bias])] : [weight];
  }
  const weights = op.kind === 'constant' || (op.kind === 'affine' && op.preprocessing) ? [] : weightsOf(op);
  if (weights.length === 0) return [];
  return [parameterOf('bias', op.kind === 'prelu' ? 'alpha' : 'scale_and_offset', weights)];
}

function parameterOf(kind: 'weight' | 'bias', role: string, weights: readonly Weight[]): Parameter {
  const count = weights.reduce((sum, weight) => sum + elements(weight.shape), 0);
  const quantizer = weights.length === 1 ? weights[0]!.quantizer : undefined;
  const trained = quantizer ? { trained: trainedOf(quantizer) } : {};
  return { kind, role, weight: weights[0]!, elements: count, ...trained };
}

const trainedOf = ({ text, bits, format }: TrainedQuantizer): TrainedQuantizer => ({ text, bits, format });

/** A separable convolution has two kernels, a recurrent layer too; Keras has names for them. */
function kernelRole(graph: Graph, node: GraphNode): string {
  const kernels = graph.layers[node.layer]!.nodes.filter((id) => isKernel(graph.nodes[id]!.op));
  const kinds = new Set(kernels.map((id) => graph.nodes[id]!.op.kind));
  if (kinds.size < 2) return 'weight';
  if (kinds.has('recurrence')) return node.op.kind === 'recurrence' ? 'recurrent_weight' : 'weight';
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
