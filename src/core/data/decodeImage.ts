// An image file to pixels or to its size, by its first bytes and not by its name.

import type { ByteSource } from '../importers/importer.ts';
import { decodeJpeg } from './decodeJpeg.ts';
import { decodePng } from './decodePng.ts';
import { badImage } from './imageError.ts';
import { isJpeg, parseJpegHeader } from './jpegHeader.ts';
import { MAX_IMAGE_BYTES } from './limits.ts';
import type { Pixels } from './pixels.ts';
import { isPng, parsePngHeader } from './pngChunks.ts';

async function readImage(source: ByteSource, file: string): Promise<Uint8Array> {
  if (source.size > MAX_IMAGE_BYTES)
    throw badImage(file, `it has more than ${MAX_IMAGE_BYTES / 2 ** 20} MiB`);
  return await source.read(0, source.size);
}

/**
 * @param file for messages
 * @throws `bad-file`
 */
export async function decodeImage(source: ByteSource, file: string): Promise<Pixels> {
  const bytes = await readImage(source, file);
  if (isJpeg(bytes)) return await decodeJpeg(bytes, file);
  if (isPng(bytes)) return decodePng(bytes, file);
  throw badImage(file, 'it is neither JPEG nor PNG');
}

/** Height, width and channels without decoding the pixels. @throws `bad-file` */
export async function imageShape(
  source: ByteSource,
  file: string,
): Promise<readonly [number, number, 1 | 3]> {
  const bytes = await readImage(source, file);
  if (isJpeg(bytes)) {
    const { height, width, components } = parseJpegHeader(bytes, file);
    return [height, width, components.length === 1 ? 1 : 3];
  }
  if (!isPng(bytes)) throw badImage(file, 'it is neither JPEG nor PNG');
  const { height, width, palette, samples } = parsePngHeader(bytes, file);
  return [height, width, palette || samples > 2 ? 3 : 1];
}
