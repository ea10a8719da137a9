// Texts of axis ticks. On a logarithmic axis only 1, 2 and 5 of each decade are written, or only decades when many.

import { full, si } from '../format.ts';
import type { Range } from './content.ts';

/** A tick of a linear axis; `step` is the distance between two. Fractions of a `%` measure print as percent. */
export function linearTick(value: number, step: number, unit: string): string {
  const factor = unit === '%' ? 100 : 1;
  const scaled = value * factor;
  const distance = step * factor;
  if (Math.abs(scaled) >= 1e4 || distance >= 1e3) return si(scaled, 4);
  const decimals = Math.min(6, Math.max(0, -Math.floor(Math.log10(distance) + 1e-9)));
  return scaled.toFixed(decimals).replace('-', '\u2212');
}

/** A tick of a logarithmic axis; undefined: no text and no grid line. */
export function logTick(value: number, range: Range, unit: string): string | undefined {
  const decades = Math.log10(range.max / range.min);
  const mantissa = value / 10 ** Math.floor(Math.log10(value) + 1e-9);
  const is = (digit: number): boolean => Math.abs(mantissa - digit) < 1e-6;
  if (decades > 3 ? !is(1) : decades > 1 && !is(1) && !is(2) && !is(5)) return undefined;
  return full(unit === '%' ? value * 100 : value, '');
}
