// Which values of a sample a list of scales is for: the channels are the last axis of the samples where its extent is
// that of the list, else the first.

import { BitLensError } from '../errors.ts';
import { elements, printShape, type Shape } from '../ir/graph.ts';
import type { ChannelPlace, Layout } from './layout.ts';
import type { RawArray } from './rawData.ts';

/**
 * @param input shape the samples are reshaped to: says where the channels of flattened samples are
 * @param moved how the samples are transposed, which says it for them
 * @param channels length of the list
 * @throws `bad-option` when there is no such axis
 */
export function channelAxis(
  array: RawArray,
  input: Shape,
  moved: Layout | undefined,
  channels: number,
): Layout {
  if (moved?.channels === channels) return moved;
  const sample = array.shape.slice(1);
  const place = placeOf(sample, channels) ?? placeOf(input, channels);
  if (!moved && place)
    return { channels, positions: elements(sample) / channels, stored: place, wanted: place };
  throw new BitLensError(
    'bad-option',
    [
      'The preprocessing is given for {0} channels; {1} has samples of shape {2}, with {3}.',
      channels,
      array.origin,
      printShape(sample),
      moved?.channels ?? likelyChannels(sample),
    ],
    ['Give one number for all channels, or as many as there are channels.'],
  );
}

function placeOf(shape: Shape, channels: number): ChannelPlace | undefined {
  if (shape.at(-1) === channels) return 'last';
  return shape[0] === channels ? 'first' : undefined;
}

/** For the message: the last axis, unless only the first has the extent of an image's channels. */
function likelyChannels(sample: Shape): number {
  const [first = 1] = sample;
  const last = sample.at(-1) ?? 1;
  const few = (extent: number) => extent <= 4;
  return sample.length === 3 && few(first) && !few(last) ? first : last;
}
