// Numbers as lenses, hovers, the status bar and notifications print them: the same on every machine, whatever its
// locale. The views format their own cells (webview/format.ts).

const MINUS = '\u2212';
const SI = ['', 'k', 'M', 'G', 'T'];
/** Losses below this share read "0 %". */
const SMALLEST_LOSS = 0.00005;

/** Three digits and a suffix: `312`, `12.3k`, `2.38M`. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  let step = 0;
  let scaled = Math.abs(value);
  // 999,960 to three digits is 1M, not 1000k.
  while (step < SI.length - 1 && Number(scaled.toPrecision(3)) >= 1000) {
    scaled /= 1000;
    step++;
  }
  return withMinus(`${value < 0 ? '-' : ''}${Number(scaled.toPrecision(3))}${SI[step]!}`);
}

/** A whole count with separators: `12,345`. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  return withMinus(String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ','));
}

/** A share of the whole: 0.264 reads `26 %`, 0.0143 `1.4 %`, 0.0002 `<0.1 %`. */
export function share(value: number): string {
  if (!Number.isFinite(value)) return `${notFinite(value)} %`;
  if (value > 0 && value < 0.0005) return '<0.1 %';
  const percent = value * 100;
  return `${withMinus(trimZeros(percent.toFixed(Math.abs(percent) < 9.95 ? 1 : 0)))} %`;
}

/** An accepted loss as the user wrote it: 0.01 reads `1 %`, 0.0025 `0.25 %`. */
export function limit(value: number): string {
  return `${trimZeros((value * 100).toFixed(3))} %`;
}

/** What becomes of the accuracy: a drop of 0.006 reads `−0.6 %`, a gain `+0.1 %`, less than half a basis point `0 %`. */
export function change(drop: number): string {
  return `${signed(drop)} %`;
}

/** The same with its standard error: `−0.6 ± 0.4 %`. Without one, or when it is 0: as {@link change}. */
export function changeWithError(drop: number, error: number | null): string {
  if (error === null || error < SMALLEST_LOSS) return change(drop);
  return `${signed(drop)} ± ${points(error)} %`;
}

/** `38 dB`. */
export function decibels(value: number): string {
  return `${Number.isFinite(value) ? withMinus(value.toFixed(0)) : notFinite(value)} dB`;
}

/** Two digits, and an exponent for the very small: `2.4`, `0.046`, `3e-4`. For divergences and squared errors. */
export function small(value: number): string {
  if (!Number.isFinite(value)) return notFinite(value);
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3) return withMinus(value.toExponential(0));
  if (size >= 1000) return compact(value);
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(size)));
  return withMinus(value.toFixed(decimals));
}

/** Widths of one or several tensors: `4`, `4–6`. */
export function span(values: readonly number[]): string {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? String(low) : `${low}–${high}`;
}

function signed(drop: number): string {
  if (!Number.isFinite(drop)) return notFinite(-drop);
  if (Math.abs(drop) < SMALLEST_LOSS) return '0';
  return `${drop > 0 ? MINUS : '+'}${points(Math.abs(drop))}`;
}

/** A positive share in percent: one decimal, two below 0.1 %. */
function points(value: number): string {
  const percent = value * 100;
  return trimZeros(percent.toFixed(percent < 0.095 ? 2 : 1));
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function withMinus(text: string): string {
  // "-0" is a rounded zero.
  return text.replace(/^-(?=[0.]*$)/, '').replace(/^-/, MINUS);
}

function notFinite(value: number): string {
  return Number.isNaN(value) ? '?' : value > 0 ? '∞' : `${MINUS}∞`;
}
