// Opens a model and prepares it for quantization. The last few stay open: reading again what was just read would
// make every click wait.

import { stat } from 'node:fs/promises';
import path from 'node:path';
import { BitLensError } from '../core/errors.ts';
import { describe } from '../core/data/describe.ts';
import type { ByteSource } from '../core/importers/importer.ts';
import { openModel } from '../core/importers/registry.ts';
import type { Graph, Shape } from '../core/ir/graph.ts';
import { prepare, type Prepared } from '../core/ir/prepare.ts';
import type { DataRef, ModelRef } from '../protocol/engine.ts';
import { hashPath, isFolder, openFile } from './fileSource.ts';
import { sampleOptions } from './loadData.ts';

export interface LoadedModel {
  readonly prepared: Prepared;
  /** SHA-256 of the model file, of its weights when they are apart, and of the files that were read beside it. */
  hash(): Promise<string>;
}

interface KeptModel extends LoadedModel {
  /** Sizes and times of all files it was read from. */
  stamp(): Promise<string>;
  readonly stamped: string;
}

const KEPT = 3;
const kept = new Map<string, KeptModel>();

/** @param data gives the input shape when the model leaves dimensions open */
export async function loadModel(ref: ModelRef, data?: DataRef): Promise<LoadedModel> {
  const named = ref.weights === undefined ? [ref.path] : [ref.path, ref.weights];
  const shapes = ref.inputShapes?.join(' ') ?? '';
  const key = [...named, data?.path ?? '', data?.labelColumn ?? '', ref.float ?? false, shapes].join('\n');
  const known = kept.get(key);
  if (known && (await known.stamp()) === known.stamped) return known;
  const loaded = await load(ref, data, named);
  kept.delete(key);
  kept.set(key, loaded);
  for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
  return loaded;
}

async function load(ref: ModelRef, data: DataRef | undefined, named: readonly string[]): Promise<KeptModel> {
  const files = [...named];
  const prepared = prepare(await openWithShape(ref, data, (file) => files.push(file)), ref.float);
  const stamp = (): Promise<string> => stampFiles(files);
  let hash: Promise<string> | undefined;
  return {
    prepared,
    hash: () => (hash ??= hashFiles(files, ref.float ? ' without its quantizers' : '')),
    stamp,
    stamped: await stamp(),
  };
}

async function stampFiles(files: readonly string[]): Promise<string> {
  const found = await Promise.all(files.map((file) => stat(file).catch(() => undefined)));
  return found.map((file) => (file ? `${file.size} ${file.mtimeMs} ${file.ino}` : 'gone')).join('\n');
}

async function hashFiles(files: readonly string[], suffix: string): Promise<string> {
  const hashes: string[] = [];
  for (const file of files) hashes.push(await hashPath(file));
  return hashes.join('+') + suffix;
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

async function openWithShape(
  ref: ModelRef,
  data: DataRef | undefined,
  opened: (file: string) => void,
): Promise<Graph> {
  const source = watched(await openFile(ref.path), path.dirname(ref.path), opened);
  const weights = ref.weights === undefined ? undefined : await openFile(ref.weights);
  const open = (inputShapes?: readonly Shape[]): Promise<Graph> =>
    openModel(source, { weights, ...(inputShapes ? { inputShapes } : {}) });
  try {
    return await open(ref.inputShapes);
  } catch (error) {
    if (!BitLensError.is(error, 'needs-input-shape') || data?.path === undefined || ref.inputShapes)
      throw error;
    if (await isFolder(data.path)) throw error;
    const { sampleShape } = await describe(await openFile(data.path), sampleOptions(data));
    return await openAsImages(open, sampleShape).catch((second: unknown) => {
      // A model of several inputs: the data say the shape of one, and the first error which are open.
      throw BitLensError.is(second, 'bad-option') ? error : second;
    });
  }
}

/** Images are often stored channels-last for models that take the channels first; the data are turned when they are bound. */
async function openAsImages(
  open: (inputShapes: readonly Shape[]) => Promise<Graph>,
  shape: Shape,
): Promise<Graph> {
  try {
    return await open([shape]);
  } catch (error) {
    const [height, width, channels, ...more] = shape;
    if (channels === undefined || more.length > 0) throw error;
    return await open([[channels, height!, width!]]).catch(() => {
      throw error;
    });
  }
}
