// An image of any size to the size of a network's input.

import type { Pixels } from './pixels.ts';
import { resample, type Extent, type Window } from './resample.ts';

/**
 * crop: the ImageNet convention: resize so that the input is 0.875 of the short side, cut out the centre.
 * squash: resize to the input, whatever that does to the proportions.
 */
export type Fit = 'crop' | 'squash';

export interface FitOptions {
  readonly fit: Fit;
  /** Average over the pixels that shrink into one, as Pillow and torchvision do; TensorFlow by default does not. */
  readonly antialias: boolean;
}

/** Share of the resized short side that is kept: 224 of 256. */
const KEPT = 0.875;

/**
 * height × width × channels values, 0 … 255. Nothing is resampled when the image has the size of the input, or already
 * the size it would be resized to; then the values are the stored bytes.
 */
export function fitImage(image: Pixels, input: Extent, options: FitOptions): Uint8Array | Float32Array {
  const size = options.fit === 'crop' && !sameSize(image, input) ? cropSize(image, input) : input;
  const window: Window = {
    ...input,
    x: Math.floor((size.width - input.width) / 2),
    y: Math.floor((size.height - input.height) / 2),
  };
  return sameSize(image, size) ? cut(image, window) : resample(image, size, window, options.antialias);
}

/** What a resized image must cover before the centre is cut out: 256×256 for 224×224. */
export const coverSize = ({ width, height }: Extent): Extent => ({
  width: Math.round(width / KEPT),
  height: Math.round(height / KEPT),
});

/** Size to resize to before the centre is cut out; the long side is rounded down, as in torchvision. */
function cropSize(image: Extent, input: Extent): Extent {
  const { width, height } = coverSize(input);
  return width / image.width > height / image.height
    ? { width, height: Math.max(height, Math.floor((image.height * width) / image.width)) }
    : { width: Math.max(width, Math.floor((image.width * height) / image.height)), height };
}

const sameSize = (a: Extent, b: Extent): boolean => a.width === b.width && a.height === b.height;

function cut(image: Pixels, window: Window): Uint8Array {
  const stride = window.width * image.channels;
  const out = new Uint8Array(window.height * stride);
  for (let y = 0; y < window.height; y++) {
    const from = ((window.y + y) * image.width + window.x) * image.channels;
    out.set(image.data.subarray(from, from + stride), y * stride);
  }
  return out;
}
