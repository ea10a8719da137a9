// Labels given apart from the samples (`--labels`): .npy, .npz or .csv.

import { BitLensError } from '../errors.ts';
import type { ByteSource } from '../importers/importer.ts';
import { assignRoles } from './arrayRoles.ts';
import { readCsvLabels } from './csvLabels.ts';
import { labelsFromArray } from './labelValues.ts';
import { listNpz } from './npz.ts';
import { openNpyArray } from './npy.ts';
import type { Labels } from './rawData.ts';
import type { ReadOptions } from './reader.ts';
import { readerFor } from './registry.ts';

/** @throws `bad-data` when the file holds no class indices, and what the readers throw */
export async function readLabels(source: ByteSource, options: ReadOptions = {}): Promise<Labels> {
  const reader = await readerFor(source);
  if (reader.id === 'csv') return await readCsvLabels(source, options);
  if (reader.id === 'npy') return await labelsFromArray(await openNpyArray(source.name, source.name, source));
  const arrays = await listNpz(source);
  const array = arrays.length === 1 ? arrays[0] : assignRoles(arrays).labels;
  if (array) return await labelsFromArray(array);
  throw new BitLensError(
    'bad-data',
    [
      '{0} does not tell which of its arrays holds the labels: {1}.',
      source.name,
      arrays.map(({ name }) => name).join(', '),
    ],
    ['Call it "y" or "labels", or save the labels alone.'],
  );
}
