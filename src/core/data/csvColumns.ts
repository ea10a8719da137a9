// What the columns of a CSV file are: the class, the file it belongs to, a row index, or a feature.

import { BitLensError } from '../errors.ts';
import type { ReadOptions } from './reader.ts';

/** Best first: `class` is also the name of a class. */
const LABEL_NAMES = ['class_index', 'class_id', 'label_index', 'label', 'labels', 'target', 'y', 'class'];
const FILE_NAMES = ['file', 'filename', 'file_name', 'filepath', 'path', 'image', 'image_path', 'image_name'];

const normal = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');

export const isLabelColumn = (name: string): boolean => LABEL_NAMES.includes(normal(name));
export const isFileColumn = (name: string): boolean => FILE_NAMES.includes(normal(name));

/**
 * Position of the label column: the one the user names, else the best known name; −1 if there is none.
 * @throws `bad-option` when the user's choice is not there
 */
export function findLabelColumn(
  columns: readonly string[],
  file: string,
  choice: ReadOptions['labelColumn'],
): number {
  if (choice === undefined) {
    const known = LABEL_NAMES.find((name) => columns.some((column) => normal(column) === name));
    return columns.findIndex((column) => normal(column) === known);
  }
  const named = columns.indexOf(String(choice));
  const position = named >= 0 ? named : Number(choice) - 1;
  if (Number.isInteger(position) && position >= 0 && position < columns.length) return position;
  throw new BitLensError(
    'bad-option',
    ['{0} has no column {1}.', file, String(choice)],
    ['Its columns are: {0}.', shortened(columns)],
  );
}

export const findFileColumn = (columns: readonly string[]): number => columns.findIndex(isFileColumn);

/** The nameless first column that a data frame's index leaves behind. */
export const isIndexColumn = (headed: boolean, columns: readonly string[]): boolean =>
  headed && columns.length > 1 && /^(column 1|unnamed: 0)$/i.test(columns[0]!);

export const shortened = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')} … (${names.length})` : names.join(', ');
