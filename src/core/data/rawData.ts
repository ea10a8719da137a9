// What a data file or folder holds before it is bound to a model. Readers produce it without reading the samples;
// bind.ts turns it into a Dataset.

import type { ByteSource } from '../importers/importer.ts';
import type { Values } from './values.ts';

/** An array in a file; the first axis counts the samples. */
export interface RawArray {
  /** Name inside the file; for a file of one array, the file's name. */
  readonly name: string;
  /** For messages: `digits.npz: x_test`. */
  readonly origin: string;
  readonly dtype: Values['dtype'];
  readonly shape: readonly number[];
  /** The first `rows` samples in row-major order, in their stored type. */
  load(rows: number): Promise<Values>;
}

/** Class index of each sample. */
export interface Labels {
  /** For messages: `digits.npz: y_test`. */
  readonly origin: string;
  readonly values: Int32Array;
  /** Where the file says it: the width of one-hot rows, the number of class names. */
  readonly classes?: number | undefined;
  /** File name of each sample, where the labels say which image they are for. */
  readonly files?: readonly string[] | undefined;
  readonly notes: readonly string[];
}

/** Labels found with the samples, not yet read. */
export interface LabelSource {
  readonly name: string;
  readonly origin: string;
  /** Known without reading them. */
  readonly classes?: number | undefined;
  /** Throws `bad-data` when the values are no class indices. */
  load(): Promise<Labels>;
}

export interface ArrayData {
  readonly kind: 'arrays';
  readonly file: string;
  readonly arrays: readonly RawArray[];
  /** The array that feeds a model with one input; missing when no name of the file tells. */
  readonly samples?: RawArray | undefined;
  readonly labels?: LabelSource | undefined;
  readonly notes: readonly string[];
}

export interface ImageFile {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly open: () => Promise<ByteSource>;
}

export interface ImageData {
  readonly kind: 'images';
  readonly file: string;
  readonly images: readonly ImageFile[];
  /** The images are taken in turn from sub-folders, so that the first n are of all classes. */
  readonly inTurn: boolean;
  readonly labels?: LabelSource | undefined;
  readonly notes: readonly string[];
}

export type RawData = ArrayData | ImageData;
