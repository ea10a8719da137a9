// The intermediate representation every importer builds and everything else reads: a list of nodes in
// topological order, each with one op and one output tensor, and the layers that own them.
// Layout is channels-last (NHWC, NWC), as in Keras and TensorFlow. Shapes leave the batch axis out.

import type { Quantizer } from '../quantizers/quantizer.ts';
import type { Op } from './ops.ts';

/** Extents without the batch axis; `[]` is a scalar per sample. */
export type Shape = readonly number[];

/** A parameter tensor. `read` may go to disk, so nothing is read until it is asked for. */
export interface Weight {
  /** Name in the model file, for messages: `conv1/kernel`. */
  readonly name: string;
  readonly shape: Shape;
  /** Values in row-major order, on the grid of {@link quantizer} if there is one; callers must not write into the array. */
  read(): Float32Array;
  /** What the file itself quantizes this parameter with ("as trained"). */
  readonly quantizer?: Pick<Quantizer, 'text' | 'bits' | 'format'> | undefined;
  /** Values before that quantizer; absent when the file holds the quantized values only. */
  readonly latent?: (() => Float32Array) | undefined;
}

/** Position of a node in {@link Graph.nodes}; also the name of the tensor it produces. */
export type NodeId = number;

export interface GraphNode {
  readonly id: NodeId;
  readonly op: Op;
  /** Nodes whose tensors are the operands, in order. */
  readonly inputs: readonly NodeId[];
  /** Shape of the output tensor. */
  readonly shape: Shape;
  /** Index in {@link Graph.layers} of the layer that owns this node. */
  readonly layer: number;
}

/** A hyper-parameter that the model's source may repeat as a literal: `units`, `kernel_size`, `activation` … */
export type Setting = string | number | boolean | readonly number[];

/** What the user calls a layer. A layer that is called twice owns the nodes of both calls. */
export interface Layer {
  /** Unique in the graph; a layer of a nested model is prefixed with the path: `features/conv1`. */
  readonly id: string;
  /** Name as the framework wrote it: `conv1`. */
  readonly name: string;
  /** Class in the framework: `Conv2D`, `BatchNormalization`. */
  readonly className: string;
  readonly nodes: readonly NodeId[];
  readonly settings: Readonly<Record<string, Setting>>;
}

export interface Graph {
  readonly name: string;
  /** What wrote the file: `Keras 3.5.0`, `TF.js layers (Keras 2.1.4)`. */
  readonly framework: string;
  readonly nodes: readonly GraphNode[];
  readonly layers: readonly Layer[];
  readonly inputs: readonly NodeId[];
  readonly outputs: readonly NodeId[];
}

/** Number of elements of a shape (1 for a scalar). */
export function elements(shape: Shape): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** `28×28×1`; `scalar` for an empty shape. */
export function printShape(shape: readonly (number | null)[]): string {
  return shape.length === 0 ? 'scalar' : shape.map((extent) => extent ?? '?').join('×');
}

/** For each node, the nodes that read its tensor (a node that reads it twice is listed once). */
export function consumers(graph: Graph): readonly (readonly NodeId[])[] {
  const lists: NodeId[][] = graph.nodes.map(() => []);
  for (const node of graph.nodes) for (const input of new Set(node.inputs)) lists[input]!.push(node.id);
  return lists;
}
