// Every reader of data files, and the way from a file to what it holds. A new format is one file and one line here.

import { BitLensError } from '../errors.ts';
import type { ByteSource } from '../importers/importer.ts';
import { csv } from './csv.ts';
import { npy } from './npy.ts';
import { npz } from './npz.ts';
import type { ArrayData } from './rawData.ts';
import type { DataReader, ReadOptions } from './reader.ts';

/** Asked in this order; the text reader comes last, as most text looks like a table. */
export const readers: readonly DataReader[] = [npy, npz, csv];

const HEAD = 4096;

/**
 * The reader of a file: by content, and where that says nothing by extension, so that a damaged `.npy` is told as such.
 * @throws `bad-data` when the file is of no format that is read
 */
export async function readerFor(source: ByteSource): Promise<DataReader> {
  const head = await source.read(0, Math.min(HEAD, source.size));
  const byName = readers.find((reader) => reader.extensions.some((ending) => endsWith(source.name, ending)));
  const byContent = readers.find((reader) => reader.match(head));
  const reader = byContent === csv ? (byName ?? csv) : (byContent ?? byName);
  if (reader) return reader;
  const formats = readers.map(({ title }) => title).join(', ');
  throw new BitLensError(
    'bad-data',
    ['{0} is none of the data files that are read: {1}, folder of JPEG or PNG images.', source.name, formats],
    isImage(head) ? ['For images, give the folder they are in.'] : ['Save the samples as .npy or .npz.'],
  );
}

/** Samples in a file; for a folder of images see openImages. Throws `bad-file`, `bad-data`, `unsupported`. */
export async function openData(source: ByteSource, options: ReadOptions = {}): Promise<ArrayData> {
  return await (await readerFor(source)).open(source, options);
}

const endsWith = (name: string, ending: string): boolean => name.toLowerCase().endsWith(ending);

const isImage = (head: Uint8Array): boolean =>
  (head[0] === 0xff && head[1] === 0xd8) || (head[0] === 0x89 && head[1] === 0x50);
