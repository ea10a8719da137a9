// Labels that fit the samples and the model: as many as samples, none beyond the last class.

import { BitLensError } from '../errors.ts';
import { matchLabels } from './folderLabels.ts';
import type { Labels, LabelSource, RawData } from './rawData.ts';

export interface BoundLabels {
  /** Of the first `limit` samples. */
  readonly values?: Int32Array | undefined;
  readonly origin?: string | undefined;
  readonly notes: readonly string[];
}

/**
 * @param count samples there are, before the limit
 * @param used samples that are used, the first ones
 * @param classes of the model, where known
 * @param given labels that the user gave apart from the samples; they win over those found with the samples
 * @throws `bad-data` when counts differ, a label is out of range, or given labels do not say which image they are for
 */
export async function bindLabels(
  data: RawData,
  count: number,
  used: number,
  classes: number | undefined,
  given: Labels | undefined,
): Promise<BoundLabels> {
  const found = given ?? (await foundLabels(data.labels));
  if (found === undefined || typeof found === 'string') return { notes: found === undefined ? [] : [found] };
  const labels = data.kind === 'images' && given ? imageLabels(given, data) : found;
  const { values, origin } = labels;
  if (values.length !== count)
    throw new BitLensError(
      'bad-data',
      ['{0} has {1} labels for the {2} samples of {3}.', origin, values.length, count, data.file],
      ['Labels and samples must be of the same set, in the same order.'],
    );
  checkRange(labels, used, classes);
  return { values: values.slice(0, used), origin, notes: labels.notes };
}

/** What was taken for labels by its name alone may be something else, a regression target for instance. */
async function foundLabels(source: LabelSource | undefined): Promise<Labels | string | undefined> {
  try {
    return await source?.load();
  } catch (error) {
    if (!BitLensError.is(error, 'bad-data')) throw error;
    return `No labels: ${error.message}`;
  }
}

function imageLabels(labels: Labels, data: Extract<RawData, { kind: 'images' }>): Labels {
  if (labels.files) return matchLabels(labels, data.images);
  if (data.inTurn)
    throw new BitLensError(
      'bad-data',
      ['{0} does not say which label is for which image of {1}.', labels.origin, data.file],
      ['Images in sub-folders need a CSV with a column "file".'],
    );
  return { ...labels, notes: [...labels.notes, `${labels.origin}: taken in the order of the file names`] };
}

function checkRange(
  { values, origin, classes: said }: Labels,
  used: number,
  classes: number | undefined,
): void {
  if (classes === undefined) return;
  if (said !== undefined && said > classes)
    throw new BitLensError(
      'bad-data',
      ['{0} has {1} classes; the model has {2}.', origin, said, classes],
      ['Give the data this model was made for.'],
    );
  const wrong = values.subarray(0, used).findIndex((value) => value >= classes);
  if (wrong >= 0)
    throw new BitLensError(
      'bad-data',
      [
        '{0}: sample {1} is of class {2}; the model has {3} classes, 0 to {4}.',
        origin,
        wrong,
        values[wrong]!,
        classes,
        classes - 1,
      ],
      ["Count the classes from 0, in the order of the model's outputs."],
    );
}
