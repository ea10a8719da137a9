// What an importer is. One file a format; registry.ts lists them. Detection looks at content before extension.

import type { Sentence } from '../errors.ts';
import type { Graph, Shape } from '../ir/graph.ts';

/**
 * Random access to a file. The engine implements it over the file system, tests over memory.
 * All reads are bounds-checked by the implementation: reading past the end throws `bad-file` with the offset.
 */
export interface ByteSource {
  /** Base name, for messages and for the fallback on the extension. */
  readonly name: string;
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** The same at once: weights are read when they are asked for, in the middle of a computation. */
  readNow(offset: number, length: number): Uint8Array;
  /**
   * A file beside this one, by relative path (shards, external weights).
   * A path that leaves the folder, and a file that is not there, throw `bad-file`.
   */
  sibling(path: string): Promise<ByteSource>;
}

export interface OpenOptions {
  /** Weights that are stored apart from the architecture (`--weights`). */
  readonly weights?: ByteSource | undefined;
  /** Fills dimensions the model leaves open, one shape (batch left out) per network input. */
  readonly inputShapes?: readonly (readonly number[])[] | undefined;
}

/** A tensor of a file that holds weights without a network. */
export interface ListedTensor {
  readonly name: string;
  /** `float32`, `bfloat16` … */
  readonly dtype: string;
  readonly shape: Shape;
  readonly elements: number;
  /** As stored. */
  readonly bytes: number;
  /** Of the finite values; absent in files too large to look through, and without such values. */
  readonly range?: readonly [low: number, high: number] | undefined;
}

/** What a file of weights holds: plain data that travels between processes. */
export interface TensorListing {
  readonly name: string;
  /** `safetensors`, `PyTorch weights (zip)` … */
  readonly format: string;
  readonly tensors: readonly ListedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  /** What else there is to know: parts that are not listed. */
  readonly notes: readonly Sentence[];
  /** How to get a file with the network in it. */
  readonly advice: readonly Sentence[];
}

export interface Importer {
  /** `keras-v3`, `keras-h5`, `keras-json`, `tfjs-layers`. */
  readonly id: string;
  /** For messages: `Keras v3 archive (.keras)`. */
  readonly title: string;
  readonly extensions: readonly string[];
  /** Is this file of my format? `head` is its first 4 KiB. Must not throw. */
  match(head: Uint8Array, source: ByteSource): boolean | Promise<boolean>;
  /** Reads the model. Throws BitLensError `bad-file`, `unsupported` (all layers at once), `missing-weights`, `needs-input-shape`. */
  open(source: ByteSource, options: OpenOptions): Promise<Graph>;
  /** Lists the tensors of a file that is no network: `open` throws for it and says how to export one. Throws as `open`. */
  list?(source: ByteSource): Promise<TensorListing>;
}
