// What the Pareto view shows for the chosen axes, without a DOM. It picks and formats; which points are on the front
// is the snapshot's word, found for its own metric and cost.

import { full } from '../format.ts';
import { moveInGrid } from '../gridKeys.ts';
import type { Placed, Range } from '../charts/content.ts';
import type { Say } from '../strings.ts';
import type { Measure, ParetoPoint, ParetoSnapshot } from '../../src/protocol/webview.ts';

export interface Axes {
  readonly metric: ParetoSnapshot['metrics'][number];
  readonly cost: ParetoSnapshot['costs'][number];
}

export function placedPoints(snapshot: ParetoSnapshot, axes: Axes): Placed[] {
  return snapshot.points.flatMap((point) => {
    const x = point.values[axes.cost.id] ?? null;
    const y = point.values[axes.metric.id] ?? null;
    return x === null || y === null ? [] : [{ point, x, y }];
  });
}

/** The front in the order the arrow keys walk it: by rising cost. */
export function frontOf(placed: readonly Placed[]): Placed[] {
  return placed.filter(({ point }) => point.kind === 'front').sort((a, b) => a.x - b.x || a.y - b.y);
}

/** The neighbour on the front; from nowhere, the first key goes to the active point, else to the recommended one. */
export function walkFront(
  front: readonly Placed[],
  current: number | undefined,
  key: string,
): Placed | undefined {
  const at = front.findIndex(({ point }) => point.index === current);
  const position = moveInGrid(key, false, { row: 0, column: at }, { rows: 1, columns: front.length });
  if (!position) return undefined;
  if (at >= 0 || key === 'Home' || key === 'End') {
    const vertical = key === 'ArrowUp' ? 1 : key === 'ArrowDown' ? -1 : 0;
    return front[Math.min(front.length - 1, Math.max(0, position.column + vertical))];
  }
  return front.find(({ point }) => point.active) ?? front.find(({ point }) => point.chosen) ?? front[0];
}

/** Logarithmic by default when all values are positive and span more than so many decades. */
export function wantsLog(values: readonly number[], decades: number): boolean {
  if (values.length === 0 || values.some((value) => value <= 0)) return false;
  return Math.max(...values) / Math.min(...values) > 10 ** decades;
}

/** The values with air around them; lines in `also` are kept in view. */
export function axisRange(values: readonly number[], also: readonly number[], log: boolean): Range {
  const all = [...values, ...also].filter((value) => Number.isFinite(value) && (!log || value > 0));
  if (all.length === 0) return log ? { min: 1, max: 10 } : { min: 0, max: 1 };
  const low = Math.min(...all);
  const high = Math.max(...all);
  if (log) {
    const air = Math.max(1.15, (high / low) ** 0.05);
    return { min: low / air, max: high * air };
  }
  const air = (high - low || Math.abs(high) || 1) * 0.05;
  // Costs and shares start at zero or above: air must not invent negative ones.
  return { min: low >= 0 ? Math.max(0, low - air) : low - air, max: high + air };
}

/** The metric's range around what is accepted; undefined when there is no limit to zoom to. */
export function zoomRange(float: number | null | undefined, limit: number | undefined): Range | undefined {
  if (float == null || limit === undefined || float === limit) return undefined;
  const room = Math.abs(float - limit);
  const low = Math.min(float, limit);
  const high = Math.max(float, limit);
  // More room on the side of the points that fail, to see how near they are.
  return float > limit
    ? { min: low - 2 * room, max: high + 0.6 * room }
    : { min: low - 0.6 * room, max: high + 2 * room };
}

/** Zoomed by default where the accepted band would be a hair in the whole picture. */
export function wantsZoom(values: readonly number[], zoom: Range | undefined): boolean {
  if (!zoom || values.length === 0) return false;
  const span = Math.max(...values) - Math.min(...values);
  const inside = values.filter((value) => value >= zoom.min && value <= zoom.max).length;
  return span > 6 * (zoom.max - zoom.min) && inside >= 3;
}

/** A line far off the points would squeeze them; it is named in words instead. */
export function nearPoints(value: number, values: readonly number[], log: boolean): boolean {
  if (values.length === 0 || (log && value <= 0)) return false;
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (log) return value >= low / 10 && value <= high * 10;
  const span = high - low || Math.abs(high) || 1;
  return value >= low - span && value <= high + span;
}

/** What the point is: "front, recommended, active". */
export function pointState(point: ParetoPoint, say: Say): string[] {
  const state = [say(`pareto.${point.kind}`)];
  if (point.chosen) state.push(say('pareto.chosen'));
  if (point.active) state.push(say('pareto.active'));
  return state;
}

/** Lines of the tooltip: label and state, metric, cost, what flipped. */
export function pointLines({ point, x, y }: Placed, axes: Axes, say: Say): string[] {
  return [
    [point.label, ...pointState(point, say)].join(' · '),
    `${axes.metric.title} ${full(y, axes.metric.unit)}`,
    `${axes.cost.title} ${full(x, axes.cost.unit)}`,
    ...(point.detail === '' ? [] : [point.detail]),
  ];
}

/** One sentence for the live region. */
export function pointSentence(placed: Placed, axes: Axes, say: Say): string {
  const { point, x, y } = placed;
  const state = [point.label, ...pointState(point, say)].join(', ');
  const values = `${axes.metric.title} ${full(y, axes.metric.unit)}, ${axes.cost.title} ${full(x, axes.cost.unit)}`;
  return point.detail === '' ? `${state}: ${values}.` : `${state}: ${values}. ${point.detail}`;
}

export function axisTitle(measure: Measure, say: Say): string {
  const unit = measure.unit === '' ? '' : ` (${measure.unit})`;
  const direction = measure.better === 'higher' ? `↑ ${say('pareto.higher')}` : `↓ ${say('pareto.lower')}`;
  return `${measure.title}${unit}  ${direction}`;
}
