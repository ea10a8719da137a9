// Class indices out of numbers: integers, floats that are integers, a single column, or one-hot rows.

import { BitLensError } from '../errors.ts';
import { elements, printShape } from '../ir/graph.ts';
import { cellNumber } from './cellNumber.ts';
import type { Labels, RawArray } from './rawData.ts';
import { valueAt, type Values } from './values.ts';

const MAX_CLASS = 2 ** 31 - 1;

/** @throws `bad-data` when the array holds no class indices */
export async function labelsFromArray(array: RawArray): Promise<Labels> {
  const { origin, shape } = array;
  const [count = 0, ...rest] = shape;
  const width = elements(rest);
  if (
    shape.length === 0 ||
    width === 0 ||
    shape.filter((extent) => extent > 1).length > 2 ||
    shape.length > 2
  )
    throw notLabels(origin, `its shape is ${printShape(shape)}`);
  const values = await array.load(count);
  if (width === 1) return { origin, values: integers(values, count, origin), notes: [] };
  return { origin, values: oneHot(values, count, width, origin), classes: width, notes: [] };
}

/** @throws `bad-data` at the first value that is not a whole number from 0 on */
function integers(values: Values, count: number, origin: string): Int32Array {
  return Int32Array.from({ length: count }, (_, sample) => {
    const value = valueAt(values, sample);
    if (!Number.isInteger(value) || value < 0 || value > MAX_CLASS)
      throw notLabels(origin, `sample ${sample} is ${value}`);
    return value;
  });
}

/** Position of the one in each row. @throws `bad-data` at the first row that is not zeros and a single one */
function oneHot(values: Values, count: number, width: number, origin: string): Int32Array {
  return Int32Array.from({ length: count }, (_, sample) => {
    let hot = -1;
    for (let i = 0; i < width; i++) {
      const value = valueAt(values, sample * width + i);
      if (value === 1 && hot < 0) hot = i;
      else if (value !== 0) throw notLabels(origin, `row ${sample} is not one-hot`);
    }
    if (hot < 0) throw notLabels(origin, `row ${sample} is all zeros`);
    return hot;
  });
}

export const notLabels = (origin: string, detail: string) =>
  new BitLensError(
    'bad-data',
    ['{0} holds no class indices: {1}.', origin, detail],
    ['Labels are whole numbers from 0 on, one per sample, or one-hot rows.'],
  );

/**
 * Class indices out of text: whole numbers, or names, which are sorted and numbered from 0 on.
 * @param cells one per sample
 * @param where names the place of a sample for messages: `row 12`
 */
export function labelsFromText(
  cells: readonly string[],
  origin: string,
  where: (sample: number) => string,
): Pick<Labels, 'values' | 'classes' | 'notes'> {
  const numbers = cells.map(cellNumber);
  const isClass = (value: number) => Number.isInteger(value) && value >= 0 && value <= MAX_CLASS;
  const wrong = numbers.findIndex((value) => !isClass(value));
  if (wrong < 0) return { values: Int32Array.from(numbers), notes: [] };
  const anyNumber = numbers.some((value) => !Number.isNaN(value));
  if (anyNumber || cells.some((cell) => cell.trim() === ''))
    throw notLabels(origin, `${where(wrong)} is "${cells[wrong]!.slice(0, 40)}"`);
  const names = [...new Set(cells.map((cell) => cell.trim()))].sort(byCodeUnit);
  const index = new Map(names.map((name, at) => [name, at]));
  const listed = names.length > 6 ? [...names.slice(0, 3), '…', ...names.slice(-2)] : names;
  return {
    values: Int32Array.from(cells, (cell) => index.get(cell.trim())!),
    classes: names.length,
    notes: [`${origin}: class names sorted and numbered 0 … ${names.length - 1} (${listed.join(', ')})`],
  };
}

/** The same order on every machine, and the one of Python's sorted(). */
export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
