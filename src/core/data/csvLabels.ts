// Labels from a CSV file of their own: a class per row, with or without the file it belongs to.

import { BitLensError } from '../errors.ts';
import type { ByteSource } from '../importers/importer.ts';
import { cellNumber } from './cellNumber.ts';
import { findFileColumn, findLabelColumn, shortened } from './csvColumns.ts';
import { csvLayout, eachRow, readCsvText, type CsvLayout } from './csvRows.ts';
import { labelsFromText, notLabels } from './labelValues.ts';
import type { Labels } from './rawData.ts';
import type { ReadOptions } from './reader.ts';

/**
 * The label column is the one that is named, that has a known name, the only one, or the only one with numbers;
 * columns of zeros with a single one per row are one-hot.
 * @throws `bad-data` when no column can be told to be the label
 */
export async function readCsvLabels(source: ByteSource, options: ReadOptions): Promise<Labels> {
  const text = await readCsvText(source);
  const layout = csvLayout(text, source.name);
  const rows: string[][] = [];
  const lines: number[] = [];
  let header = layout.headed;
  eachRow(text, layout.delimiter, source.name, (cells, line) => {
    if (!header) {
      rows.push(cells);
      lines.push(line);
    }
    header = false;
  });
  const where = (sample: number) => `row ${lines[sample]!}`;
  const label = labelPosition(layout, source.name, options);
  if (label < 0) return oneHotRows(rows, layout, source.name, where);
  const origin = layout.headed ? `${source.name}: ${layout.columns[label]!}` : source.name;
  const file = fileColumn(layout, label);
  return {
    origin,
    ...labelsFromText(
      rows.map((cells) => cells[label]!),
      origin,
      where,
    ),
    files: file < 0 ? undefined : rows.map((cells) => cells[file]!.trim()),
  };
}

function labelPosition(layout: CsvLayout, file: string, options: ReadOptions): number {
  const { columns, first } = layout;
  const named = findLabelColumn(columns, file, options.labelColumn);
  if (named >= 0) return named;
  if (columns.length === 1) return 0;
  const numeric = first.flatMap((cell, at) => (Number.isNaN(cellNumber(cell)) ? [] : [at]));
  return numeric.length === 1 ? numeric[0]! : -1;
}

/** Without a header, the only column of text beside a column of numbers names the files. */
function fileColumn(layout: CsvLayout, label: number): number {
  if (layout.headed) return findFileColumn(layout.columns);
  const texts = layout.first.flatMap((cell, at) =>
    at !== label && Number.isNaN(cellNumber(cell)) ? [at] : [],
  );
  return texts.length === 1 ? texts[0]! : -1;
}

function oneHotRows(
  rows: readonly (readonly string[])[],
  layout: CsvLayout,
  file: string,
  where: (sample: number) => string,
): Labels {
  const width = layout.columns.length;
  if (layout.first.some((cell) => Number.isNaN(cellNumber(cell))) || !isOneHot(layout.first))
    throw new BitLensError(
      'bad-data',
      ['{0} does not tell which of its columns is the class: {1}.', file, shortened(layout.columns)],
      ['Name the column (--label-column), or call it "label" in a header row.'],
    );
  const values = Int32Array.from(rows, (cells, sample) => {
    if (!isOneHot(cells)) throw notLabels(file, `${where(sample)} is not one-hot`);
    return cells.findIndex((cell) => Number(cell) === 1);
  });
  return { origin: file, values, classes: width, notes: [] };
}

function isOneHot(cells: readonly string[]): boolean {
  const numbers = cells.map(cellNumber);
  return (
    numbers.every((value) => value === 0 || value === 1) &&
    numbers.filter((value) => value === 1).length === 1
  );
}
