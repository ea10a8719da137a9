// A decoded image and the change of its number of channels.

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 RGB; alpha is dropped when an image is decoded. */
  readonly channels: 1 | 3;
  /** Rows from the top, channels last. */
  readonly data: Uint8Array;
}

/**
 * Grey to three equal channels, RGB to luma (ITU-R BT.601 in 16-bit fixed point, rounded, as Pillow's mode "L").
 */
export function withChannels(image: Pixels, channels: 1 | 3): Pixels {
  if (image.channels === channels) return image;
  const count = image.width * image.height;
  const data = new Uint8Array(count * channels);
  for (let i = 0; i < count; i++) {
    if (channels === 3) data.fill(image.data[i]!, 3 * i, 3 * i + 3);
    else data[i] = luma(image.data[3 * i]!, image.data[3 * i + 1]!, image.data[3 * i + 2]!);
  }
  return { ...image, channels, data };
}

const luma = (red: number, green: number, blue: number): number =>
  (19595 * red + 38470 * green + 7471 * blue + 32768) >> 16;
