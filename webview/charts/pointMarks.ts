// chart.js plugin: what marks single points beyond their dataset's style: the ring of the active one, the star of the
// recommended one, the ring of the one under pointer or keyboard, and the labels.

import type { Chart, Plugin } from 'chart.js';
import type { Theme } from '../theme.ts';
import { placeLabels, type Box, type LabelRequest } from './labelLayout.ts';

export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly label: string | undefined;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly highlighted: boolean;
}

export interface MarkSource {
  /** Pixels, in the order of drawing. */
  marks(): readonly Mark[];
  /** Boxes no label may cover. */
  obstacles(): readonly Box[];
  theme(): Theme;
}

const STAR_RADIUS = 8;
const RING_RADIUS = 8;

export function pointMarks(source: MarkSource): Plugin<'scatter'> {
  return {
    id: 'pointMarks',
    afterDatasetsDraw(chart) {
      const theme = source.theme();
      const marks = source.marks();
      for (const mark of marks) {
        if (mark.chosen) drawStar(chart.ctx, mark, theme);
        if (mark.active)
          drawRing(chart.ctx, mark, theme.colours.active, mark.chosen ? RING_RADIUS + 4 : RING_RADIUS);
        if (mark.highlighted)
          drawRing(chart.ctx, mark, theme.colours.focus, RING_RADIUS + (mark.active ? 7 : 2));
      }
      drawLabels(chart, marks, source.obstacles(), theme);
    },
  };
}

function drawRing(ctx: CanvasRenderingContext2D, { x, y }: Mark, colour: string, radius: number): void {
  ctx.save();
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, Math.PI * 2);
  ctx.lineWidth = 2;
  ctx.strokeStyle = colour;
  ctx.stroke();
  ctx.restore();
}

function drawStar(ctx: CanvasRenderingContext2D, { x, y }: Mark, theme: Theme): void {
  ctx.save();
  ctx.beginPath();
  for (let tip = 0; tip < 10; tip++) {
    const radius = tip % 2 === 0 ? STAR_RADIUS : STAR_RADIUS * 0.45;
    const angle = (tip * Math.PI) / 5 - Math.PI / 2;
    ctx.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  ctx.closePath();
  ctx.lineJoin = 'round';
  ctx.lineWidth = 3;
  ctx.strokeStyle = theme.colours.background;
  ctx.stroke();
  ctx.fillStyle = theme.colours.chosen;
  ctx.fill();
  ctx.restore();
}

function drawLabels(chart: Chart, marks: readonly Mark[], obstacles: readonly Box[], theme: Theme): void {
  const { ctx, chartArea: area } = chart;
  ctx.save();
  ctx.font = `${theme.fontSize - 2}px ${theme.fontFamily}`;
  const requests = marks.flatMap((mark): LabelRequest[] => {
    if (mark.label === undefined) return [];
    const special = mark.active || mark.chosen;
    const { width } = ctx.measureText(mark.label);
    const radius = special ? RING_RADIUS + 4 : 7;
    return [
      { text: mark.label, x: mark.x, y: mark.y, radius, width, height: theme.fontSize, required: special },
    ];
  });
  const room = { left: area.left, top: area.top, width: area.width, height: area.height };
  const points = marks.map(({ x, y }) => ({ left: x - 4, top: y - 4, width: 8, height: 8 }));
  ctx.textBaseline = 'top';
  ctx.lineJoin = 'round';
  ctx.lineWidth = 3;
  ctx.strokeStyle = theme.colours.background;
  ctx.fillStyle = theme.colours.foreground;
  for (const { text, box } of placeLabels(requests, room, [...obstacles, ...points])) {
    ctx.strokeText(text, box.left, box.top);
    ctx.fillText(text, box.left, box.top);
  }
  ctx.restore();
}
