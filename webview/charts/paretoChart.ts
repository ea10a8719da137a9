// The scatter chart: chart.js with only the parts it needs. Draws what paretoModel.ts decided; colours from theme.ts.
// It handles no events: the view asks what lies under a pointer and says what to highlight.

import {
  Chart,
  LinearScale,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  type ChartDataset,
  type Scale,
  type ScaleOptionsByType,
} from 'chart.js';
import type { Theme } from '../theme.ts';
import type { AxisContent, ChartContent, Placed } from './content.ts';
import type { Box } from './labelLayout.ts';
import { pointMarks, type Mark } from './pointMarks.ts';
import { referenceLines } from './referenceLines.ts';
import { linearTick, logTick } from './ticks.ts';
import type { Spot } from './tooltipPlace.ts';

Chart.register(ScatterController, PointElement, LineElement, LinearScale, LogarithmicScale);

export interface ParetoChart {
  draw(content: ChartContent, theme: Theme): void;
  highlight(placed: Placed | undefined): void;
  /** The point under a pointer event. */
  hit(event: PointerEvent | MouseEvent): Placed | undefined;
  /** Where a point is, in pixels of the canvas. */
  spot(placed: Placed): Spot | undefined;
}

/** Datasets from the top one down: chart.js paints the first last. */
const KINDS = ['front', 'uniform', 'dominated'] as const;
type Datum = Placed;

export function createParetoChart(canvas: HTMLCanvasElement, initial: Theme): ParetoChart {
  let theme = initial;
  let content: ChartContent | undefined;
  let groups: Readonly<Record<(typeof KINDS)[number], readonly Datum[]>> = {
    front: [],
    uniform: [],
    dominated: [],
  };
  let highlighted: number | undefined;

  const spot = (placed: Placed): Spot | undefined => {
    const group = KINDS.indexOf(placed.point.kind);
    const place = groups[placed.point.kind].findIndex(({ point }) => point.index === placed.point.index);
    const at = chart.getDatasetMeta(group).data[place];
    return at && { x: at.x, y: at.y };
  };
  const lines = referenceLines({ lines: () => content?.lines ?? [], theme: () => theme });
  const marks = pointMarks({
    marks: () => (content ? visibleMarks(content, chart.chartArea, spot, highlighted) : []),
    obstacles: (): readonly Box[] => lines.labels,
    theme: () => theme,
  });
  const chart = new Chart<'scatter', Datum[]>(canvas, {
    type: 'scatter',
    data: { datasets: [] },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: 4 },
    },
    plugins: [lines.plugin, marks],
  });

  return {
    draw(next, nextTheme) {
      content = next;
      theme = nextTheme;
      const of = (kind: string): Datum[] => next.placed.filter(({ point }) => point.kind === kind);
      groups = { front: [...next.front], uniform: of('uniform'), dominated: of('dominated') };
      chart.data.datasets = KINDS.map((kind) => dataset(kind, [...groups[kind]], next, theme));
      chart.options.scales = { x: axis(next.x, theme, 'x'), y: axis(next.y, theme, 'y') };
      chart.update('none');
    },
    highlight(placed) {
      if (highlighted === placed?.point.index) return;
      highlighted = placed?.point.index;
      chart.draw();
    },
    hit(event) {
      const [found] = chart.getElementsAtEventForMode(event, 'nearest', { intersect: true }, false);
      return found && groups[KINDS[found.datasetIndex]!][found.index];
    },
    spot,
  };
}

function visibleMarks(
  content: ChartContent,
  area: { left: number; right: number; top: number; bottom: number },
  spot: (placed: Placed) => Spot | undefined,
  highlighted: number | undefined,
): Mark[] {
  return content.placed.flatMap((placed): Mark[] => {
    const at = spot(placed);
    if (!at || at.x < area.left - 1 || at.x > area.right + 1 || at.y < area.top - 1 || at.y > area.bottom + 1)
      return [];
    const { active, chosen, index, kind } = placed.point;
    if (kind === 'dominated' && !active && !chosen && index !== highlighted) return [];
    return [{ ...at, label: content.label(placed), active, chosen, highlighted: index === highlighted }];
  });
}

function dataset(
  kind: (typeof KINDS)[number],
  data: Datum[],
  content: ChartContent,
  theme: Theme,
): ChartDataset<'scatter', Datum[]> {
  const colour = theme.colours[kind];
  return {
    data,
    // Elsewhere the steps would claim what nobody computed.
    showLine: kind === 'front' && content.exact,
    // The best at a cost holds until the next point is affordable.
    stepped: 'before',
    borderColor: colour,
    borderWidth: theme.highContrast ? 2 : 1.5,
    pointStyle: kind === 'uniform' ? 'triangle' : 'circle',
    pointRadius: { front: 4, uniform: 5.5, dominated: 2 }[kind],
    pointHitRadius: 5,
    pointBackgroundColor: colour,
    pointBorderColor: kind === 'dominated' ? colour : theme.colours.background,
    pointBorderWidth: kind === 'dominated' ? 0 : 1,
    clip: 5,
  };
}

function axis(
  content: AxisContent,
  theme: Theme,
  side: 'x' | 'y',
): { type: 'linear' | 'logarithmic' } & Partial<Omit<ScaleOptionsByType<'linear'>, 'type'>> {
  const font = { family: theme.fontFamily, size: theme.fontSize - 2 };
  const { range, log, unit } = content;
  const shared = {
    min: range.min,
    max: range.max,
    title: { display: true, text: content.title, color: theme.colours.foreground, font },
    border: { color: theme.colours.grid },
    grid: { color: theme.colours.grid, tickColor: theme.colours.grid, lineWidth: side === 'x' ? 0 : 1 },
  };
  const ticks = {
    color: theme.colours.muted,
    font,
    maxRotation: 0,
    autoSkipPadding: 12,
    includeBounds: false,
    callback(this: Scale, value: string | number, _index: number, all: { value: number }[]) {
      if (log) return logTick(Number(value), range, unit);
      const step = all.length > 1 ? Math.abs(all[1]!.value - all[0]!.value) : 1;
      return linearTick(Number(value), step, unit);
    },
  };
  return { type: log ? 'logarithmic' : 'linear', ...shared, ticks } as ReturnType<typeof axis>;
}
