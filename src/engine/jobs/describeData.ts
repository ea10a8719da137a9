// What a data file or folder holds: for the picker, before any model is bound to it.

import { describe, describeFolder } from '../../core/data/describe.ts';
import { BitLensError } from '../../core/errors.ts';
import type { DataRef, DataSummary } from '../../protocol/engine.ts';
import { isFolder, openFile, openFolder } from '../fileSource.ts';
import { sampleOptions } from '../loadData.ts';

export async function describeData({ data }: { readonly data: DataRef }): Promise<DataSummary> {
  const { path } = data;
  if (path === undefined) throw new BitLensError('bad-option', ['No data file was named.']);
  const outline = (await isFolder(path))
    ? await describeFolder(openFolder(path), sampleOptions(data))
    : await describe(await openFile(path), sampleOptions(data));
  return {
    description: outline.description,
    count: outline.count,
    sampleShape: outline.sampleShape,
    labelled: outline.labels !== undefined,
  };
}
