// The resource <table>: a row for each layer with in-cell bars, and the total below.

import { element } from '../element.ts';
import { count } from '../format.ts';
import type { RowTableContent } from '../rowTable.ts';
import { sortableHead, type HeadColumn } from '../sortableHead.ts';
import type { SortOrder } from '../sortRows.ts';
import { columnWidths, type ResourcesModel } from './resourcesModel.ts';
import type { Say } from '../strings.ts';
import type { ResourceColumn, ResourceRow, ResourcesSnapshot } from '../../src/protocol/webview.ts';

export function resourcesTable(
  snapshot: ResourcesSnapshot,
  model: ResourcesModel,
  order: SortOrder | undefined,
  say: Say,
  sorted: (order: SortOrder | undefined) => void,
): RowTableContent {
  const head = sortableHead(headColumns(snapshot, say), order, (title) => say('sort.hint', title), sorted);
  const lines = model.rows.map((row, index) => layerLine(row, index, snapshot, model, say));
  const table = element(
    'table',
    { class: 'resources', role: 'grid', 'aria-readonly': 'true', 'aria-label': say('resources.table') },
    element('thead', {}, head),
    element('tbody', {}, ...lines),
    element('tfoot', {}, totalLine(snapshot, say)),
  );
  setColumns(table, snapshot);
  return { element: table, lines, keys: model.rows.map((row) => row.layer) };
}

function headColumns(snapshot: ResourcesSnapshot, say: Say): HeadColumn[] {
  const text = (key: string, title: string): HeadColumn => ({ key, title, numeric: false, sortable: true });
  return [
    text('layer', say('resources.layer')),
    text('formats', say('resources.formats')),
    ...snapshot.columns.map(({ id, title }) => ({ key: id, title, numeric: true, sortable: true })),
    text('basis', say('resources.basis')),
  ];
}

function layerLine(
  row: ResourceRow,
  index: number,
  snapshot: ResourcesSnapshot,
  model: ResourcesModel,
  say: Say,
): HTMLTableRowElement {
  const title = row.linked ? undefined : say('layer.unlinked');
  return element(
    'tr',
    { tabindex: -1, 'data-row': index, 'data-layer': row.layer, 'data-linked': String(row.linked), title },
    element(
      'th',
      { scope: 'row', class: 'layer' },
      element('span', { class: 'layer-name' }, row.name),
      ' ',
      element('span', { class: 'class-name' }, row.className),
    ),
    element('td', { class: 'text formats', title: row.formats }, row.formats),
    ...snapshot.columns.map((column) => valueCell(column, row.values[column.id] ?? null, model.largest, say)),
    element('td', { class: 'text basis', title: row.basis }, row.basis),
  );
}

function valueCell(
  column: ResourceColumn,
  value: number | null,
  largest: ResourcesModel['largest'],
  say: Say,
): HTMLTableCellElement {
  const cell = element('td', { class: 'number', 'data-column-id': column.id });
  if (value === null) {
    cell.append(element('span', { class: 'none', title: say('value.none') }, '–'));
    return cell;
  }
  const full = largest[column.id] ?? 0;
  cell.append(element('span', { class: 'value' }, count(value)));
  if (full > 0) {
    const bar = element('span', { class: 'cell-bar' });
    bar.style.setProperty('--share', String(value / full));
    cell.append(bar);
    if (value === full) {
      cell.dataset['largest'] = '';
      cell.append(element('span', { class: 'spoken' }, say('resources.largest')));
    }
  }
  return cell;
}

function totalLine(snapshot: ResourcesSnapshot, say: Say): HTMLTableRowElement {
  return element(
    'tr',
    { 'data-role': 'total' },
    element('th', { scope: 'row', class: 'layer' }, say('resources.total')),
    element('td', { class: 'text' }),
    ...snapshot.columns.map(({ id }) => {
      const value = snapshot.total[id] ?? null;
      return element('td', { class: 'number', 'data-column-id': id }, value === null ? '–' : count(value));
    }),
    element('td', { class: 'text' }),
  );
}

/** Rows are separate grids: they line up because each column is as wide as its longest text, in any row. */
function setColumns(table: HTMLTableElement, snapshot: ResourcesSnapshot): void {
  const widths = columnWidths(snapshot).map((characters) => `(${characters}ch + 2 * var(--padding))`);
  const [formats, ...values] = widths.map((width) => `calc${width}`);
  table.style.setProperty(
    '--columns',
    [formats!, ...values.map((width) => `minmax(${width}, 1fr)`)].join(' '),
  );
  table.style.setProperty('--columns-width', `calc(${widths.join(' + ')})`);
}
