// The weights of a TF.js model: groups of tensors packed one after another into binary shards, possibly quantized.
// Reference: tfjs-core/src/io/io_utils.ts (decodeWeights), tfjs-core/src/io/types.ts (WeightsManifestEntry).

import { BitLensError } from '../../errors.ts';
import { elements, type Shape } from '../../ir/graph.ts';
import { MAX_MODEL_BYTES, readWhole } from '../bytes.ts';
import type { ByteSource } from '../importer.ts';
import { isObject } from '../../jsonObject.ts';
import { decoderOf, ITEM_BYTES, type Stored } from './storedTypes.ts';

export interface NamedWeight {
  readonly name: string;
  readonly shape: Shape;
  read(): Float32Array;
}

interface Entry extends Stored {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * @param manifest `weightsManifest`: [{paths, weights: [{name, shape, dtype, quantization?}]}]
 * @throws `bad-file` naming the shard or the weight, `missing-weights` without a manifest
 */
export async function readManifest(source: ByteSource, manifest: unknown): Promise<readonly NamedWeight[]> {
  if (!Array.isArray(manifest) || manifest.length === 0)
    throw new BitLensError(
      'missing-weights',
      ['{0} has no weightsManifest.', source.name],
      ['Save the model again with its weights.'],
    );
  const groups: NamedWeight[][] = [];
  let budget = MAX_MODEL_BYTES;
  for (const group of manifest as readonly unknown[]) {
    const { paths, entries } = parseGroup(source.name, group);
    const shards: Uint8Array[] = [];
    for (const path of paths) {
      const shard = await readShard(source, path, budget);
      budget -= shard.length;
      shards.push(shard);
    }
    groups.push(slice(source.name, joined(shards), entries));
  }
  return groups.flat();
}

const broken = (file: string, why: string) =>
  new BitLensError(
    'bad-file',
    ['{0}: {1}.', file, why],
    ['Convert or download the model again, with all its shards.'],
  );

function parseGroup(file: string, group: unknown): { paths: readonly string[]; entries: readonly Entry[] } {
  const paths = isObject(group) ? group['paths'] : undefined;
  const weights = isObject(group) ? group['weights'] : undefined;
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === 'string') || !Array.isArray(weights))
    throw broken(file, 'a group of its weightsManifest has no paths or no weights');
  return { paths, entries: weights.map((entry) => parseEntry(file, entry)) };
}

function parseEntry(file: string, value: unknown): Entry {
  if (!isObject(value) || typeof value['name'] !== 'string')
    throw broken(file, 'a weight of its manifest has no name');
  const { name, shape, dtype, quantization } = value as Record<
    'name' | 'shape' | 'dtype' | 'quantization',
    unknown
  >;
  const isExtent = (extent: unknown) => Number.isSafeInteger(extent) && Number(extent) >= 0;
  if (!Array.isArray(shape) || !shape.every(isExtent))
    throw broken(file, `weight ${String(name)} has no valid shape`);
  const quantized = isObject(quantization) ? quantization : undefined;
  const type = String(quantized?.['dtype'] ?? dtype);
  if (!Object.hasOwn(ITEM_BYTES, type))
    throw broken(file, `weight ${String(name)} has the unknown dtype ${type}`);
  const scale = quantized && type !== 'float16' ? Number(quantized['scale']) : 1;
  const min = quantized && type !== 'float16' ? Number(quantized['min']) : 0;
  if (!Number.isFinite(scale) || !Number.isFinite(min))
    throw broken(file, `weight ${String(name)} is quantized without a valid scale and min`);
  return { name: String(name), shape: shape as Shape, type: type as Stored['type'], scale, min };
}

async function readShard(source: ByteSource, path: string, budget: number): Promise<Uint8Array> {
  if (/^([a-z]+:|[\\/])/i.test(path) || path.split(/[\\/]/).includes('..'))
    throw broken(source.name, `its shard ${path} lies outside the folder of the model`);
  return readWhole(await source.sibling(path), budget);
}

function joined(shards: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(shards.reduce((length, shard) => length + shard.length, 0));
  let at = 0;
  for (const shard of shards) {
    all.set(shard, at);
    at += shard.length;
  }
  return all;
}

function slice(file: string, bytes: Uint8Array, entries: readonly Entry[]): NamedWeight[] {
  const sizes = entries.map((entry) => elements(entry.shape) * ITEM_BYTES[entry.type]);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== bytes.length)
    throw broken(
      file,
      `its shards hold ${bytes.length} bytes, but the weights of the manifest need ${total}`,
    );
  let at = 0;
  return entries.map((entry, index) => {
    const part = bytes.subarray(at, at + sizes[index]!);
    at += sizes[index]!;
    return { name: entry.name, shape: entry.shape, read: () => decoderOf(entry)(part) };
  });
}
