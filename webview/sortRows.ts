// Order of table rows: stable, absent values last in both directions.

export interface SortOrder {
  readonly key: string;
  readonly descending: boolean;
}

export type SortValue = string | number | null | undefined;

export function sortRows<T>(rows: readonly T[], value: (row: T) => SortValue, descending: boolean): T[] {
  return rows
    .map((row, place) => ({ row, place, value: value(row) }))
    .sort((a, b) => {
      if (a.value == null || b.value == null) {
        return Number(a.value == null) - Number(b.value == null) || a.place - b.place;
      }
      return (descending ? -1 : 1) * compare(a.value, b.value) || a.place - b.place;
    })
    .map(({ row }) => row);
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  // W4A8 before W16A8.
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** `label` up, `-label` down: how a view remembers its order. */
export function printOrder(order: SortOrder): string {
  return `${order.descending ? '-' : ''}${order.key}`;
}

/** The remembered order when its column still exists. */
export function parseOrder(text: string | undefined, keys: readonly string[]): SortOrder | undefined {
  if (text === undefined) return undefined;
  const descending = text.startsWith('-');
  const key = descending ? text.slice(1) : text;
  return keys.includes(key) ? { key, descending } : undefined;
}
