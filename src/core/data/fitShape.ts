// Do samples of one shape fit an input of another? Axes of extent 1 and merged neighbours do not change the order of the
// values, so they may differ. Frameworks disagree on whether the channels of an image come first or last, so that is
// put right; every other transposition would be a guess.

import { BitLensError, type Sentence } from '../errors.ts';
import { elements, printShape, type Shape } from '../ir/graph.ts';
import type { Layout } from './layout.ts';
import type { RawArray } from './rawData.ts';

export interface Fitted {
  /** To show with the data: the samples are reshaped or transposed. */
  readonly note?: string | undefined;
  /** Present when the channels are moved. */
  readonly layout?: Layout | undefined;
}

/** @throws `bad-data` when the samples do not fit */
export function fitShape(array: RawArray, input: { readonly name: string; readonly shape: Shape }): Fitted {
  const sample = array.shape.slice(1);
  const shown = printShape(sample);
  const wanted = printShape(input.shape);
  if (shown === wanted) return {};
  if (isMerged(sample, input.shape) || isMerged(input.shape, sample))
    return { note: `${array.origin}: ${shown} reshaped to ${wanted}` };
  const layout = imageLayout(sample, input.shape);
  if (layout) return { layout, note: `${array.origin}: ${shown} transposed to ${wanted}` };
  throw new BitLensError(
    'bad-data',
    ['{0} has samples of shape {1}; input {2} takes {3}.', array.origin, shown, input.name, wanted],
    hint(array.shape, input.shape),
  );
}

/** Channels that images have: grey, colour, colour with alpha. */
const IMAGE_CHANNELS = [1, 3, 4];

/** An image whose channels lie at the other end of its shape than the model wants them. */
function imageLayout(sample: Shape, input: Shape): Layout | undefined {
  if (sample.length !== 3 || input.length !== 3) return undefined;
  const stored = same(sample, channelsLast(input))
    ? 'last'
    : same(sample, channelsFirst(input))
      ? 'first'
      : undefined;
  const channels = stored === 'last' ? sample[2]! : sample[0]!;
  if (stored === undefined || !IMAGE_CHANNELS.includes(channels)) return undefined;
  return {
    channels,
    positions: elements(sample) / channels,
    stored,
    wanted: stored === 'last' ? 'first' : 'last',
  };
}

const same = (a: Shape, b: Shape): boolean => printShape(a) === printShape(b);

/** H×W×C of C×H×W */
const channelsLast = (shape: Shape): Shape => [...shape.slice(1), shape[0]!];

/** C×H×W of H×W×C */
const channelsFirst = (shape: Shape): Shape => [shape.at(-1)!, ...shape.slice(0, -1)];

const withoutOnes = (shape: Shape): Shape => shape.filter((extent) => extent !== 1);

/** Does `coarse` come from `fine` by multiplying neighbouring extents? Axes of extent 1 do not count. */
function isMerged(fine: Shape, coarse: Shape): boolean {
  if (elements(fine) !== elements(coarse)) return false;
  const rest = [...withoutOnes(fine)];
  return withoutOnes(coarse).every((extent) => {
    let product = 1;
    while (product < extent && rest.length > 0) product *= rest.shift()!;
    return product === extent;
  });
}

function hint(array: readonly number[], input: Shape): Sentence {
  const sample = array.slice(1);
  if (same(array, input))
    return ['This looks like one sample without the axis that counts them: save x[numpy.newaxis].'];
  if (input.length > 1 && same(sample, channelsFirst(input))) {
    const axes = [0, ...input.slice(0, -1).map((_, axis) => axis + 2), 1].join(', ');
    return ['The channels come first here and last in the model: save numpy.transpose(x, ({0})).', axes];
  }
  if (input.length > 1 && same(sample, channelsLast(input))) {
    const axes = [0, input.length, ...input.slice(1).map((_, axis) => axis + 1)].join(', ');
    return ['The channels come last here and first in the model: save numpy.transpose(x, ({0})).', axes];
  }
  if (elements(sample) === elements(input))
    return ['The number of values agrees but not their order: transpose the samples first.'];
  return ['Give samples prepared as for training, one per entry of the first axis.'];
}
