// The resource table as rows, shares and order, without a DOM.

import { count } from '../format.ts';
import { sortRows, type SortOrder, type SortValue } from '../sortRows.ts';
import type { ResourceColumn, ResourceRow, ResourcesSnapshot } from '../../src/protocol/webview.ts';

/** One resource of the part, against what the part has. */
export interface PartShare {
  readonly column: ResourceColumn;
  readonly used: number;
  readonly available: number;
  /** 1 = all of it. Infinite when the part has none. */
  readonly share: number;
}

export interface ResourcesModel {
  readonly shares: readonly PartShare[];
  /** Totals of columns that no part limits: latency, II. */
  readonly figures: readonly { readonly column: ResourceColumn; readonly value: number }[];
  /** Largest value of each column: the full length of its in-cell bars. */
  readonly largest: Readonly<Record<string, number>>;
  readonly rows: readonly ResourceRow[];
}

/** Bold digits of the total are so much wider. */
const BOLD = 1.15;
/** Longer ones end in an ellipsis. */
const LONGEST_FORMATS = 26;

export const LAYER_KEYS = ['layer', 'formats', 'basis'];

export function sortKeys(snapshot: ResourcesSnapshot): string[] {
  return [...LAYER_KEYS, ...snapshot.columns.map((column) => column.id)];
}

/** Without an order the rows stay as the network runs. */
export function resourcesModel(snapshot: ResourcesSnapshot, order: SortOrder | undefined): ResourcesModel {
  const shares: PartShare[] = [];
  const figures: { column: ResourceColumn; value: number }[] = [];
  for (const column of snapshot.columns) {
    const used = snapshot.total[column.id] ?? null;
    if (used === null) continue;
    const { available } = column;
    if (available === null) figures.push({ column, value: used });
    else shares.push({ column, used, available, share: used === 0 ? 0 : used / available });
  }
  const largest = Object.fromEntries(
    snapshot.columns.map(({ id }) => [id, Math.max(0, ...snapshot.rows.map((row) => row.values[id] ?? 0))]),
  );
  const rows = order
    ? sortRows(snapshot.rows, (row) => sortValue(row, order.key), order.descending)
    : snapshot.rows;
  return { shares, figures, largest, rows };
}

/** Characters that the formats and each value column need. */
export function columnWidths(snapshot: ResourcesSnapshot): number[] {
  const formats = Math.max(8, ...snapshot.rows.map((row) => row.formats.length));
  const values = snapshot.columns.map(({ id, title }) => {
    const cells = snapshot.rows.map((row) => count(row.values[id] ?? 0).length);
    return Math.max(4, title.length + 1, Math.ceil(count(snapshot.total[id] ?? 0).length * BOLD), ...cells);
  });
  return [Math.min(formats, LONGEST_FORMATS), ...values];
}

function sortValue(row: ResourceRow, key: string): SortValue {
  if (key === 'layer') return row.name;
  if (key === 'formats') return row.formats;
  if (key === 'basis') return row.basis;
  return row.values[key];
}
