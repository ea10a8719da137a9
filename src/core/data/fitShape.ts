// Do samples of one shape fit an input of another? Axes of extent 1 and merged neighbours do not change the order of the
// values, so they may differ; everything else would need a transposition, which is never guessed.

import { BitLensError, type Sentence } from '../errors.ts';
import { elements, printShape, type Shape } from '../ir/graph.ts';
import type { RawArray } from './rawData.ts';

/**
 * The note to show when `array` is reshaped to an input; undefined when it has its shape.
 * @throws `bad-data` when it does not fit
 */
export function fitShape(
  array: RawArray,
  input: { readonly name: string; readonly shape: Shape },
): string | undefined {
  const sample = array.shape.slice(1);
  const shown = printShape(sample);
  const wanted = printShape(input.shape);
  if (shown === wanted) return undefined;
  if (isMerged(sample, input.shape) || isMerged(input.shape, sample))
    return `${array.origin}: ${shown} reshaped to ${wanted}`;
  throw new BitLensError(
    'bad-data',
    ['{0} has samples of shape {1}; input {2} takes {3}.', array.origin, shown, input.name, wanted],
    hint(array.shape, input.shape),
  );
}

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
  if (printShape(array) === printShape(input))
    return ['This looks like one sample without the axis that counts them: save x[numpy.newaxis].'];
  const channelsFirst = [input.at(-1)!, ...input.slice(0, -1)];
  if (input.length > 1 && printShape(sample) === printShape(channelsFirst)) {
    const axes = [0, ...input.slice(0, -1).map((_, axis) => axis + 2), 1].join(', ');
    return ['The channels come first here and last in the model: save numpy.transpose(x, ({0})).', axes];
  }
  if (elements(sample) === elements(input))
    return ['The number of values agrees but not their order: transpose the samples first.'];
  return ['Give samples prepared as for training, one per entry of the first axis.'];
}
