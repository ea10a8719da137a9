// Errors about one image file.

import { BitLensError } from '../errors.ts';
import { MAX_IMAGE_PIXELS } from './limits.ts';

export const badImage = (file: string, detail: string) =>
  new BitLensError(
    'bad-file',
    ['{0} is not a readable image: {1}.', file, detail],
    ['Remove it from the folder, or save it again as JPEG or PNG.'],
  );

/** @throws `bad-file` when an image has no pixels or more than are decoded */
export function checkExtent(file: string, width: number, height: number): void {
  if (width < 1 || height < 1) throw badImage(file, `its size is ${width}×${height}`);
  if (width * height > MAX_IMAGE_PIXELS)
    throw badImage(file, `${width}×${height} pixels are more than ${MAX_IMAGE_PIXELS / 1e6} million`);
}
