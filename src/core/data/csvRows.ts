// Rows of a CSV file: which character separates the cells, whether the first row names the columns, and the rows
// one by one, so that a large file is never held as text cells.

import { strFromU8 } from 'fflate';
import { parse } from 'csv-parse/sync';
import { BitLensError } from '../errors.ts';
import type { ByteSource } from '../importers/importer.ts';
import { cellNumber } from './cellNumber.ts';
import { isFileColumn, isLabelColumn } from './csvColumns.ts';
import { MAX_CSV_BYTES } from './limits.ts';

export interface CsvLayout {
  readonly delimiter: string;
  /** Names of the columns; `column 1` … where the file has no header. */
  readonly columns: readonly string[];
  readonly headed: boolean;
  /** Cells of the first data row. */
  readonly first: readonly string[];
}

/** @throws `bad-data` when the file is too large, `bad-file` when it is not UTF-8 text */
export async function readCsvText(source: ByteSource): Promise<string> {
  if (source.size > MAX_CSV_BYTES)
    throw new BitLensError(
      'bad-data',
      [
        '{0} has {1} MiB; CSV files are read up to {2} MiB.',
        source.name,
        Math.ceil(source.size / 2 ** 20),
        MAX_CSV_BYTES / 2 ** 20,
      ],
      ['Save the samples as .npy or .npz.'],
    );
  const bytes = await source.read(0, source.size);
  if (bytes.length > 0 && !looksLikeText(bytes.subarray(0, 4096)))
    throw new BitLensError(
      'bad-file',
      ['{0} is not a text file in UTF-8.', source.name],
      ['Save it as CSV in UTF-8, or use .npy or .npz.'],
    );
  return strFromU8(bytes);
}

/** No control characters but tab and line ends. */
export function looksLikeText(head: Uint8Array): boolean {
  return head.length > 0 && head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);
}

/** @throws `bad-data` when there is no data row, `bad-file` when the quotes do not close */
export function csvLayout(text: string, file: string): CsvLayout {
  const delimiter = delimiterOf(text);
  const rows: string[][] = [];
  eachRow(text, delimiter, file, (cells) => void rows.push(cells), 2);
  const [top, second] = rows;
  if (!top) throw emptyFile(file);
  const headed = isHeader(top, second);
  const first = headed ? second : top;
  if (!first) throw emptyFile(file);
  const columns = top.map((cell, at) => {
    const name = cell.trim().replace(/^#\s*/, '');
    return headed && name !== '' ? name : `column ${at + 1}`;
  });
  return { delimiter, columns, headed, first };
}

const emptyFile = (file: string) =>
  new BitLensError('bad-data', ['{0} has no data rows.', file], ['Give a file with one sample per row.']);

/** The first row names columns if it says `label` or the like, or has text where the next row has a number. */
function isHeader(top: readonly string[], second: readonly string[] | undefined): boolean {
  const known = top.some((cell) => isLabelColumn(cell) || isFileColumn(cell));
  const isText = top.map((cell) => Number.isNaN(cellNumber(cell)));
  if (known) return true;
  if (!second) return isText.every(Boolean);
  return isText.some((text, at) => text && !Number.isNaN(cellNumber(second[at] ?? '')));
}

function delimiterOf(text: string): string {
  const line = /^[^\r\n]*/.exec(text)![0].replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => line.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/**
 * Calls `row` with the cells and the line of every row, header included.
 * @param upTo number of rows to parse at most; −1 for all
 * @throws `bad-file` when rows differ in length or quotes do not close, naming the line
 */
export function eachRow(
  text: string,
  delimiter: string,
  file: string,
  row: (cells: string[], line: number) => void,
  upTo = -1,
): void {
  try {
    parse(text, {
      delimiter,
      skip_empty_lines: true,
      to: upTo,
      on_record(cells: string[], { lines }) {
        row(cells, lines);
        return null;
      },
    });
  } catch (error) {
    if (BitLensError.is(error)) throw error;
    const { message } = error as Error;
    throw new BitLensError(
      'bad-file',
      ['{0} is not a readable CSV file: {1}.', file, message],
      ['Every row needs the same number of cells, and every quote its end.'],
    );
  }
}
