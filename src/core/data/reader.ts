// What a reader of data files is. One file a format; registry.ts lists them.

import type { ByteSource } from '../importers/importer.ts';
import type { ArrayData } from './rawData.ts';

export interface ReadOptions {
  /** Column of a CSV file that holds the class: its name, or its number counted from 1. */
  readonly labelColumn?: string | number | undefined;
}

export interface DataReader {
  /** `npy`, `npz`, `csv`. */
  readonly id: string;
  /** For messages: `NumPy array (.npy)`. */
  readonly title: string;
  readonly extensions: readonly string[];
  /** Is this file of my format? `head` is its first 4 KiB. Must not throw. */
  match(head: Uint8Array): boolean;
  /**
   * Reads what the file holds; the samples of .npy and .npz are read when they are asked for.
   * Throws BitLensError `bad-file`, `bad-data`, `unsupported`.
   */
  open(source: ByteSource, options: ReadOptions): Promise<ArrayData>;
}
