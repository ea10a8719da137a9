// From a measure's values to the colour of a cell: a scale (linear or logarithmic), a level, a ramp of theme colours.

import { contrast, extremeOpposite, mix, readableInk, type Rgb } from './colour.ts';
import type { Measure } from '../src/protocol/webview.ts';

/** Steps of the ramp. Cells carry a level, not a colour, so a new theme repaints them without touching one. */
export const HEAT_LEVELS = 33;

/** Spans of a hundred and more are read by decades. */
const LOG_RATIO = 100;
/** Differences far below the worst value do not matter; they must not use up the scale. */
const LOG_DECADES = 4;
/** WCAG 2.1 AA for text. */
const TEXT_CONTRAST = 4.5;
/** People look at it all day. */
const STRONGEST = 0.85;
/** How far the middle of the ramp stands out, of how far its end does. */
const MIDDLE_SHARE = 0.4;
/** The middle's hue leans from the warm colour towards the hot one, so that the ramp does not turn a corner. */
const MIDDLE_HUE = 0.3;

export interface HeatScale {
  readonly kind: 'linear' | 'log';
  /** Value painted like the background. */
  readonly best: number;
  /** Value painted hottest. */
  readonly worst: number;
}

export interface HeatColour {
  readonly fill: Rgb;
  readonly ink: Rgb;
}

/** The scale over all values of a measure. Without values: undefined. */
export function heatScale(values: readonly number[], better: Measure['better']): HeatScale | undefined {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  if (better === 'higher') return { kind: 'linear', best: high, worst: low };
  const smallest = finite.reduce((a, b) => (b > 0 ? Math.min(a, b) : a), Number.POSITIVE_INFINITY);
  // A loss slightly below zero is noise around none; a large negative one makes decades meaningless.
  const decades = high / smallest >= LOG_RATIO && low >= -high / LOG_RATIO;
  if (!decades) return { kind: 'linear', best: low, worst: high };
  return { kind: 'log', best: Math.max(smallest, high / 10 ** LOG_DECADES), worst: high };
}

/** How bad a value is, 0 … 1. */
export function heatShare(scale: HeatScale, value: number): number {
  const at =
    scale.kind === 'log' ? (v: number): number => Math.log10(Math.max(v, scale.best)) : (v: number) => v;
  const span = at(scale.worst) - at(scale.best);
  if (span === 0) return 0;
  return Math.min(1, Math.max(0, (at(value) - at(scale.best)) / span));
}

/** Inverse of `heatShare`: the value at a share, for the legend. */
export function valueAt(scale: HeatScale, share: number): number {
  return scale.kind === 'log'
    ? scale.best * (scale.worst / scale.best) ** share
    : scale.best + (scale.worst - scale.best) * share;
}

export function heatLevel(share: number): number {
  return Math.round(share * (HEAT_LEVELS - 1));
}

/**
 * Background → warm → hot, with the ink for each step. Both stops are toned down: the hot one until the side of ink the
 * theme writes with stays readable on the whole ramp, the warm one until it stands out less than the hot one, so that
 * distance from the background always means worse.
 */
export function heatRamp(background: Rgb, warm: Rgb, hot: Rgb, foreground: Rgb): HeatColour[] {
  const extreme = extremeOpposite(background);
  const end = toned(background, hot, (fill) => contrast(fill, extreme) >= TEXT_CONTRAST);
  const strongest = contrast(end, background);
  const middle = toned(
    background,
    mix(warm, hot, MIDDLE_HUE),
    (fill) => contrast(fill, background) <= 1 + (strongest - 1) * MIDDLE_SHARE,
  );
  return Array.from({ length: HEAT_LEVELS }, (_, level) => {
    const t = level / (HEAT_LEVELS - 1);
    const fill = t < 0.5 ? mix(background, middle, t * 2) : mix(middle, end, t * 2 - 1);
    return { fill, ink: readableInk(fill, foreground, extreme, TEXT_CONTRAST) };
  });
}

/** The strongest mix of the colour into the background that passes. */
function toned(background: Rgb, colour: Rgb, passes: (fill: Rgb) => boolean): Rgb {
  for (let strength = STRONGEST; strength > 0; strength -= 0.05) {
    const fill = mix(background, colour, strength);
    if (passes(fill)) return fill;
  }
  return background;
}
