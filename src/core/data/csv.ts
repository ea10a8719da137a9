// Reader of .csv and .tsv: one sample per row, numeric features, and the class if a column says so.

import { BitLensError } from '../errors.ts';
import type { ByteSource } from '../importers/importer.ts';
import { cellNumber } from './cellNumber.ts';
import { findLabelColumn, isIndexColumn } from './csvColumns.ts';
import { csvLayout, eachRow, looksLikeText, readCsvText, type CsvLayout } from './csvRows.ts';
import { labelsFromText } from './labelValues.ts';
import type { ArrayData, LabelSource, RawArray } from './rawData.ts';
import type { DataReader, ReadOptions } from './reader.ts';

export interface CsvRoles {
  /** Position of the label column, −1 without one. */
  readonly label: number;
  readonly features: readonly number[];
  readonly notes: readonly string[];
}

export function csvRoles(layout: CsvLayout, file: string, options: ReadOptions): CsvRoles {
  const { columns, headed } = layout;
  const label = findLabelColumn(columns, file, options.labelColumn);
  const hasIndex = label !== 0 && isIndexColumn(headed, columns);
  const features = columns.map((_, at) => at).filter((at) => at !== label && !(hasIndex && at === 0));
  if (features.length === 0)
    throw new BitLensError(
      'bad-data',
      ['{0} has no feature columns, only {1}.', file, columns.join(', ')],
      ['A file of labels is given beside the samples, as labels.'],
    );
  return {
    label,
    features,
    notes: hasIndex ? [`${file}: first column left out, it has no name (row index)`] : [],
  };
}

export const csv: DataReader = {
  id: 'csv',
  title: 'table (.csv)',
  extensions: ['.csv', '.tsv', '.txt'],
  match: looksLikeText,
  async open(source: ByteSource, options: ReadOptions): Promise<ArrayData> {
    const file = source.name;
    const text = await readCsvText(source);
    const layout = csvLayout(text, file);
    const roles = csvRoles(layout, file, options);
    const { data, classes, lines } = readTable(text, layout, roles, file);
    const samples = featureArray(file, data, roles.features.length);
    const labels: LabelSource | undefined =
      roles.label < 0 ? undefined : textLabels(file, layout.columns[roles.label]!, classes, lines);
    return { kind: 'arrays', file, arrays: [samples], samples, labels, notes: roles.notes };
  },
};

function featureArray(file: string, data: Float64Array, width: number): RawArray {
  return {
    name: file,
    origin: file,
    dtype: 'float64',
    shape: [data.length / width, width],
    load: (rows) => Promise.resolve({ dtype: 'float64', data: data.subarray(0, rows * width) }),
  };
}

function textLabels(
  file: string,
  name: string,
  cells: readonly string[],
  lines: readonly number[],
): LabelSource {
  const origin = `${file}: ${name}`;
  const where = (sample: number) => `row ${lines[sample]!}`;
  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws must reject
  return { name, origin, load: async () => ({ origin, ...labelsFromText(cells, origin, where) }) };
}

/** @throws `bad-data` at the first feature that is not a number, naming row and column */
function readTable(text: string, layout: CsvLayout, roles: CsvRoles, file: string) {
  const classes: string[] = [];
  const lines: number[] = [];
  let data = new Float64Array(1024);
  let length = 0;
  let skip = layout.headed;
  eachRow(text, layout.delimiter, file, (cells, line) => {
    if (skip) {
      skip = false;
      return;
    }
    if (length + cells.length > data.length) {
      const grown = new Float64Array(2 * data.length + cells.length);
      grown.set(data);
      data = grown;
    }
    for (const at of roles.features) {
      const value = cellNumber(cells[at]!);
      if (Number.isNaN(value)) throw notNumber(file, cells[at]!, line, layout.columns[at]!, layout.headed);
      data[length++] = value;
    }
    if (roles.label >= 0) classes.push(cells[roles.label]!);
    lines.push(line);
  });
  return { data: data.slice(0, length), classes, lines };
}

function notNumber(file: string, cell: string, line: number, column: string, headed: boolean): BitLensError {
  const place = headed ? `column "${column}"` : column;
  return new BitLensError(
    'bad-data',
    cell.trim() === ''
      ? ['{0}: row {1}, {2} is empty.', file, line, place]
      : ['{0}: "{3}" in row {1}, {2} is not a number.', file, line, place, cell.trim().slice(0, 40)],
    [
      'Features are numbers. If this is the class, name its column (--label-column); else remove the row or column.',
    ],
  );
}
