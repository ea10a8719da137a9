// Numbers as the views print them. A measure whose unit is `%` carries fractions: 0.01 reads "1 %".

const MINUS = '\u2212';
const SI = ['', 'k', 'M', 'G', 'T', 'P'];
/** Below these a number switches to an exponent: sentences late, narrow cells early (`3e-3` for `0.0031`). */
const SMALLEST_PLAIN = 1e-3;
const SMALLEST_IN_CELL = 1e-2;

// Made once: a table of a thousand rows formats ten thousand counts.
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const ONE_DECIMAL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** How all cells of one measure print, so that their digits line up where the range allows it. */
export type NumberStyle =
  | { readonly kind: 'decimals'; readonly decimals: number; readonly factor: number }
  | { readonly kind: 'significant'; readonly factor: number }
  | { readonly kind: 'si' };

/** Picks the style from all values of a measure, so that this share of their range stays visible. */
export function numberStyle(values: readonly number[], unit: string, resolution = 1 / 30): NumberStyle {
  const factor = unit === '%' ? 100 : 1;
  let largest = 0;
  let least = Number.POSITIVE_INFINITY;
  let leastPositive = Number.POSITIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const size = Math.abs(value * factor);
    largest = Math.max(largest, size);
    least = Math.min(least, size);
    if (size > 0) leastPositive = Math.min(leastPositive, size);
  }
  if (largest >= 1e5) return { kind: 'si' };
  const spread = largest - Math.min(least, largest);
  if (spread === 0 || largest / leastPositive > 1000) return { kind: 'significant', factor };
  const decimals = Math.ceil(-Math.log10(spread * resolution));
  return { kind: 'decimals', decimals: Math.min(3, Math.max(0, decimals)), factor };
}

/** A value without its unit, for a table cell or an axis. */
export function bare(value: number, style: NumberStyle): string {
  if (!Number.isFinite(value)) return notFinite(value);
  if (style.kind === 'si') return si(value, 3);
  const scaled = value * style.factor;
  return withMinus(style.kind === 'decimals' ? scaled.toFixed(style.decimals) : twoDigits(scaled));
}

/** A value with its unit, to four digits, for tooltips and sentences: `97.91 %`, `1.235 M bits`. */
export function full(value: number, unit: string): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const scaled = unit === '%' ? value * 100 : value;
  const text = Math.abs(scaled) >= 1e4 ? si(scaled, 4) : withMinus(significant(scaled, 4));
  return unit === '' ? text : `${text}\u00a0${unit}`;
}

/** A whole count with separators: `12,345`; fractions (half a BRAM) keep one digit. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  return withMinus((Math.abs(value) < 100 ? ONE_DECIMAL : WHOLE).format(value));
}

/** A share of the whole, 1 = 100 %. Small but present is never "0 %". */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return notFinite(share);
  if (share > 0 && share < 0.001) return '<\u20090.1\u00a0%';
  const value = share * 100;
  return `${withMinus(value.toFixed(Math.abs(value) < 10 && value % 1 !== 0 ? 1 : 0))}\u00a0%`;
}

/** `1.23 M`; the space does not break. */
export function si(value: number, digits: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  let step = Math.min(SI.length - 1, Math.max(0, Math.floor(Math.log10(size) / 3)));
  // 999,960 to three digits is 1.00 M, not 1000 k.
  if (Number((size / 1000 ** step).toPrecision(digits)) >= 1000 && step < SI.length - 1) step++;
  const text = trimZeros((value / 1000 ** step).toPrecision(digits));
  return withMinus(step === 0 ? text : `${text}\u00a0${SI[step]!}`);
}

/** For cells: `0.10`, `2.4`, `310`, and one digit with an exponent for the small rest: `3e-4`. */
function twoDigits(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < SMALLEST_IN_CELL) return value.toExponential(0);
  return value.toFixed(Math.max(0, 1 - Math.floor(Math.log10(size))));
}

/** Plain to so many significant digits, with an exponent when the number is too small or too long for that. */
function significant(value: number, digits: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < SMALLEST_PLAIN || size >= 1e6) return exponent(value.toExponential(digits - 1));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return trimZeros(value.toFixed(decimals));
}

function exponent(text: string): string {
  const [mantissa, power] = text.split('e');
  return `${trimZeros(mantissa!)}e${power!.replace('+', '')}`;
}

function trimZeros(text: string): string {
  const plain = text.includes('e') ? String(Number(text)) : text;
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}

function withMinus(text: string): string {
  // "-0.0" is a rounded zero.
  return text.replace(/^-(?=[0.]*$)/, '').replace(/^-/, MINUS);
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? '?' : value > 0 ? '∞' : `${MINUS}∞`;
}
