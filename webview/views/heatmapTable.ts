// The heat map's <table>: one <tbody> a layer, one row a tensor, one cell a width. Built as a whole for each snapshot.

import { element, setAttributes } from '../element.ts';
import { cellLabel, type HeatCell, type HeatGroup, type HeatmapModel, type HeatRow } from './heatmapModel.ts';
import { measureTitle } from '../measures.ts';
import type { Say } from '../strings.ts';
import type { HeatmapSnapshot } from '../../src/protocol/webview.ts';

export interface HeatmapEntry {
  readonly group: HeatGroup;
  readonly row: HeatRow;
  readonly line: HTMLTableRowElement;
  readonly cells: readonly HTMLTableCellElement[];
}

export interface HeatmapTable {
  readonly element: HTMLTableElement;
  /** One for each row, in order. */
  readonly entries: readonly HeatmapEntry[];
}

export function heatmapTable(snapshot: HeatmapSnapshot, model: HeatmapModel, say: Say): HeatmapTable {
  const table = element('table', { class: 'heatmap', role: 'grid', 'aria-label': say('heatmap.table') });
  setAttributes(table, { 'aria-readonly': 'true', 'aria-rowcount': snapshot.rows.length + 1 });
  table.style.setProperty('--columns', String(snapshot.bits.length));
  table.append(head(snapshot, model, say));
  const blank = element('tr', {}, ...snapshot.bits.map((bits) => element('td', { 'data-bits': bits })));
  const entries: HeatmapEntry[] = [];
  for (const group of model.groups) {
    const body = element('tbody', { 'data-layer': group.layer, 'data-linked': String(group.linked) });
    // Before it is drawn, a layer off screen takes the room of so many rows (heatmap.css).
    body.style.setProperty('--rows', String(group.rows.length));
    for (const row of group.rows) {
      // Copying a blank row is the quickest way to twelve thousand cells.
      const line = blank.cloneNode(true) as HTMLTableRowElement;
      const cells = [...line.cells];
      row.cells.forEach((cell, column) => {
        fillCell(cells[column]!, cell, cellLabel(group, row, cell, model.measure, say));
      });
      line.prepend(...(row === group.rows[0] ? [layerHeader(group)] : []), partHeader(row));
      setAttributes(line, { 'data-part': row.row.part, 'data-slot': row.row.slot });
      body.append(line);
      entries.push({ group, row, line, cells });
    }
    table.append(body);
  }
  return { element: table, entries };
}

function head(snapshot: HeatmapSnapshot, model: HeatmapModel, say: Say): HTMLTableSectionElement {
  const title = model.measure ? measureTitle(model.measure) : '';
  return element(
    'thead',
    {},
    element(
      'tr',
      {},
      element('th', { scope: 'col', class: 'layer' }, say('heatmap.layer')),
      element('th', { scope: 'col', class: 'part' }, say('heatmap.part')),
      ...snapshot.bits.map((bits) =>
        element('th', { scope: 'col', class: 'bits', 'data-bits': bits, title }, say('heatmap.bits', bits)),
      ),
    ),
  );
}

function layerHeader(group: HeatGroup): HTMLTableCellElement {
  return element(
    'th',
    {
      scope: 'rowgroup',
      class: 'layer',
      rowspan: group.rows.length,
      title: `${group.name} · ${group.className}`,
    },
    element('span', { class: 'layer-name' }, group.name),
    ' ',
    element('span', { class: 'class-name' }, group.className),
  );
}

function partHeader(row: HeatRow): HTMLTableCellElement {
  const cell = element(
    'th',
    { scope: 'row', class: 'part', title: row.row.slot },
    element('span', {}, row.part),
  );
  if (row.outside !== undefined) cell.append(element('span', { class: 'outside' }, row.outside));
  return cell;
}

function fillCell(node: HTMLTableCellElement, cell: HeatCell, label: string): void {
  node.textContent = cell.text;
  node.setAttribute('aria-label', label);
  if (cell.level !== undefined) node.className = `heat heat-${cell.level}`;
  if (cell.active) setAttributes(node, { 'data-active': true, 'aria-selected': 'true' });
}
