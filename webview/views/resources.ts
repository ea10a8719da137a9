// Resources view: what each layer costs on the FPGA, and how much of the part the network takes.

import { element } from '../element.ts';
import { rowTable } from '../rowTable.ts';
import { parseOrder, printOrder } from '../sortRows.ts';
import type { Services, View } from '../view.ts';
import { partShares } from './partShares.ts';
import { resourcesModel, sortKeys } from './resourcesModel.ts';
import { resourcesTable } from './resourcesTable.ts';
import type { ResourceRow, ResourcesSnapshot } from '../../src/protocol/webview.ts';

export function createResources({ page, state, post }: Services): View<ResourcesSnapshot> {
  let snapshot: ResourcesSnapshot | undefined;
  let rows: readonly ResourceRow[] = [];
  const summary = element('div', { class: 'summary' });
  const scroller = element('div', { class: 'scroller', 'data-role': 'scroller' });
  page.body.append(summary, scroller);

  const reveal = (index: number): void => {
    const row = rows[index];
    if (!row) return;
    if (row.linked) post({ type: 'revealLayer', layer: row.layer });
    else page.announce(page.say('layer.cannotReveal', row.name));
  };
  const table = rowTable(scroller, reveal, () => {
    // The row says all it has.
  });

  function draw(): void {
    if (!snapshot) return;
    const order = parseOrder(state.string('order'), sortKeys(snapshot));
    const model = resourcesModel(snapshot, order);
    ({ rows } = model);
    summary.replaceChildren(partShares(model, snapshot.part, page.say));
    const sorted = (next: typeof order): void => {
      state.set('order', next ? printOrder(next) : '');
      draw();
    };
    table.show(resourcesTable(snapshot, model, order, page.say, sorted));
  }

  return {
    update(next) {
      snapshot = next;
      draw();
    },
    themeChanged() {
      // Plain CSS variables follow the theme.
    },
  };
}
