// What the scatter chart draws: decided by views/paretoFrame.ts, drawn by paretoChart.ts.

import type { ParetoPoint } from '../../src/protocol/webview.ts';

/** A point that has a value on both axes. */
export interface Placed {
  readonly point: ParetoPoint;
  readonly x: number;
  readonly y: number;
}

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** A line across the chart: horizontal for float and limit, vertical for the budget. */
export interface ReferenceLine {
  readonly kind: 'float' | 'limit' | 'budget';
  readonly value: number;
  readonly label: string;
}

export interface AxisContent {
  readonly title: string;
  readonly unit: string;
  readonly range: Range;
  readonly log: boolean;
}

export interface ChartContent {
  readonly x: AxisContent;
  readonly y: AxisContent;
  readonly placed: readonly Placed[];
  /** The placed points of the front, by rising cost. */
  readonly front: readonly Placed[];
  /** The front was found for these axes: its steps are true. */
  readonly exact: boolean;
  readonly lines: readonly ReferenceLine[];
  /** Words beside a point; undefined: none. */
  readonly label: (placed: Placed) => string | undefined;
}
