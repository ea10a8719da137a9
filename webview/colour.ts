// Colour arithmetic without a DOM: what theme.ts reads from the editor goes in, heat maps and charts come out.
// Mixing is done in OKLab (Björn Ottosson, 2020) so that equal steps look equal; contrast is WCAG 2.1's.

/** sRGB, each 0 … 1. */
export type Rgb = readonly [number, number, number];

export interface Colour {
  readonly rgb: Rgb;
  readonly alpha: number;
}

const NUMBERS = /-?[\d.]+(?:e-?\d+)?%?/gi;

/** Reads what `getComputedStyle` prints: `rgb(1, 2, 3)`, `rgba(…)`, `color(srgb 0.1 0.2 0.3 / 0.5)`. */
export function parseColour(text: string): Colour | undefined {
  const body = /^(rgba?|color)\((?:srgb)?(.*)\)$/i.exec(text.trim());
  if (!body) return undefined;
  const scale = body[1]!.toLowerCase() === 'color' ? 1 : 255;
  const parts = (body[2]!.match(NUMBERS) ?? []).map((part) =>
    part.endsWith('%') ? (Number.parseFloat(part) / 100) * scale : Number(part),
  );
  if (parts.length < 3 || parts.some(Number.isNaN)) return undefined;
  const [red, green, blue, alpha] = parts;
  return { rgb: [red! / scale, green! / scale, blue! / scale], alpha: alpha ?? 1 };
}

/** A colour laid over an opaque one. */
export function over(top: Colour, base: Rgb): Rgb {
  return top.rgb.map((channel, i) => channel * top.alpha + base[i]! * (1 - top.alpha)) as unknown as Rgb;
}

/** Between two colours; t = 0 is the first. */
export function mix(from: Rgb, to: Rgb, t: number): Rgb {
  const a = toOklab(from);
  const b = toOklab(to);
  return fromOklab(a.map((value, i) => value + (b[i]! - value) * t) as unknown as Rgb);
}

/** WCAG 2.1 contrast ratio, 1 … 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const first = luminance(a);
  const second = luminance(b);
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
}

/** White or black, whichever lies on the far side of the background. */
export function extremeOpposite(background: Rgb): Rgb {
  return contrast([1, 1, 1], background) > contrast([0, 0, 0], background) ? [1, 1, 1] : [0, 0, 0];
}

/** The ink where it reads well on the fill; else pushed towards the extreme until it does, or the extreme itself. */
export function readableInk(fill: Rgb, ink: Rgb, extreme: Rgb, wanted: number): Rgb {
  for (let step = 0; step < 8; step++) {
    const pushed = mix(ink, extreme, step / 8);
    if (contrast(pushed, fill) >= wanted) return pushed;
  }
  return extreme;
}

export function cssColour([red, green, blue]: Rgb): string {
  return `rgb(${[red, green, blue].map((channel) => Math.round(channel * 255)).join(', ')})`;
}

function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map(toLinear) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function toLinear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function fromLinear(value: number): number {
  const channel = value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
  return Math.min(1, Math.max(0, channel));
}

function toOklab(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map(toLinear) as unknown as Rgb;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Rgb): Rgb {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}
