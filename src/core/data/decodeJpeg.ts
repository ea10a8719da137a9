// JPEG to pixels: jpeg-js decodes, the chroma is interpolated here (see chroma.ts).
// Orientation in EXIF is not applied, as in Pillow and TensorFlow.

import { decode } from 'jpeg-js';
import { toRgb, upsample } from './chroma.ts';
import { badImage } from './imageError.ts';
import { isRgb, parseJpegHeader, type JpegHeader } from './jpegHeader.ts';
import { MAX_IMAGE_PIXELS } from './limits.ts';
import type { Pixels } from './pixels.ts';

/** A 40 megapixel image with full chroma takes this much while it is decoded. */
const MAX_DECODER_MIB = 1024;

/** @throws `bad-file` when the file is damaged, cut short, too large, or of a colour model that is not read */
export function decodeJpeg(bytes: Uint8Array, file: string): Pixels {
  const header = parseJpegHeader(bytes, file);
  const { width, height } = header;
  const count = header.components.length;
  if (count !== 1 && count !== 3)
    throw badImage(file, `${count} colour components; grey, YCbCr and RGB are read`);
  const data = decodeComponents(count === 3 ? withoutAdobe(bytes, header) : bytes, file);
  if (count === 1) return { width, height, channels: 1, data: plane(data, 0, width, height, 1, 1) };
  if (isRgb(header)) return { width, height, channels: 3, data };
  const [luma, blue, red] = header.components.map((_, at) => fullPlane(data, at, header));
  return { width, height, channels: 3, data: toRgb(luma!, blue!, red!) };
}

/** Three values per pixel: the components as they are stored, each chroma sample repeated. */
function decodeComponents(bytes: Uint8Array, file: string): Uint8Array {
  try {
    return decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      colorTransform: false,
      tolerantDecoding: false,
      maxResolutionInMP: MAX_IMAGE_PIXELS / 1e6,
      maxMemoryUsageInMB: MAX_DECODER_MIB,
    }).data;
  } catch (error) {
    throw badImage(file, error instanceof Error ? error.message : String(error));
  }
}

/** With an Adobe segment jpeg-js converts the colours whatever it is told, so the segment is made unreadable. */
function withoutAdobe(bytes: Uint8Array, { adobe }: JpegHeader): Uint8Array {
  if (!adobe) return bytes;
  const copy = bytes.slice();
  copy[adobe.offset] = 0;
  return copy;
}

function fullPlane(data: Uint8Array, at: number, { width, height, components }: JpegHeader): Uint8Array {
  const { h, v } = components[at]!;
  const fx = Math.max(...components.map((component) => component.h)) / h;
  const fy = Math.max(...components.map((component) => component.v)) / v;
  const isDouble = (factor: number): factor is 1 | 2 => factor === 1 || factor === 2;
  // Like libjpeg: other ratios, and rows too short to interpolate, keep the repeated samples.
  if (!isDouble(fx) || !isDouble(fy) || fx * fy === 1 || (fx === 2 && width <= 4))
    return plane(data, at, width, height, 1, 1);
  return upsample(plane(data, at, width, height, fx, fy), fx, fy, width, height);
}

/** Every fx-th sample of every fy-th row of one component. */
function plane(
  data: Uint8Array,
  at: number,
  width: number,
  height: number,
  fx: number,
  fy: number,
): Uint8Array {
  const columns = Math.ceil(width / fx);
  const out = new Uint8Array(columns * Math.ceil(height / fy));
  for (let i = 0; i < out.length; i++) {
    const y = Math.floor(i / columns) * fy;
    out[i] = data[3 * (y * width + (i % columns) * fx) + at]!;
  }
  return out;
}
