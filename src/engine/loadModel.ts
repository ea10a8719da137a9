// Opens a model and prepares it for quantization. The last few stay open: reading again what was just read would
// make every click wait.

import path from 'node:path';
import { BitLensError } from '../core/errors.ts';
import { describe } from '../core/data/describe.ts';
import type { ByteSource } from '../core/importers/importer.ts';
import { openModel } from '../core/importers/registry.ts';
import { prepare, type Prepared } from '../core/ir/prepare.ts';
import type { DataRef, ModelRef } from '../protocol/engine.ts';
import { hashPath, isFolder, openFile } from './fileSource.ts';
import { sampleOptions } from './loadData.ts';

export interface LoadedModel {
  readonly prepared: Prepared;
  /** SHA-256 of the model file, of its weights when they are apart, and of the files that were read beside it. */
  readonly hash: string;
}

interface KeptModel extends LoadedModel {
  /** Files beside the model file that were read with it, such as the shards of TF.js. */
  readonly beside: readonly string[];
}

const KEPT = 3;
const kept = new Map<string, KeptModel>();

/** @param data gives the input shape when the model leaves dimensions open */
export async function loadModel(ref: ModelRef, data?: DataRef): Promise<LoadedModel> {
  const named = ref.weights === undefined ? [ref.path] : [ref.path, ref.weights];
  const key = [...named, data?.path ?? '', data?.labelColumn ?? ''].join('\n');
  const known = kept.get(key);
  if (known && (await hashFiles([...named, ...known.beside])) === known.hash) return known;
  const beside: string[] = [];
  const prepared = prepare(await openWithShape(ref, data, (file) => beside.push(file)));
  const loaded = { prepared, beside, hash: await hashFiles([...named, ...beside]) };
  kept.delete(key);
  kept.set(key, loaded);
  for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
  return loaded;
}

async function hashFiles(files: readonly string[]): Promise<string> {
  const hashes: string[] = [];
  for (const file of files) hashes.push(await hashPath(file));
  return hashes.join('+');
}

/** Tells of every file that is opened beside the source. */
function watched(source: ByteSource, folder: string, opened: (file: string) => void): ByteSource {
  return {
    ...source,
    async sibling(relative) {
      const beside = await source.sibling(relative);
      opened(path.resolve(folder, relative));
      return beside;
    },
  };
}

async function openWithShape(ref: ModelRef, data: DataRef | undefined, opened: (file: string) => void) {
  const source = watched(await openFile(ref.path), path.dirname(ref.path), opened);
  const weights = ref.weights === undefined ? undefined : await openFile(ref.weights);
  try {
    return await openModel(source, { weights });
  } catch (error) {
    if (!BitLensError.is(error, 'needs-input-shape') || data?.path === undefined) throw error;
    if (await isFolder(data.path)) throw error;
    const { sampleShape } = await describe(await openFile(data.path), sampleOptions(data));
    return await openModel(source, { weights, inputShapes: [sampleShape] });
  }
}
