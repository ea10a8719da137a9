// Bilinear resizing. Default: without antialiasing, pixel centres at half positions, as TensorFlow's
// tf.image.resize(method="bilinear") and Keras' Resizing layer; with `antialias`: as Pillow's BILINEAR (a triangle filter
// as wide as the reduction), which torchvision uses. Values are not rounded to integers.

import type { Pixels } from './pixels.ts';

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** The part of the resized image that is wanted. */
export interface Window extends Extent {
  readonly x: number;
  readonly y: number;
}

/** Source positions and weights of each output position along one axis. */
type Taps = readonly { readonly first: number; readonly weights: readonly number[] }[];

/** Resizes `image` to `size` and returns only `window` of the result: height × width × channels. */
export function resample(image: Pixels, size: Extent, window: Window, antialias: boolean): Float32Array {
  const { channels, data } = image;
  const columns = taps(image.width, size.width, window.x, window.width, antialias);
  const rows = taps(image.height, size.height, window.y, window.height, antialias);
  const top = rows[0]!.first;
  const last = rows.at(-1)!;
  const lines = last.first + last.weights.length - top;
  const narrow = new Float32Array(lines * window.width * channels);
  for (let y = 0, to = 0; y < lines; y++)
    for (const { first, weights } of columns)
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        let from = ((top + y) * image.width + first) * channels + c;
        for (const weight of weights) {
          sum += weight * data[from]!;
          from += channels;
        }
        narrow[to++] = sum;
      }
  return combineRows(narrow, rows, top, window.width * channels);
}

function combineRows(lines: Float32Array, rows: Taps, top: number, stride: number): Float32Array {
  const out = new Float32Array(rows.length * stride);
  rows.forEach(({ first, weights }, y) => {
    weights.forEach((weight, tap) => {
      const from = (first - top + tap) * stride;
      for (let i = 0; i < stride; i++) out[y * stride + i]! += weight * lines[from + i]!;
    });
  });
  return out;
}

/** Triangle filter of half width max(1, input / output) with `antialias`, of half width 1 without; weights sum to 1. */
function taps(input: number, output: number, start: number, length: number, antialias: boolean): Taps {
  const scale = input / output;
  const support = antialias ? Math.max(1, scale) : 1;
  return Array.from({ length }, (_, at) => {
    const centre = (start + at + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - support));
    const end = Math.min(input - 1, Math.floor(centre + support));
    const raw = Array.from({ length: end - first + 1 }, (_, tap) =>
      Math.max(0, 1 - Math.abs(first + tap - centre) / support),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}
