// What a data file or folder holds, for pickers that have no model yet: from the headers of arrays, the first rows of
// a table, the listing of a folder and its first image.

import { strFromU8 } from 'fflate';
import { printShape, type Shape } from '../ir/graph.ts';
import type { ByteSource } from '../importers/importer.ts';
import { csvRoles } from './csv.ts';
import { csvLayout } from './csvRows.ts';
import { imageShape } from './decodeImage.ts';
import type { Folder } from './folder.ts';
import { openImages } from './openImages.ts';
import type { LabelSource } from './rawData.ts';
import type { ReadOptions } from './reader.ts';
import { readerFor } from './registry.ts';
import type { DType } from './values.ts';

export interface DataOutline {
  /** `digits.npz: x_test uint8 1000×28×28, y_test`. */
  readonly description: string;
  /** Samples first in `shape`. */
  readonly arrays: readonly {
    readonly name: string;
    readonly dtype: DType;
    readonly shape: readonly number[];
  }[];
  readonly count: number;
  /** As stored, of the array that is taken for the samples; of the first image of a folder. */
  readonly sampleShape: Shape;
  /** `classes` where the file says it without being read whole. */
  readonly labels?: { readonly name: string; readonly classes?: number | undefined } | undefined;
  readonly notes: readonly string[];
}

/** @throws what the readers throw; values are not looked at */
export async function describe(source: ByteSource, options: ReadOptions = {}): Promise<DataOutline> {
  const reader = await readerFor(source);
  if (reader.id === 'csv') return await describeCsv(source, options);
  const { arrays, samples, labels, notes, file } = await reader.open(source, options);
  const [count = 0, ...sampleShape] = (samples ?? arrays[0])?.shape ?? [];
  const listed = arrays.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
  const parts = listed.map(
    ({ name, dtype, shape }) => `${name === file ? '' : `${name} `}${dtype} ${printShape(shape)}`,
  );
  return {
    description: `${file}: ${parts.join(', ')}`,
    arrays: listed,
    count,
    sampleShape,
    labels: outlined(labels),
    notes,
  };
}

/** @throws `bad-data` when there are no images or labels are missing, `bad-file` when the first image is damaged */
export async function describeFolder(folder: Folder, options: ReadOptions = {}): Promise<DataOutline> {
  const { images, labels, notes, file } = await openImages(folder, options);
  const [{ path, open }] = images as [(typeof images)[number]];
  const sampleShape = await imageShape(await open(), `${file}/${path}`);
  const labelled = labels ? `, ${labels.origin}` : '';
  return {
    description: `${file}: ${images.length} images, the first ${printShape(sampleShape)}${labelled}`,
    arrays: [{ name: 'images', dtype: 'uint8', shape: [images.length, ...sampleShape] }],
    count: images.length,
    sampleShape,
    labels: outlined(labels),
    notes,
  };
}

const outlined = (labels: LabelSource | undefined): DataOutline['labels'] =>
  labels && { name: labels.name, classes: labels.classes };

const PREVIEW = 64 * 1024;

async function describeCsv(source: ByteSource, options: ReadOptions): Promise<DataOutline> {
  const file = source.name;
  const layout = csvLayout(await firstRows(source), file);
  const { label, features, notes } = csvRoles(layout, file, options);
  const count = (await countLines(source)) - (layout.headed ? 1 : 0);
  const labels = label < 0 ? undefined : { name: layout.columns[label]! };
  return {
    description: `${file}: ${count} rows of ${features.length} features${labels ? `, ${labels.name}` : ''}`,
    arrays: [{ name: file, dtype: 'float64', shape: [count, features.length] }],
    count,
    sampleShape: [features.length],
    labels,
    notes,
  };
}

/** Enough text for three rows, however long they are. */
async function firstRows(source: ByteSource): Promise<string> {
  for (let length = PREVIEW; ; length *= 4) {
    const text = strFromU8(await source.read(0, Math.min(length, source.size)));
    if (length >= source.size || text.split('\n').length > 3) return text;
  }
}

/** Lines that are not empty. Cells with line breaks inside quotes would count twice; tables of numbers have none. */
async function countLines(source: ByteSource): Promise<number> {
  let lines = 0;
  let filled = false;
  for (let at = 0; at < source.size; at += PIECE) {
    for (const byte of await source.read(at, Math.min(PIECE, source.size - at))) {
      if (byte === 10 || byte === 13) {
        if (filled) lines++;
        filled = false;
      } else filled = true;
    }
  }
  return filled ? lines + 1 : lines;
}

const PIECE = 1024 ** 2;
