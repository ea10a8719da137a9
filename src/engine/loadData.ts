// Opens the data a request names and binds them to the model's inputs.

import { createHash } from 'node:crypto';
import { bind } from '../core/data/bind.ts';
import type { Dataset } from '../core/data/dataset.ts';
import { readLabels } from '../core/data/labelFile.ts';
import { classCount, modelInputs } from '../core/data/modelInputs.ts';
import { openImages } from '../core/data/openImages.ts';
import type { Labels, RawData } from '../core/data/rawData.ts';
import type { ReadOptions } from '../core/data/reader.ts';
import { openData } from '../core/data/registry.ts';
import { synthetic, syntheticDistributions } from '../core/data/synthetic.ts';
import { BitLensError } from '../core/errors.ts';
import type { Graph } from '../core/ir/graph.ts';
import type { DataDescription } from '../core/result.ts';
import { CALIBRATION_SAMPLES } from '../core/settings.ts';
import type { DataRef } from '../protocol/engine.ts';
import { hashPath, isFolder, openFile, openFolder } from './fileSource.ts';

export interface LoadedData {
  readonly dataset: Dataset;
  readonly description: DataDescription;
}

export async function loadData(ref: DataRef, graph: Graph): Promise<LoadedData> {
  const inputs = modelInputs(graph);
  const dataset =
    ref.path === undefined
      ? synthetic(inputs, {
          count: ref.limit ?? CALIBRATION_SAMPLES,
          seed: ref.seed ?? 1,
          distributions: syntheticDistributions(graph),
        })
      : await bind(await openRaw(ref.path, sampleOptions(ref)), inputs, {
          scale: ref.scale,
          offset: ref.offset,
          limit: ref.limit,
          fit: ref.fit,
          classes: classCount(graph),
          labels: await openLabels(ref),
        });
  return {
    dataset,
    description: {
      description: dataset.description,
      hash: await hashData(ref, dataset.count),
      samples: dataset.count,
      labelled: dataset.labels !== undefined,
      synthetic: ref.path === undefined,
      notes: dataset.notes,
    },
  };
}

/** How the samples are read: a label column belongs to the file of labels when there is one. */
export function sampleOptions({ labels, labelColumn }: DataRef): ReadOptions {
  return labels === undefined ? { labelColumn } : {};
}

async function openLabels({ labels, labelColumn }: DataRef): Promise<Labels | undefined> {
  return labels === undefined ? undefined : await readLabels(await openFile(labels), { labelColumn });
}

/** Ranges and sensitivity need few samples; the rest of a large set only costs time. */
export function calibrationPart(ref: DataRef): DataRef {
  return { ...ref, limit: Math.min(ref.limit ?? CALIBRATION_SAMPLES, CALIBRATION_SAMPLES) };
}

async function openRaw(path: string, options: ReadOptions): Promise<RawData> {
  if (await isFolder(path)) return await openImages(openFolder(path), options);
  try {
    return await openData(await openFile(path), options);
  } catch (error) {
    if (!BitLensError.is(error, 'bad-file') || !error.message.startsWith('There is no file')) throw error;
    throw new BitLensError('bad-data', ['There is no data file or folder {0}.', path]);
  }
}

/** Names the samples: contents of the files and what is done to them. */
async function hashData(ref: DataRef, count: number): Promise<string> {
  const hash = createHash('sha256');
  if (ref.path !== undefined) hash.update(await hashPath(ref.path));
  if (ref.labels !== undefined) hash.update(await hashPath(ref.labels));
  hash.update(
    JSON.stringify([
      count,
      ref.scale ?? 1,
      ref.offset ?? 0,
      ref.fit ?? 'crop',
      ref.labelColumn ?? null,
      ref.path ? 0 : (ref.seed ?? 1),
    ]),
  );
  return hash.digest('hex');
}
