// The chart's table twin: one row a point, sortable; everything the canvas shows, for keyboards and screen readers.

import { element } from '../element.ts';
import { bare, numberStyle } from '../format.ts';
import { pointIcon, ringIcon, starIcon } from '../icons.ts';
import { measureTitle } from '../measures.ts';
import type { RowTableContent } from '../rowTable.ts';
import { sortableHead, type HeadColumn } from '../sortableHead.ts';
import { sortRows, type SortOrder, type SortValue } from '../sortRows.ts';
import type { Say } from '../strings.ts';
import type { Axes } from './paretoModel.ts';
import type { ParetoPoint } from '../../src/protocol/webview.ts';

export const PARETO_KEYS = ['label', 'kind', 'metric', 'cost'];
/** Front, then uniform, then the rest; each by rising cost. */
export const DEFAULT_ORDER: SortOrder = { key: 'kind', descending: false };
/** Neighbours on the front differ by little: a candidate's numbers need more digits than a heat map's. */
const RESOLUTION = 1 / 5000;

export interface ParetoTable extends RowTableContent {
  /** Of each line. */
  readonly points: readonly ParetoPoint[];
}

export function paretoTable(
  all: readonly ParetoPoint[],
  axes: Axes,
  order: SortOrder,
  say: Say,
  sorted: (order: SortOrder | undefined) => void,
): ParetoTable {
  const byCost = sortRows(all, (point) => point.values[axes.cost.id], false);
  const points = sortRows(byCost, (point) => sortValue(point, order.key, axes), order.descending);
  const cells = {
    metric: column(points, axes.metric.id, axes.metric.unit),
    cost: column(points, axes.cost.id, axes.cost.unit),
  };
  const lines = points.map((point, row) =>
    element(
      'tr',
      {
        tabindex: -1,
        'data-row': row,
        'data-index': point.index,
        'data-kind': point.kind,
        'data-active': point.active,
        'data-chosen': point.chosen,
        'aria-selected': String(point.active),
      },
      nameCell(point, say),
      element('td', { class: 'text kind' }, say(`pareto.${point.kind}`)),
      element('td', { class: 'number', 'data-column-id': 'metric' }, cells.metric[row]!),
      element('td', { class: 'number', 'data-column-id': 'cost' }, cells.cost[row]!),
      element('td', { class: 'text change', title: point.detail }, point.detail),
    ),
  );
  const head = sortableHead(headColumns(axes, say), order, (title) => say('sort.hint', title), sorted);
  const table = element(
    'table',
    { class: 'points', role: 'grid', 'aria-readonly': 'true', 'aria-label': say('pareto.table') },
    element('thead', {}, head),
    element('tbody', {}, ...lines),
  );
  return { element: table, lines, keys: points.map((point) => String(point.index)), points };
}

function headColumns(axes: Axes, say: Say): HeadColumn[] {
  return [
    { key: 'label', title: say('pareto.point'), numeric: false, sortable: true },
    { key: 'kind', title: say('pareto.kind'), numeric: false, sortable: true },
    { key: 'metric', title: measureTitle(axes.metric), numeric: true, sortable: true },
    { key: 'cost', title: measureTitle(axes.cost), numeric: true, sortable: true },
    { key: 'detail', title: say('pareto.detail'), numeric: false, sortable: false },
  ];
}

function nameCell(point: ParetoPoint, say: Say): HTMLTableCellElement {
  const cell = element('th', { scope: 'row', class: 'text name' }, pointIcon(point.kind), ` ${point.label}`);
  const badge = (icon: SVGSVGElement, words: string): void => {
    cell.append(' ', element('span', { class: 'badge' }, icon, element('span', {}, words)));
  };
  if (point.chosen) badge(starIcon(), say('pareto.chosen'));
  if (point.active) badge(ringIcon(), say('pareto.active'));
  return cell;
}

function column(points: readonly ParetoPoint[], id: string, unit: string): string[] {
  const values = points.map((point) => point.values[id] ?? null);
  const style = numberStyle(
    values.filter((value) => value !== null),
    unit,
    RESOLUTION,
  );
  return values.map((value) => (value === null ? '–' : bare(value, style)));
}

function sortValue(point: ParetoPoint, key: string, axes: Axes): SortValue {
  switch (key) {
    case 'metric':
      return point.values[axes.metric.id];
    case 'cost':
      return point.values[axes.cost.id];
    case 'kind':
      return ['front', 'uniform', 'dominated'].indexOf(point.kind);
    default:
      return point.label;
  }
}
