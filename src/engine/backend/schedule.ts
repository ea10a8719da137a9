// What has to be computed for one assignment of quantizers, and in which order: everything upstream of the first
// changed node is taken from the cache of float activations (the prefix cache), nothing is computed twice, and every
// tensor is released after its last reader.

import { consumers, type Graph, type NodeId } from '../../core/ir/graph.ts';
import type { Activation, OpKind } from '../../core/ir/ops.ts';
import type { Grid } from '../../core/quantizers/grid.ts';
import type { FusedActivation } from './kernels/kernel.ts';

export interface Quantizer {
  /** Printed format: with the weight or node it names the grid. */
  readonly format: string;
  readonly grid: Grid;
}

/** Quantizers of one node. */
export interface NodeQuantizers {
  readonly weight?: Quantizer | undefined;
  /** Bias, or the small parameters of an op that has no kernel. */
  readonly bias?: Quantizer | undefined;
  readonly output?: Quantizer | undefined;
}

/** A node without an entry runs in float32. */
export type Assignment = ReadonlyMap<NodeId, NodeQuantizers>;

export interface Schedule {
  /** Nodes whose float value is taken from the cache. */
  readonly cached: readonly NodeId[];
  /** Nodes to run, in order. */
  readonly steps: readonly NodeId[];
  /** How many of the steps read each node's tensor; wanted outputs count once more. */
  readonly reads: ReadonlyMap<NodeId, number>;
}

/** Activations merged into the kernel before them: activation node → kernel node and what the kernel computes. */
export type Fusions = ReadonlyMap<NodeId, { readonly kernel: NodeId; readonly activation: FusedActivation }>;

/** Kernels that can end with an activation. */
const ABSORBING: ReadonlySet<OpKind> = new Set<OpKind>(['dense', 'conv', 'depthwiseConv']);

/** ReLU and ReLU6 whose kernel feeds nothing else and carries no quantizer of its own. */
export function findFusions(graph: Graph, keep: ReadonlySet<NodeId>): Fusions {
  const readers = consumers(graph);
  const fusions = new Map<NodeId, { kernel: NodeId; activation: FusedActivation }>();
  for (const node of graph.nodes) {
    const activation = node.op.kind === 'activation' ? fusedActivation(node.op.activation) : undefined;
    if (!activation) continue;
    let kernel = node.inputs[0]!;
    while (graph.nodes[kernel]!.op.kind === 'identity' && readers[kernel]!.length === 1) {
      kernel = graph.nodes[kernel]!.inputs[0]!;
    }
    const alone = readers[kernel]!.length === 1 && !keep.has(kernel);
    if (alone && ABSORBING.has(graph.nodes[kernel]!.op.kind)) fusions.set(node.id, { kernel, activation });
  }
  return fusions;
}

function fusedActivation(activation: Activation): FusedActivation | undefined {
  if (activation.fn === 'clip') return activation.low === 0 && activation.high === 6 ? 'relu6' : undefined;
  if (activation.fn !== 'relu' || activation.slope !== 0 || activation.threshold !== 0) return undefined;
  if (activation.max === undefined) return 'relu';
  return activation.max === 6 ? 'relu6' : undefined;
}

/** Operands of a step: those of the fused kernel when there is one. */
export function operands(graph: Graph, fusions: Fusions, id: NodeId): readonly NodeId[] {
  return graph.nodes[fusions.get(id)?.kernel ?? id]!.inputs;
}

/**
 * @param wanted nodes whose values are asked for
 * @param available nodes with a cached float value (before their own output quantizer)
 */
export function makeSchedule(
  graph: Graph,
  fusions: Fusions,
  assignment: Assignment,
  wanted: readonly NodeId[],
  available: ReadonlySet<NodeId>,
): Schedule {
  const changed = changedBefore(graph, assignment);
  const cached = new Set<NodeId>();
  const steps = new Set<NodeId>();
  const reads = new Map<NodeId, number>();
  const pending = [...wanted];
  for (const id of wanted) reads.set(id, (reads.get(id) ?? 0) + 1);
  while (pending.length > 0) {
    const id = pending.pop()!;
    if (cached.has(id) || steps.has(id)) continue;
    if (!changed[id] && available.has(id)) {
      cached.add(id);
      continue;
    }
    steps.add(id);
    for (const input of operands(graph, fusions, id)) {
      reads.set(input, (reads.get(input) ?? 0) + 1);
      pending.push(input);
    }
  }
  const ascending = (set: ReadonlySet<NodeId>): NodeId[] => [...set].sort((a, b) => a - b);
  return { cached: ascending(cached), steps: ascending(steps), reads };
}

/** For each node: does its value, before its own output quantizer, differ from float? */
function changedBefore(graph: Graph, assignment: Assignment): readonly boolean[] {
  const after: boolean[] = [];
  return graph.nodes.map((node) => {
    const own = assignment.get(node.id);
    const before =
      node.inputs.some((input) => after[input]!) || own?.weight !== undefined || own?.bias !== undefined;
    after.push(before || own?.output !== undefined);
    return before;
  });
}
