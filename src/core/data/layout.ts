// Where the channels of a sample lie, as stored and as the model wants them, and the conversion of a batch from the one
// to the other. Samples stay as they are stored; a batch is put in order while it is converted to float32.

import { ofChannel, type Scaling } from './perChannel.ts';
import { toFloat32, valueAt, type Values } from './values.ts';

/** `first`: channels × positions (C×H×W); `last`: positions × channels (H×W×C). */
export type ChannelPlace = 'first' | 'last';

export interface Layout {
  readonly channels: number;
  /** Values of one channel. */
  readonly positions: number;
  readonly stored: ChannelPlace;
  readonly wanted: ChannelPlace;
}

/** Distance between channels and between positions of a channel. */
const strides = (place: ChannelPlace, { channels, positions }: Layout): readonly [number, number] =>
  place === 'first' ? [positions, 1] : [1, channels];

/**
 * `samples` samples from value `from` on, as float32(x · scale + offset) with the scale and offset of their channel,
 * computed in float64 and rounded once, to `out` from `to` on.
 * @param layout undefined when the order stays and scale and offset are single numbers
 * @param size values of one sample
 */
export function convertSamples(
  values: Values,
  from: number,
  samples: number,
  out: Float32Array,
  to: number,
  {
    layout,
    size,
    scaling,
  }: { readonly layout: Layout | undefined; readonly size: number; readonly scaling: Scaling },
): void {
  const { scale, offset } = scaling;
  if (!layout) {
    toFloat32(values, from, samples * size, out, to, {
      scale: ofChannel(scale, 0),
      offset: ofChannel(offset, 0),
    });
    return;
  }
  const { channels, positions, stored, wanted } = layout;
  const [fromChannel, fromPosition] = strides(stored, layout);
  const [toChannel, toPosition] = strides(wanted, layout);
  for (let start = 0; start < samples * size; start += size)
    for (let c = 0; c < channels; c++) {
      const a = ofChannel(scale, c);
      const b = ofChannel(offset, c);
      let source = from + start + c * fromChannel;
      let target = to + start + c * toChannel;
      for (let p = 0; p < positions; p++, source += fromPosition, target += toPosition)
        out[target] = valueAt(values, source) * a + b;
    }
}

/** Index of the first stored value that is NaN or infinite as float32(x · scale + offset); −1 if there is none. */
export function firstNotFinite(
  values: Values,
  layout: Layout | undefined,
  { scale, offset }: Scaling,
): number {
  const { length } = values.data;
  const channels = layout?.channels ?? 1;
  // Values of one channel that lie in a row.
  const run = !layout ? length : layout.stored === 'first' ? layout.positions : 1;
  for (let at = 0; at < length;)
    for (let c = 0; c < channels; c++) {
      const a = ofChannel(scale, c);
      const b = ofChannel(offset, c);
      for (const end = at + run; at < end; at++)
        if (!Number.isFinite(Math.fround(valueAt(values, at) * a + b))) return at;
    }
  return -1;
}
