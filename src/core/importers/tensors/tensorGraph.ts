// Collects the nodes and layers of a graph while an importer walks the file's operations.

import { BitLensError } from '../../errors.ts';
import {
  elements,
  printShape,
  type GraphNode,
  type Layer,
  type NodeId,
  type Setting,
  type Shape,
} from '../../ir/graph.ts';
import type { Op } from '../../ir/ops.ts';
import { nothingKnown, type Known } from './known.ts';
import type { Computed, ElementType } from './tensor.ts';

/** Values of one tensor per sample: 1 GiB as float32. */
export const MAX_ELEMENTS = 2 ** 28;
/** An unrolled network of ten thousand steps still fits. */
const MAX_NODES = 200_000;

/** What the user calls a layer, before its nodes are known. */
export interface LayerHead {
  /** As the file names it; may repeat, the graph makes ids unique. */
  readonly name: string;
  readonly className: string;
  readonly settings?: Readonly<Record<string, Setting>> | undefined;
}

interface OpenLayer {
  readonly head: LayerHead;
  readonly id: string;
}

export interface TensorGraph {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly nodes: GraphNode[];
  readonly layers: OpenLayer[];
  readonly inputs: NodeId[];
  readonly ids: Set<string>;
  /** Copies of each name so far: a loop that is unrolled repeats its names thousands of times. */
  readonly copies: Map<string, number>;
  /** Nodes that hold others in another arrangement of axes (arrange.ts). */
  readonly arranged: Map<string, NodeId>;
  /** What is computed from constants. */
  readonly known: Known;
  /** Layer that new nodes belong to. */
  current: number;
}

export const tensorGraph = (file: string): TensorGraph => ({
  file,
  nodes: [],
  layers: [],
  inputs: [],
  ids: new Set(),
  copies: new Map(),
  arranged: new Map(),
  known: nothingKnown(),
  current: -1,
});

/** Starts a layer: nodes emitted from now on belong to it. A layer that emits none does not appear in the graph. */
export function startLayer(g: TensorGraph, head: LayerHead): void {
  let id = head.name;
  for (let copy = g.copies.get(id) ?? 2; g.ids.has(id); copy++) {
    id = `${head.name}_${copy}`;
    g.copies.set(head.name, copy);
  }
  g.ids.add(id);
  g.current = g.layers.push({ head, id }) - 1;
}

/**
 * An input of the network, as a layer of its own.
 * @param shape as the framework counts axes; a leading extent of 1 is the batch and left out of the node's shape
 */
export function addInput(g: TensorGraph, name: string, shape: Shape, type: ElementType = 'float'): Computed {
  startLayer(g, { name, className: 'Input' });
  const axes = shape.map((_, axis) => axis).slice(shape[0] === 1 ? 1 : 0);
  const input = emit(g, { kind: 'input' }, [], { shape, axes, type });
  g.inputs.push(input.node);
  return input;
}

/** Adds a node to the current layer. Its shape follows from the tensor's shape and axes. */
export function emit(
  g: TensorGraph,
  op: Op,
  operands: readonly Computed[],
  result: { readonly shape: Shape; readonly axes: readonly number[]; readonly type?: ElementType },
): Computed {
  const { shape, axes, type = 'float' } = result;
  const own = axes.map((axis) => shape[axis]!);
  checkExtents(g, shape);
  if (g.nodes.length >= MAX_NODES)
    throw new BitLensError(
      'unsupported',
      ['{0} has more than {1} operations.', g.file, MAX_NODES],
      ['Export a smaller part of it.'],
    );
  const id = g.nodes.length;
  g.nodes.push({ id, op, inputs: operands.map(({ node }) => node), shape: own, layer: g.current });
  return { kind: 'computed', shape, type, node: id, axes };
}

/** @throws `bad-file` for a tensor without elements, or with absurdly many */
export function checkExtents(g: TensorGraph, shape: Shape): void {
  const sane = shape.every((extent) => Number.isInteger(extent) && extent >= 1);
  if (sane && elements(shape) <= MAX_ELEMENTS) return;
  const layer = g.layers[g.current]?.id ?? '';
  throw new BitLensError(
    'bad-file',
    ['{0}: layer {1} makes a tensor of {2}.', g.file, layer, printShape(shape)],
    sane ? ['BitLens reads tensors of up to {0} values.', MAX_ELEMENTS] : ['Export the model again.'],
  );
}

/** The layers that own nodes, and the nodes renumbered to them. */
export function closeLayers(
  g: TensorGraph,
  nodes: readonly GraphNode[],
): { readonly layers: readonly Layer[]; readonly nodes: readonly GraphNode[] } {
  const used = [...new Set(nodes.map(({ layer }) => layer))].sort((a, b) => a - b);
  const index = new Map(used.map((old, at) => [old, at]));
  const owned: NodeId[][] = used.map(() => []);
  for (const node of nodes) owned[index.get(node.layer)!]!.push(node.id);
  return {
    nodes: nodes.map((node) => ({ ...node, layer: index.get(node.layer)! })),
    layers: used.map((old, at) => {
      const { head, id } = g.layers[old]!;
      const { name, className, settings = {} } = head;
      return { id, name, className, settings, nodes: owned[at]! };
    }),
  };
}
