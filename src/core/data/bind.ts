// Binds what a file or folder holds to the inputs of a model: the one way to a Dataset of the user's own data.

import { BitLensError } from '../errors.ts';
import { bindArrays } from './bindArrays.ts';
import { bindImages } from './bindImages.ts';
import type { Binding } from './binding.ts';
import type { Dataset } from './dataset.ts';
import type { Fit } from './fitImage.ts';
import type { ModelInput } from './modelInputs.ts';
import { channelsOf, numbersIn, type PerChannel } from './perChannel.ts';
import type { Labels, RawData } from './rawData.ts';

export interface BindOptions {
  /** Every value enters as x · scale + offset; 1 and 0 by default. Lists: one number per channel. */
  readonly scale?: PerChannel | undefined;
  readonly offset?: PerChannel | undefined;
  /** Only the first this many samples. */
  readonly limit?: number | undefined;
  /** Images only; `crop` by default. */
  readonly fit?: Fit | undefined;
  /** Images only; false by default, as in TensorFlow. See resample.ts. */
  readonly antialias?: boolean | undefined;
  /** Labels given apart from the samples, from readLabels. */
  readonly labels?: Labels | undefined;
  /** Classes of the model, to check labels with; see classCount. */
  readonly classes?: number | undefined;
}

/**
 * @param inputs in the order of Graph.inputs
 * @throws `bad-data` when the data do not fit, hold no samples, or hold NaN or infinite values among those used;
 *   `bad-option`; and what the readers throw
 */
export async function bind(
  data: RawData,
  inputs: readonly ModelInput[],
  options: BindOptions = {},
): Promise<Dataset> {
  const binding = check(options);
  return data.kind === 'images'
    ? await bindImages(data, inputs, binding)
    : await bindArrays(data, inputs, binding);
}

function check(options: BindOptions): Binding {
  const { scale = 1, offset = 0, limit, fit = 'crop', antialias = false, classes, labels } = options;
  if (!every(scale, (value) => Number.isFinite(value) && value !== 0))
    throw new BitLensError('bad-option', ['The scale must be a number other than 0, not {0}.', shown(scale)]);
  if (!every(offset, Number.isFinite))
    throw new BitLensError('bad-option', ['The offset must be a number, not {0}.', shown(offset)]);
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1))
    throw new BitLensError('bad-option', [
      'The limit must be a whole number of samples from 1 on, not {0}.',
      limit,
    ]);
  const used = (count: number) => Math.min(count, limit ?? count);
  const channels = channelsOf(scale, offset);
  return { scaling: { scale, offset }, channels, fit, antialias, classes, labels, used };
}

const every = (value: PerChannel, holds: (number: number) => boolean): boolean =>
  numbersIn(value).length > 0 && numbersIn(value).every(holds);

const shown = (value: PerChannel): string => numbersIn(value).join(', ');
