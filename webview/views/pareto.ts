// Pareto view: what accuracy costs. Tool bar, chart and table twin show one frame (paretoFrame.ts) of the snapshot.

import { element } from '../element.ts';
import { rowTable } from '../rowTable.ts';
import { parseOrder, printOrder } from '../sortRows.ts';
import type { Theme } from '../theme.ts';
import type { Services, View } from '../view.ts';
import { paretoChartBox } from './paretoChartBox.ts';
import { paretoControls } from './paretoControls.ts';
import { paretoFrame, type ParetoFrame } from './paretoFrame.ts';
import { paretoLegend } from './paretoLegend.ts';
import { pointSentence } from './paretoModel.ts';
import { DEFAULT_ORDER, PARETO_KEYS, paretoTable } from './paretoTable.ts';
import type { ParetoPoint, ParetoSnapshot } from '../../src/protocol/webview.ts';

export function createPareto(services: Services, initial: Theme): View<ParetoSnapshot> {
  const { page } = services;
  let theme = initial;
  let snapshot: ParetoSnapshot | undefined;
  const controls = paretoControls(services, draw);
  const parts = paretoParts(services, initial, draw);
  page.toolbar.append(...controls.elements);
  page.body.append(...parts.elements);

  function draw(): void {
    const frame = snapshot && paretoFrame(snapshot, controls.choices(), page.say);
    if (!snapshot || !frame) return;
    controls.update(snapshot, frame);
    parts.show(frame, theme);
  }

  return {
    update(next) {
      snapshot = next;
      draw();
    },
    themeChanged(next) {
      theme = next;
      draw();
    },
  };
}

interface ParetoParts {
  readonly elements: readonly HTMLElement[];
  show(frame: ParetoFrame, theme: Theme): void;
}

/** Chart with legend and captions, and the table; each marks the point that is visited in the other. */
function paretoParts({ page, state, post }: Services, theme: Theme, sorted: () => void): ParetoParts {
  let frame: ParetoFrame | undefined;
  let points: readonly ParetoPoint[] = [];
  const announce = (index: number): void => {
    const placed = frame?.placed.find(({ point }) => point.index === index);
    if (frame && placed) page.announce(pointSentence(placed, frame.axes, page.say));
  };
  const select = (point: ParetoPoint | undefined): void => {
    if (!point) return;
    announce(point.index);
    post({ type: 'selectCandidate', index: point.index });
  };
  const legend = element('div', { class: 'legend-slot' });
  const captions = element('p', { class: 'captions', 'data-role': 'captions' });
  const scroller = element('div', { class: 'scroller', 'data-role': 'scroller' });
  const chart = paretoChartBox(theme, {
    say: page.say,
    visited(placed, by) {
      markRow(scroller, placed?.point.index);
      if (placed && by === 'keyboard') announce(placed.point.index);
    },
    selected: ({ point }) => select(point),
  });
  const table = rowTable(
    scroller,
    (row) => select(points[row]),
    (row) => chart.highlight(points[row]?.index),
  );
  scroller.addEventListener('pointerleave', () => chart.highlight(undefined));

  return {
    elements: [element('section', { class: 'figure-side' }, chart.element, legend, captions), scroller],
    show(next, nextTheme) {
      frame = next;
      chart.draw(next, nextTheme, chartLabel(next, page.say));
      legend.replaceChildren(paretoLegend(next.points, page.say));
      captions.textContent = next.captions.join(' ');
      const order = parseOrder(state.string('order'), PARETO_KEYS) ?? DEFAULT_ORDER;
      const content = paretoTable(next.points, next.axes, order, page.say, (chosen) => {
        state.set('order', printOrder(chosen ?? DEFAULT_ORDER));
        sorted();
      });
      ({ points } = content);
      const start = points.find((point) => point.active) ?? points.find((point) => point.chosen);
      table.show(content, start && String(start.index));
    },
  };
}

function chartLabel({ axes, placed, front }: ParetoFrame, say: Services['page']['say']): string {
  return say('pareto.chart', axes.metric.title, axes.cost.title, placed.length, front.length);
}

function markRow(scroller: HTMLElement, index: number | undefined): void {
  for (const line of scroller.querySelectorAll('tr[data-visited]')) line.removeAttribute('data-visited');
  if (index !== undefined)
    scroller.querySelector(`tr[data-index="${index}"]`)?.setAttribute('data-visited', '');
}
