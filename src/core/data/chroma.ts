// Full-resolution colour out of subsampled YCbCr. jpeg-js repeats every chroma sample and rounds down; libjpeg, which
// Pillow and TensorFlow decode with, interpolates and rounds. Same arithmetic here, so that a network sees the same pixels.
// Reference: libjpeg-turbo, jdsample.c ("fancy" upsampling, triangle filter) and jdcolor.c (16-bit fixed point).

/**
 * Interpolates one plane by 1 or 2 along each axis.
 * @param plane ceil(width / fx) × ceil(height / fy) samples
 */
export function upsample(plane: Uint8Array, fx: 1 | 2, fy: 1 | 2, width: number, height: number): Uint8Array {
  const columns = Math.ceil(width / fx);
  const rows = Math.ceil(height / fy);
  const out = new Uint8Array(width * height);
  const sums = new Int32Array(columns);
  for (let y = 0; y < height; y++) {
    const near = fy === 2 ? y >> 1 : y;
    const far = fy === 2 ? Math.min(Math.max(near + (y & 1 ? 1 : -1), 0), rows - 1) : near;
    for (let i = 0; i < columns; i++)
      sums[i] =
        fy === 2 ? 3 * plane[near * columns + i]! + plane[far * columns + i]! : plane[i + near * columns]!;
    const line = out.subarray(y * width, (y + 1) * width);
    if (fx === 2) widen(sums, line, fy);
    else for (let x = 0; x < width; x++) line[x] = fy === 2 ? (sums[x]! + 1 + (y & 1)) >> 2 : sums[x]!;
  }
  return out;
}

/** Doubles a row; `sums` are 4 times the samples when the rows were interpolated too. */
function widen(sums: Int32Array, line: Uint8Array, fy: 1 | 2): void {
  const [shift, even, odd] = fy === 2 ? [4, 8, 7] : [2, 1, 2];
  for (let x = 0; x < line.length; x++) {
    const i = x >> 1;
    const other = Math.min(Math.max(x & 1 ? i + 1 : i - 1, 0), sums.length - 1);
    line[x] = (3 * sums[i]! + sums[other]! + (x & 1 ? odd : even)) >> shift;
  }
}

/** RGB out of three planes of the image's size (ITU-R BT.601, full range, as JFIF says). */
export function toRgb(luma: Uint8Array, blue: Uint8Array, red: Uint8Array): Uint8Array {
  const out = new Uint8ClampedArray(3 * luma.length);
  for (let i = 0; i < luma.length; i++) {
    const y = luma[i]!;
    const cb = blue[i]! - 128;
    const cr = red[i]! - 128;
    out[3 * i] = y + ((91881 * cr + 32768) >> 16);
    out[3 * i + 1] = y + ((-22554 * cb - 46802 * cr + 32768) >> 16);
    out[3 * i + 2] = y + ((116130 * cb + 32768) >> 16);
  }
  return new Uint8Array(out.buffer);
}
