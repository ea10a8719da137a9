// The canvas with its tooltip, pointer and keyboard: hover and arrow keys visit a point, click and Enter select it.

import type { Placed } from '../charts/content.ts';
import { createParetoChart } from '../charts/paretoChart.ts';
import { chartTooltip } from '../charts/tooltip.ts';
import { element } from '../element.ts';
import type { Theme } from '../theme.ts';
import type { ParetoFrame } from './paretoFrame.ts';
import { pointLines, walkFront } from './paretoModel.ts';
import type { Say } from '../strings.ts';

export interface ChartBox {
  readonly element: HTMLElement;
  draw(frame: ParetoFrame, theme: Theme, label: string): void;
  /** Marks the point with this candidate index; undefined: none. */
  highlight(index: number | undefined): void;
}

export interface ChartBoxOptions {
  readonly say: Say;
  readonly visited: (placed: Placed | undefined, by: 'pointer' | 'keyboard') => void;
  readonly selected: (placed: Placed) => void;
}

export function paretoChartBox(initial: Theme, { say, visited, selected }: ChartBoxOptions): ChartBox {
  const canvas = element('canvas', { tabindex: 0, role: 'application', 'data-role': 'chart' });
  const tooltip = chartTooltip();
  const box = element('div', { class: 'chart-box' }, canvas, tooltip.element);
  const chart = createParetoChart(canvas, initial);
  let frame: ParetoFrame | undefined;
  /** Candidate index under keyboard or pointer. */
  let current: number | undefined;

  const show = (placed: Placed | undefined): void => {
    current = placed?.point.index;
    chart.highlight(placed);
    canvas.style.cursor = placed ? 'pointer' : '';
    const spot = placed && chart.spot(placed);
    if (frame && placed && spot) tooltip.show(pointLines(placed, frame.axes, say), spot);
    else tooltip.hide();
  };
  canvas.addEventListener('pointermove', (event) => {
    const placed = chart.hit(event);
    if (placed?.point.index === current) return;
    show(placed);
    visited(placed, 'pointer');
  });
  canvas.addEventListener('pointerleave', () => {
    show(undefined);
    visited(undefined, 'pointer');
  });
  canvas.addEventListener('click', (event) => {
    const placed = chart.hit(event);
    if (placed) selected(placed);
  });
  canvas.addEventListener('blur', () => {
    show(undefined);
  });
  canvas.addEventListener('keydown', (event) => {
    if (!frame || event.altKey || event.metaKey || event.ctrlKey) return;
    const placed = frame.placed.find(({ point }) => point.index === current);
    if (event.key === 'Enter' || event.key === ' ') {
      if (placed) selected(placed);
    } else if (event.key === 'Escape') {
      show(undefined);
    } else {
      const next = walkFront(frame.front, current, event.key);
      if (!next) return;
      show(next);
      visited(next, 'keyboard');
    }
    event.preventDefault();
  });
  return {
    element: box,
    draw(next, theme, label) {
      frame = next;
      canvas.setAttribute('aria-label', label);
      chart.draw(next.chart, theme);
      const placed = next.placed.find(({ point }) => point.index === current);
      if (placed && document.activeElement === canvas) show(placed);
      else show(undefined);
    },
    highlight(index) {
      chart.highlight(frame?.placed.find(({ point }) => point.index === index));
    },
  };
}
