// How much a data file may make us allocate. Files are hostile until proven otherwise: every size that a file
// declares is compared with these before memory is taken.

/** Bytes of one array as stored that are held in memory at once; larger files are read in part (`limit`). */
export const MAX_ARRAY_BYTES = 1024 ** 3;

/** Bytes of a CSV file, which is read as one text. */
export const MAX_CSV_BYTES = 256 * 1024 ** 2;

/** Bytes of one image file. */
export const MAX_IMAGE_BYTES = 64 * 1024 ** 2;

/** Pixels of one image. */
export const MAX_IMAGE_PIXELS = 40_000_000;

/** Bytes of decoded and fitted images that a data set keeps, so that a second pass need not decode them again. */
export const IMAGE_CACHE_BYTES = 128 * 1024 ** 2;
