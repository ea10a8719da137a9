// chart.js plugin: dashed lines for the float value, the accepted limit and the budget, each with its words.

import type { Chart, Plugin } from 'chart.js';
import type { Theme } from '../theme.ts';
import type { ReferenceLine } from './content.ts';
import type { Box } from './labelLayout.ts';

export interface LineSource {
  lines(): readonly ReferenceLine[];
  theme(): Theme;
}

export interface ReferenceLines {
  readonly plugin: Plugin<'scatter'>;
  /** Boxes the words took in the last drawing. */
  readonly labels: readonly Box[];
}

export function referenceLines(source: LineSource): ReferenceLines {
  const labels: Box[] = [];
  const plugin: Plugin<'scatter'> = {
    id: 'referenceLines',
    beforeDatasetsDraw(chart) {
      labels.length = 0;
      for (const line of source.lines()) drawLine(chart, line, source.theme());
    },
    afterDatasetsDraw(chart) {
      for (const line of source.lines()) labels.push(...drawWords(chart, line, source.theme()));
    },
  };
  return { plugin, labels };
}

function drawLine(chart: Chart, line: ReferenceLine, theme: Theme): void {
  const { ctx, chartArea: area } = chart;
  const at = pixel(chart, line);
  if (at === undefined) return;
  ctx.save();
  ctx.beginPath();
  ctx.strokeStyle = colourOf(line, theme);
  ctx.lineWidth = theme.highContrast ? 2 : 1.25;
  // Different dashes: colour is not the only difference.
  ctx.setLineDash({ float: [2, 4], limit: [7, 4], budget: [7, 4] }[line.kind]);
  if (line.kind === 'budget') {
    ctx.moveTo(at, area.top);
    ctx.lineTo(at, area.bottom);
  } else {
    ctx.moveTo(area.left, at);
    ctx.lineTo(area.right, at);
  }
  ctx.stroke();
  ctx.restore();
}

function drawWords(chart: Chart, line: ReferenceLine, theme: Theme): Box[] {
  const { ctx, chartArea: area } = chart;
  const at = pixel(chart, line);
  if (at === undefined) return [];
  const height = theme.fontSize;
  ctx.save();
  ctx.font = `${theme.fontSize - 2}px ${theme.fontFamily}`;
  const { width } = ctx.measureText(line.label);
  let left = area.right - width - 4;
  let top = line.kind === 'float' ? at - height - 2 : at + 3;
  if (line.kind === 'budget') {
    left = at + 5 + width > area.right ? at - 5 - width : at + 5;
    top = area.bottom - height - 4;
  } else if (top < area.top) {
    top = at + 3;
  } else if (top + height > area.bottom) {
    top = at - height - 2;
  }
  ctx.lineJoin = 'round';
  ctx.lineWidth = 4;
  ctx.strokeStyle = theme.colours.background;
  ctx.fillStyle = colourOf(line, theme);
  ctx.textBaseline = 'top';
  ctx.strokeText(line.label, left, top);
  ctx.fillText(line.label, left, top);
  ctx.restore();
  return [{ left, top, width, height }];
}

function pixel(chart: Chart, line: ReferenceLine): number | undefined {
  const scale = chart.scales[line.kind === 'budget' ? 'x' : 'y'];
  if (!scale || line.value < scale.min || line.value > scale.max) return undefined;
  return scale.getPixelForValue(line.value);
}

function colourOf(line: ReferenceLine, theme: Theme): string {
  return line.kind === 'float' ? theme.colours.float : theme.colours.limit;
}
