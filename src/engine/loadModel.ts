// Opens a model and prepares it for quantization. The last few stay open: reading again what was just read would
// make every click wait.

import { BitLensError } from '../core/errors.ts';
import { describe } from '../core/data/describe.ts';
import { openModel } from '../core/importers/registry.ts';
import { prepare, type Prepared } from '../core/ir/prepare.ts';
import type { DataRef, ModelRef } from '../protocol/engine.ts';
import { hashPath, isFolder, openFile } from './fileSource.ts';

export interface LoadedModel {
  readonly prepared: Prepared;
  /** SHA-256 of the model file, and of its weights when they are apart. */
  readonly hash: string;
}

const KEPT = 3;
const kept = new Map<string, LoadedModel>();

/** @param data gives the input shape when the model leaves dimensions open */
export async function loadModel(ref: ModelRef, data?: DataRef): Promise<LoadedModel> {
  const hashes = [
    await hashPath(ref.path),
    ...(ref.weights === undefined ? [] : [await hashPath(ref.weights)]),
  ];
  const hash = hashes.join('+');
  const key = `${ref.path} ${hash} ${data?.path ?? ''}`;
  const known = kept.get(key);
  if (known) return known;
  const loaded: LoadedModel = { prepared: prepare(await openWithShape(ref, data)), hash };
  kept.set(key, loaded);
  for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
  return loaded;
}

async function openWithShape(ref: ModelRef, data: DataRef | undefined) {
  const weights = ref.weights === undefined ? undefined : await openFile(ref.weights);
  const source = await openFile(ref.path);
  try {
    return await openModel(source, { weights });
  } catch (error) {
    const path = data?.path;
    if (!BitLensError.is(error, 'needs-input-shape') || path === undefined || (await isFolder(path)))
      throw error;
    const { sampleShape } = await describe(await openFile(path));
    return await openModel(source, { weights, inputShapes: [sampleShape] });
  }
}
