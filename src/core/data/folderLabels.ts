// Labels of a folder of images: a CSV inside or beside it that names the files, else the names of the sub-folders.

import { BitLensError, say } from '../errors.ts';
import type { ByteSource } from '../importers/importer.ts';
import { readCsvLabels } from './csvLabels.ts';
import type { Folder } from './folder.ts';
import type { ImageList } from './imageList.ts';
import { byCodeUnit } from './labelValues.ts';
import type { ImageFile, Labels } from './rawData.ts';
import type { ReadOptions } from './reader.ts';

/** CSV files that may hold labels: any inside the folder, those with a telling name beside it. */
export async function labelFiles(folder: Folder): Promise<readonly ByteSource[]> {
  const isCsv = (name: string) => /\.csv$/i.test(name) && !name.startsWith('.');
  const inside = (await folder.list()).filter(({ name, kind }) => kind === 'file' && isCsv(name));
  const found = await Promise.all(
    inside
      .map(({ name }) => name)
      .sort(byCodeUnit)
      .map((name) => folder.file(name)),
  );
  const parent = await folder.parent();
  if (!parent) return found;
  const own = folder.name.toLowerCase();
  const telling = ['labels.csv', `${own}.csv`, `${own}_labels.csv`, `${own}-labels.csv`, 'annotations.csv'];
  const beside = (await parent.list()).filter(
    ({ name, kind }) => kind === 'file' && telling.includes(name.toLowerCase()),
  );
  const names = beside.map(({ name }) => name).sort(byCodeUnit);
  return [...found, ...(await Promise.all(names.map((name) => parent.file(name))))];
}

/**
 * The labels of `images` out of the first CSV file that names one of them.
 * @throws `bad-data` when that file leaves out some of the images, `bad-option` when it lacks the column asked for
 */
export async function labelsFromCsv(
  files: readonly ByteSource[],
  images: readonly ImageFile[],
  options: ReadOptions,
): Promise<{ readonly labels?: Labels | undefined; readonly notes: readonly string[] }> {
  const notes: string[] = [];
  for (const file of files) {
    const labels = await tryCsv(file, options);
    if (BitLensError.is(labels)) notes.push(`${file.name} is not used as labels: ${say(labels.what)}`);
    else if (rowsOf(labels, images).every((row) => row === undefined))
      notes.push(`${file.name} is not used as labels: it names none of the images`);
    else return { labels: matchLabels(labels, images), notes };
  }
  return { notes };
}

/** A CSV that happens to lie there need not hold labels. */
async function tryCsv(file: ByteSource, options: ReadOptions): Promise<Labels | BitLensError> {
  try {
    return await readCsvLabels(file, options);
  } catch (error) {
    if (BitLensError.is(error) && error.kind !== 'bad-option') return error;
    throw error;
  }
}

/**
 * Puts labels that name their files into the order of the images.
 * @throws `bad-data` when an image has no row, or shares it with another image
 */
export function matchLabels(labels: Labels, images: readonly ImageFile[]): Labels {
  const found = rowsOf(labels, images);
  const missing = found.filter((row) => row === undefined).length;
  const pathAt = (index: number) => images[index]!.path;
  if (missing > 0)
    throw new BitLensError(
      'bad-data',
      [
        '{0} has no row for {1} of {2} images, the first is {3}.',
        labels.origin,
        missing,
        images.length,
        pathAt(found.indexOf(undefined)),
      ],
      ['Add the rows, or move these images elsewhere.'],
    );
  const owner = new Map<number, number>();
  found.forEach((row, index) => {
    const other = owner.get(row!);
    owner.set(row!, index);
    if (other === undefined) return;
    throw new BitLensError(
      'bad-data',
      ['{0} has one row for both {1} and {2}.', labels.origin, pathAt(other), pathAt(index)],
      ['Name the images with their sub-folder in the file column.'],
    );
  });
  const spare = labels.values.length - images.length;
  const notes = spare > 0 ? [`${labels.origin}: ${spare} rows name no image here`] : [];
  const values = Int32Array.from(found, (row) => labels.values[row!]!);
  return { ...labels, values, files: undefined, notes: [...labels.notes, ...notes] };
}

/** Row of each image: by its path below the folder, else by its file name, else by that without its ending. */
function rowsOf(labels: Labels, images: readonly ImageFile[]): (number | undefined)[] {
  const files = (labels.files ?? []).map((file) => file.replaceAll('\\', '/').replace(/^\.\//, ''));
  const byPath = new Map(files.map((file, row) => [file, row]));
  const byName = new Map(files.map((file, row) => [baseName(file), row]));
  return images.map(({ path }) => {
    const name = baseName(path);
    return byPath.get(path) ?? byName.get(name) ?? byName.get(name.replace(/\.[^.]*$/, ''));
  });
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Sub-folders as classes; undefined when there is only one, which separates nothing. */
export function labelsFromGroups(list: ImageList, folder: string): Labels | undefined {
  const { groups } = list;
  if (!groups || new Set(groups).size < 2) return undefined;
  const origin = `${folder}: sub-folders`;
  const names = [...new Set(groups)];
  const values = Int32Array.from(groups, (group) => names.indexOf(group));
  const listed = names.length > 6 ? [...names.slice(0, 3), '…', ...names.slice(-2)] : names;
  const note = `${origin} sorted and taken as classes 0 … ${names.length - 1} (${listed.join(', ')})`;
  return { origin, values, classes: names.length, notes: [note] };
}
