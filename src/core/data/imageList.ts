// The JPEG and PNG files of a folder: directly inside, or one level down where the sub-folders are the classes.

import { BitLensError } from '../errors.ts';
import type { Folder, FolderEntry } from './folder.ts';
import { byCodeUnit } from './labelValues.ts';
import type { ImageFile } from './rawData.ts';

export interface ImageList {
  /** Sorted by path. */
  readonly images: readonly ImageFile[];
  /** Name of the sub-folder each image is in; missing when the images lie directly in the folder. */
  readonly groups?: readonly string[] | undefined;
  readonly notes: readonly string[];
}

const IMAGE = /\.(jpe?g|png)$/i;
const OTHER_IMAGE = /\.(bmp|gif|webp|tiff?|heic|avif|ppm|pgm)$/i;

/** @throws `bad-data` when there is no JPEG or PNG file */
export async function listImages(folder: Folder): Promise<ImageList> {
  const entries = visible(await folder.list());
  const direct = imagesOf(folder, entries, '');
  const notes = otherImages(entries, folder.name);
  if (direct.length > 0) return { images: direct, notes };
  const images: ImageFile[] = [];
  const groups: string[] = [];
  const names = entries.filter(({ kind }) => kind === 'folder').map(({ name }) => name);
  for (const name of names.sort(byCodeUnit)) {
    const inner = await folder.folder(name);
    const innerEntries = visible(await inner.list());
    const found = imagesOf(inner, innerEntries, `${name}/`);
    images.push(...found);
    groups.push(...found.map(() => name));
    notes.push(...otherImages(innerEntries, `${folder.name}/${name}`));
  }
  if (images.length === 0) throw noImages(folder.name, notes.length > 0);
  return { images, groups, notes };
}

const visible = (entries: readonly FolderEntry[]) => entries.filter(({ name }) => !name.startsWith('.'));

function imagesOf(folder: Folder, entries: readonly FolderEntry[], prefix: string): ImageFile[] {
  const names = entries
    .filter(({ name, kind }) => kind === 'file' && IMAGE.test(name))
    .map(({ name }) => name);
  return names.sort(byCodeUnit).map((name) => ({ path: prefix + name, open: () => folder.file(name) }));
}

function otherImages(entries: readonly FolderEntry[], folder: string): string[] {
  const count = entries.filter(({ name, kind }) => kind === 'file' && OTHER_IMAGE.test(name)).length;
  return count > 0 ? [`${folder}: ${count} images that are neither JPEG nor PNG left out`] : [];
}

const noImages = (folder: string, others: boolean) =>
  new BitLensError(
    'bad-data',
    ['Folder {0} holds no JPEG or PNG images, neither directly nor one level down.', folder],
    others
      ? ['Convert its images to PNG.']
      : ['Give the folder the images are in, or a .npy, .npz or .csv file.'],
  );
