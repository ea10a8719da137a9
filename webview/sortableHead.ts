// Table header whose buttons sort: aria-sort tells the order, data-sort names the column.

import { element } from './element.ts';
import type { SortOrder } from './sortRows.ts';

export interface HeadColumn {
  readonly key: string;
  readonly title: string;
  /** Numbers are read right-aligned and, when first clicked, largest first. */
  readonly numeric: boolean;
  readonly sortable: boolean;
  readonly hint?: string;
}

/** A row of column headers. `sorted` is called with the order the user asks for; undefined: the original order. */
export function sortableHead(
  columns: readonly HeadColumn[],
  order: SortOrder | undefined,
  hint: (title: string) => string,
  sorted: (order: SortOrder | undefined) => void,
): HTMLTableRowElement {
  const cells = columns.map((column) => {
    const current = order?.key === column.key ? order : undefined;
    const cell = element('th', {
      scope: 'col',
      class: column.numeric ? 'number' : 'text',
      'data-column-id': column.key,
      'aria-sort': current
        ? current.descending
          ? 'descending'
          : 'ascending'
        : column.sortable
          ? 'none'
          : undefined,
    });
    if (!column.sortable) {
      cell.append(column.title);
      return cell;
    }
    const button = element(
      'button',
      { type: 'button', class: 'sort', 'data-sort': column.key, title: column.hint ?? hint(column.title) },
      element('span', {}, column.title),
      element(
        'span',
        { class: 'direction', 'aria-hidden': 'true' },
        current ? (current.descending ? '↓' : '↑') : '',
      ),
    );
    button.addEventListener('click', () => sorted(nextOrder(column, current)));
    cell.append(button);
    return cell;
  });
  return element('tr', {}, ...cells);
}

/** First click: the useful direction; second: the other one; third: the original order. */
export function nextOrder(
  column: Pick<HeadColumn, 'key' | 'numeric'>,
  current: SortOrder | undefined,
): SortOrder | undefined {
  if (!current) return { key: column.key, descending: column.numeric };
  if (current.descending === column.numeric) return { key: column.key, descending: !column.numeric };
  return undefined;
}
