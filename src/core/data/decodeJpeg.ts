// JPEG to pixels with libjpeg-turbo, the decoder of Pillow and TensorFlow: a network sees the very values it was trained
// on. Orientation in EXIF is not applied, as there.

import createDecoder, { type JpegModule } from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs';
import wasmBinary from '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm';
import { badImage } from './imageError.ts';
import { parseJpegHeader } from './jpegHeader.ts';
import type { Pixels } from './pixels.ts';

let loading: Promise<JpegModule> | undefined;

/** @throws `bad-file` when the file is damaged, cut short, too large, or of a colour model that is not read */
export async function decodeJpeg(bytes: Uint8Array, file: string): Promise<Pixels> {
  const { width, height, components } = parseJpegHeader(bytes, file);
  const channels = components.length;
  if (channels !== 1 && channels !== 3)
    throw badImage(file, `${channels} colour components; grey, YCbCr and RGB are read`);
  const { JPEGDecoder } = await (loading ??= createDecoder({ wasmBinary }));
  const decoder = new JPEGDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decode(() => decoder.decode(), file);
    const frame = decoder.getFrameInfo();
    if (frame.width !== width || frame.height !== height || frame.componentCount !== channels)
      throw badImage(file, 'its frame header is damaged');
    // A copy: what the decoder returns lies in its own memory.
    return { width, height, channels, data: decoder.getDecodedBuffer().slice() };
  } finally {
    decoder.delete();
  }
}

/** What C++ throws is a number without a text. */
function decode(run: () => void, file: string): void {
  try {
    run();
  } catch {
    throw badImage(file, 'its image data are damaged or cut short');
  }
}
