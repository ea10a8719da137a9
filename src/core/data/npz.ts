// Reader of .npz: a zip archive of .npy arrays (numpy.savez, numpy.savez_compressed). The directory and the arrays'
// headers are read; an array is inflated when it is asked for.

import { BitLensError } from '../errors.ts';
import type { ByteSource } from '../importers/importer.ts';
import { assignRoles } from './arrayRoles.ts';
import { labelsFromArray } from './labelValues.ts';
import { openNpyArray } from './npy.ts';
import type { LabelSource, RawArray } from './rawData.ts';
import type { DataReader } from './reader.ts';
import { isZip, listZip } from '../zip/zipDirectory.ts';
import { readZipEntry } from '../zip/zipEntry.ts';

/** Every array of the archive. @throws `bad-file` when there is none */
export async function listNpz(source: ByteSource): Promise<readonly RawArray[]> {
  const entries = (await listZip(source)).filter((entry) => entry.name.endsWith('.npy'));
  if (entries.length === 0)
    throw new BitLensError(
      'bad-file',
      ['{0} is a zip archive without .npy arrays.', source.name],
      ['Save the samples with numpy.savez(file, x=…, y=…); unpack an archive of images into a folder.'],
    );
  const arrays: RawArray[] = [];
  for (const entry of entries) {
    const name = entry.name.slice(0, -'.npy'.length);
    const read = async (offset: number, length: number) =>
      (await readZipEntry(source, entry, offset + length)).subarray(offset);
    arrays.push(await openNpyArray(name, `${source.name}: ${name}`, { size: entry.size, read }));
  }
  return arrays;
}

/** The labels in an array, not yet read. */
export function arrayLabels(array: RawArray): LabelSource {
  return {
    name: array.name,
    origin: array.origin,
    classes: array.shape.length === 2 && array.shape[1]! > 1 ? array.shape[1] : undefined,
    load: () => labelsFromArray(array),
  };
}

export const npz: DataReader = {
  id: 'npz',
  title: 'NumPy archive (.npz)',
  extensions: ['.npz'],
  match: isZip,
  async open(source: ByteSource) {
    const arrays = await listNpz(source);
    const { samples, labels, guessed } = assignRoles(arrays);
    return {
      kind: 'arrays',
      file: source.name,
      arrays,
      samples,
      labels: labels && arrayLabels(labels),
      notes: guessed && samples ? guessNotes(source.name, samples, labels) : [],
    };
  },
};

function guessNotes(file: string, samples: RawArray, labels: RawArray | undefined): string[] {
  const pair = labels
    ? `${samples.name} taken as the samples and ${labels.name} as the labels`
    : `${samples.name} taken as the samples`;
  return [`${file}: ${pair}, as no name says x or y`];
}
