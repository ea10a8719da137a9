// From a snapshot and what the user chose to everything one drawing of the Pareto view needs. No DOM.

import { full } from '../format.ts';
import { chooseMeasure } from '../measures.ts';
import type { Say } from '../strings.ts';
import {
  axisRange,
  axisTitle,
  frontOf,
  nearPoints,
  placedPoints,
  wantsLog,
  wantsZoom,
  zoomRange,
  type Axes,
} from './paretoModel.ts';
import type { ChartContent, Placed, Range, ReferenceLine } from '../charts/content.ts';
import type { ParetoPoint, ParetoSnapshot } from '../../src/protocol/webview.ts';

/** What the user set; undefined: decide from the data. */
export interface ParetoChoices {
  readonly metric: string | undefined;
  readonly cost: string | undefined;
  readonly dominated: boolean;
  logCost(cost: string): boolean | undefined;
  logMetric(metric: string): boolean | undefined;
  zoom(metric: string): boolean | undefined;
}

export interface ParetoFrame {
  readonly axes: Axes;
  /** Rows of the table twin: also points that lack a value of the chosen axes. */
  readonly points: readonly ParetoPoint[];
  readonly placed: readonly Placed[];
  readonly front: readonly Placed[];
  readonly chart: ChartContent;
  readonly logCost: boolean;
  readonly logMetric: boolean;
  readonly zoomed: boolean;
  readonly canZoom: boolean;
  /** Sentences below the chart. */
  readonly captions: readonly string[];
}

const COST_DECADES = 1;
const METRIC_DECADES = 2;

/** undefined: the snapshot has no metric or no cost. */
export function paretoFrame(
  snapshot: ParetoSnapshot,
  choices: ParetoChoices,
  say: Say,
): ParetoFrame | undefined {
  const metric = chooseMeasure(snapshot.metrics, choices.metric, snapshot.metric);
  const cost = chooseMeasure(snapshot.costs, choices.cost, snapshot.cost);
  if (!metric || !cost) return undefined;
  const axes = { metric, cost };
  const all = placedPoints(snapshot, axes);
  const visible = (point: ParetoPoint): boolean =>
    choices.dominated || point.kind !== 'dominated' || point.active || point.chosen;
  const placed = all.filter(({ point }) => visible(point));
  const xs = all.map(({ x }) => x);
  const ys = all.map(({ y }) => y);
  const zoom = zoomRange(snapshot.float[metric.id], snapshot.limit[metric.id]);
  const zoomed = zoom !== undefined && (choices.zoom(metric.id) ?? wantsZoom(ys, zoom));
  const logCost = canLog(xs) && (choices.logCost(cost.id) ?? wantsLog(xs, COST_DECADES));
  const logMetric = !zoomed && canLog(ys) && (choices.logMetric(metric.id) ?? wantsLog(ys, METRIC_DECADES));
  const lines = referenceLinesOf(snapshot, axes, say);
  const y = zoomed ? zoom : axisRange(ys, kept(lines, ['float', 'limit'], ys, logMetric), logMetric);
  const near = zoomed ? all.filter((point) => inside(point.y, y)).map((point) => point.x) : xs;
  const x = axisRange(near, kept(lines, ['budget'], near, logCost), logCost);
  const front = frontOf(placed);
  return {
    axes,
    points: snapshot.points.filter(visible),
    placed,
    front,
    chart: {
      x: { title: axisTitle(cost, say), unit: cost.unit, range: x, log: logCost },
      y: { title: axisTitle(metric, say), unit: metric.unit, range: y, log: logMetric },
      placed,
      front,
      exact: isExact(snapshot, axes),
      lines,
      label: ({ point }) => pointLabel(point, say),
    },
    logCost,
    logMetric,
    zoomed,
    canZoom: zoom !== undefined,
    captions: captions(
      snapshot,
      axes,
      { placed, missing: snapshot.points.length - all.length, x, y, lines },
      say,
    ),
  };
}

function inside(value: number, range: Range): boolean {
  return value >= range.min && value <= range.max;
}

function canLog(values: readonly number[]): boolean {
  return values.length > 0 && values.every((value) => value > 0);
}

function isExact(snapshot: ParetoSnapshot, { metric, cost }: Axes): boolean {
  return metric.id === snapshot.metric && cost.id === snapshot.cost;
}

function referenceLinesOf(snapshot: ParetoSnapshot, { metric, cost }: Axes, say: Say): ReferenceLine[] {
  const lines: ReferenceLine[] = [];
  const add = (kind: ReferenceLine['kind'], value: number | null | undefined, unit: string): void => {
    if (value != null) lines.push({ kind, value, label: say(`pareto.${kind}`, full(value, unit)) });
  };
  add('float', snapshot.float[metric.id], metric.unit);
  add('limit', snapshot.limit[metric.id], metric.unit);
  add('budget', snapshot.budget[cost.id], cost.unit);
  return lines;
}

function kept(
  lines: readonly ReferenceLine[],
  kinds: readonly ReferenceLine['kind'][],
  values: readonly number[],
  log: boolean,
): number[] {
  return lines
    .filter(({ kind, value }) => kinds.includes(kind) && nearPoints(value, values, log))
    .map(({ value }) => value);
}

function pointLabel(point: ParetoPoint, say: Say): string | undefined {
  if (point.chosen) return `${point.label} · ${say('pareto.chosen')}`;
  if (point.active) return `${point.label} · ${say('pareto.active')}`;
  return point.kind === 'uniform' ? point.label : undefined;
}

interface Shown {
  readonly placed: readonly Placed[];
  readonly missing: number;
  readonly x: Range;
  readonly y: Range;
  readonly lines: readonly ReferenceLine[];
}

function captions(snapshot: ParetoSnapshot, axes: Axes, shown: Shown, say: Say): string[] {
  const sentences: string[] = [];
  const { metric, cost } = axes;
  if (cost.basis !== '') sentences.push(say('pareto.basis', cost.title, cost.basis));
  if (!isExact(snapshot, axes)) {
    const title = (list: readonly { id: string; title: string }[], id: string): string =>
      list.find((measure) => measure.id === id)?.title ?? id;
    sentences.push(
      say('pareto.otherAxes', title(snapshot.metrics, snapshot.metric), title(snapshot.costs, snapshot.cost)),
    );
  }
  const outside = shown.placed.filter(({ x, y }) => !inside(x, shown.x) || !inside(y, shown.y)).length;
  if (outside > 0) sentences.push(outside === 1 ? say('pareto.outsideOne') : say('pareto.outside', outside));
  const { missing } = shown;
  if (shown.placed.length === 0) sentences.push(say('pareto.nothing'));
  else if (missing > 0)
    sentences.push(missing === 1 ? say('pareto.incompleteOne') : say('pareto.incomplete', missing));
  const budget = shown.lines.find(({ kind }) => kind === 'budget');
  if (budget && !inside(budget.value, shown.x)) {
    sentences.push(say('pareto.budgetOutside', full(budget.value, cost.unit)));
  }
  const limit = shown.lines.find(({ kind }) => kind === 'limit');
  if (limit && !inside(limit.value, shown.y)) {
    sentences.push(say('pareto.limitOutside', metric.title, full(limit.value, metric.unit)));
  }
  return sentences;
}
