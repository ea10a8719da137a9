// From a folder to image data: the images, their labels and their order. Nothing is decoded before a batch is asked for.

import type { Folder } from './folder.ts';
import { labelFiles, labelsFromCsv, labelsFromGroups } from './folderLabels.ts';
import { listImages, type ImageList } from './imageList.ts';
import type { ImageData, Labels, LabelSource } from './rawData.ts';
import type { ReadOptions } from './reader.ts';

/**
 * The JPEG and PNG files of a folder, with labels from a CSV inside or beside it, else from the names of sub-folders.
 * @throws `bad-data` when there are no images, or when a CSV of labels leaves out some of them
 */
export async function openImages(folder: Folder, options: ReadOptions = {}): Promise<ImageData> {
  const list = await listImages(folder);
  const fromCsv = await labelsFromCsv(await labelFiles(folder), list.images, options);
  const labels = fromCsv.labels ?? labelsFromGroups(list, folder.name);
  const order = takeInTurn(list);
  const inTurn = order !== undefined;
  return {
    kind: 'images',
    file: folder.name,
    images: order ? order.map((at) => list.images[at]!) : list.images,
    inTurn,
    labels: labels && known(order ? reordered(labels, order) : labels),
    notes: [
      ...list.notes,
      ...fromCsv.notes,
      ...(inTurn ? [`${folder.name}: images taken in turn from its sub-folders`] : []),
    ],
  };
}

/** First image of every sub-folder, then the second of every one …; undefined with less than two sub-folders. */
function takeInTurn({ groups }: ImageList): readonly number[] | undefined {
  if (!groups || new Set(groups).size < 2) return undefined;
  const seen = new Map<string, number>();
  const turns = groups.map((group) => {
    const turn = seen.get(group) ?? 0;
    seen.set(group, turn + 1);
    return turn;
  });
  return groups.map((_, at) => at).sort((a, b) => turns[a]! - turns[b]! || a - b);
}

const reordered = (labels: Labels, order: readonly number[]): Labels => ({
  ...labels,
  values: Int32Array.from(order, (at) => labels.values[at]!),
});

const known = (labels: Labels): LabelSource => ({
  name: labels.origin,
  origin: labels.origin,
  classes: labels.classes,
  load: () => Promise.resolve(labels),
});
