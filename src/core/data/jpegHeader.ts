// The segments of a JPEG file before its first scan: is it worth decoding, and how large will it be?
// Reference: ITU-T T.81, annex B.

import { badImage, checkExtent } from './imageError.ts';

export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** Sampling factors of each component. */
  readonly components: readonly { readonly h: number; readonly v: number }[];
}

/** Progressive files have about ten scans; each costs a pass over the image, so many more are an attack. */
const MAX_SCANS = 100;

export const isJpeg = (head: Uint8Array): boolean => head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff;

/** @throws `bad-file` when the file is no JPEG, has no frame, is too large, or has more scans than any encoder writes */
export function parseJpegHeader(bytes: Uint8Array, file: string): JpegHeader {
  let frame: JpegHeader | undefined;
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    const marker = bytes[at + 1];
    const length = (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
    if (bytes[at] !== 0xff || marker === undefined || length < 2 || at + 2 + length > bytes.length)
      throw badImage(file, `it breaks off or is damaged at offset ${at}`);
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (marker === 0xda) break;
    if (isFrame(marker)) frame = parseFrame(body, file);
    at += 2 + length;
  }
  if (!frame) throw badImage(file, 'it has no frame header');
  if (countScans(bytes, at) > MAX_SCANS) throw badImage(file, `it has more than ${MAX_SCANS} scans`);
  return frame;
}

/** SOF0 … SOF15 without DHT, JPG and DAC, which lie between them. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function parseFrame(body: Uint8Array, file: string): JpegHeader {
  const count = body[5] ?? 0;
  if (body.length < 6 + 3 * count) throw badImage(file, 'its frame header is damaged');
  const height = body[1]! * 256 + body[2]!;
  const width = body[3]! * 256 + body[4]!;
  checkExtent(file, width, height);
  if (body[0] !== 8) throw badImage(file, `${body[0]!} bits per sample; 8 are read`);
  const components = Array.from({ length: count }, (_, i) => {
    const sampling = body[7 + 3 * i]!;
    return { h: sampling >> 4, v: sampling & 15 };
  });
  if (components.some(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4))
    throw badImage(file, 'its sampling factors are not 1 to 4');
  return { width, height, components };
}

/** Inside the coded data 0xFF is always followed by 0, so every FF DA is a start of scan. */
function countScans(bytes: Uint8Array, from: number): number {
  let count = 0;
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1))
    if (bytes[at + 1] === 0xda) count++;
  return count;
}
