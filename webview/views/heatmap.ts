// Heat map view: what each layer loses at each width. Owns the choice of measure, the focus and the scroll position.

import { dropdown } from '../ui.ts';
import { element } from '../element.ts';
import type { GridPosition } from '../gridKeys.ts';
import { chooseMeasure, measureChoices } from '../measures.ts';
import { rovingGrid } from '../rovingGrid.ts';
import type { Services, View } from '../view.ts';
import { heatmapLegend } from './heatmapLegend.ts';
import { cellDetails, heatmapModel } from './heatmapModel.ts';
import { heatmapTable, type HeatmapEntry } from './heatmapTable.ts';
import type { HeatmapSnapshot } from '../../src/protocol/webview.ts';

export function createHeatmap({ page, state, post }: Services): View<HeatmapSnapshot> {
  let snapshot: HeatmapSnapshot | undefined;
  let entries: readonly HeatmapEntry[] = [];
  const measureControl = dropdown('measure', (id) => {
    state.set('measure', id);
    draw();
  });
  const legend = element('div', { class: 'legend-slot' });
  const scroller = element('div', { class: 'scroller', 'data-role': 'scroller' });
  const detail = element('p', { class: 'detail', 'data-role': 'detail' });
  page.toolbar.append(measureControl.element, legend);
  page.body.append(scroller, detail);
  const scroll = rememberScroll(scroller, state);

  const reveal = ({ row }: GridPosition): void => {
    const group = entries[row]?.group;
    if (!group) return;
    if (group.linked) post({ type: 'revealLayer', layer: group.layer });
    else page.announce(page.say('layer.cannotReveal', group.name));
  };
  const visit = ({ row, column }: GridPosition): void => {
    const entry = entries[row];
    const cell = entry?.row.cells[column];
    if (!snapshot || !entry || !cell) return;
    const lines = cellDetails(entry.group, entry.row, cell, snapshot.measures, page.say);
    const node = entry.cells[column]!;
    if (!node.title) node.title = lines.join('\n');
    const [what, ...values] = lines;
    detail.replaceChildren(
      element('strong', {}, what!),
      ...values.map((value) => element('span', { class: 'detail-value' }, value)),
    );
  };
  const grid = rovingGrid(scroller, {
    cellAt: ({ row, column }) => entries[row]?.cells[column],
    positionOf(inside) {
      const cell = inside.closest('td');
      const row = entries.findIndex(({ line }) => line === cell?.parentElement);
      return cell && row >= 0 ? { row, column: entries[row]!.cells.indexOf(cell) } : undefined;
    },
    size: () => ({ rows: entries.length, columns: snapshot?.bits.length ?? 0 }),
    activate: reveal,
    visit,
  });

  function draw(): void {
    if (!snapshot) return;
    const { say } = page;
    const measure = chooseMeasure(snapshot.measures, state.string('measure'), snapshot.measure);
    measureControl.update(say('heatmap.colorBy'), measureChoices(snapshot.measures), measure?.id ?? '');
    const model = heatmapModel(snapshot, measure, say);
    legend.replaceChildren(heatmapLegend(model, say));
    const focused = scroller.contains(document.activeElement);
    const table = heatmapTable(snapshot, model, say);
    entries = table.entries;
    scroller.replaceChildren(table.element);
    detail.replaceChildren(say('heatmap.detailHint'));
    scroll.restore();
    grid.place(grid.position, focused);
  }

  return {
    update(next) {
      snapshot = next;
      draw();
    },
    themeChanged() {
      // Cells carry levels; theme.ts has repainted the levels.
    },
  };
}

function rememberScroll(scroller: HTMLElement, state: Services['state']): { restore(): void } {
  let top = state.number('scrollTop') ?? 0;
  let timer = 0;
  scroller.addEventListener('scroll', () => {
    top = scroller.scrollTop;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      state.set('scrollTop', top);
    }, 200);
  });
  return {
    restore() {
      scroller.scrollTop = top;
    },
  };
}
