// A node of an ONNX graph as the rows of the op table see it, and what a row is.

import type { Tensor } from '../tensors/tensor.ts';
import type { TensorGraph } from '../tensors/tensorGraph.ts';
import type { GraphProto } from './model.ts';

export interface OnnxNode {
  /** Of its layer, for messages. */
  readonly name: string;
  /** `Conv` */
  readonly op: string;
  /** '' for the operators of ONNX itself (`ai.onnx` is the same and given as ''). */
  readonly domain: string;
  /** Version of the domain's operator set that the model imports. */
  readonly opset: number;
  /** The extent of the batch axis that the file fixes, if it is not 1; it is read as 1 (see inputs.ts). */
  readonly batch: number | undefined;
  /** Operands by position; undefined where an optional one is left out (or beyond the end). */
  readonly inputs: readonly (Tensor | undefined)[];
  /** Names of the results; '' for those nobody asks for. */
  readonly outputs: readonly string[];
  /** An integer attribute. @throws `bad-file` when the attribute has another type, as the others below */
  int(name: string, standard: number): number;
  float(name: string, standard: number): number;
  text(name: string, standard: string): string;
  ints(name: string): readonly number[] | undefined;
  floats(name: string): readonly number[] | undefined;
  texts(name: string): readonly string[] | undefined;
  /** A tensor attribute. */
  tensor(name: string): Tensor | undefined;
  /** The graph of an `If`, `Loop` or `Scan`. */
  graph(name: string): GraphProto | undefined;
  /** Is the attribute there at all? */
  has(name: string): boolean;
  /** Reads a graph attribute in the scope of this node: its inputs by position, its outputs. */
  run(graph: GraphProto, inputs: readonly Tensor[]): readonly Tensor[];
}

/**
 * A row of the op table: emits what the node computes, returns its results by position. Where the node cannot be read, it
 * throws `unsupported` (refuse.ts); the importer collects these over the whole model.
 */
export type OpRow = (g: TensorGraph, node: OnnxNode) => readonly Tensor[];

/** Rows by op type, for one domain. */
export type OpRows = Readonly<Record<string, OpRow>>;
