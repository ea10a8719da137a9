// The weights of a TF.js model: groups of tensors packed one after another into binary shards, possibly quantized.
// Reference: tfjs-core/src/io/io_utils.ts (decodeWeights), tfjs-core/src/io/types.ts (WeightsManifestEntry).

import { BitLensError } from '../../errors.ts';
import { elements, type Shape, type Weight } from '../../ir/graph.ts';
import { MAX_MODEL_BYTES } from '../bytes.ts';
import type { ByteSource } from '../importer.ts';
import { isObject } from '../../jsonObject.ts';
import type { ElementType } from '../tensors/tensor.ts';
import { decoderOf, ITEM_BYTES, quantizerOf, type Stored } from './storedTypes.ts';

export interface NamedWeight extends Weight {
  readonly type: ElementType;
}

interface Entry extends Stored {
  readonly name: string;
  readonly shape: Shape;
  readonly element: ElementType;
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
    const shards: ByteSource[] = [];
    for (const path of paths) {
      const shard = await openShard(source, path);
      budget -= shard.size;
      if (budget < 0) throw tooLarge(source.name);
      shards.push(shard);
    }
    groups.push(slice(source.name, shards, entries));
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
  const element = dtype === 'int32' ? 'int' : dtype === 'bool' ? 'bool' : 'float';
  return { name: String(name), shape: shape as Shape, type: type as Stored['type'], scale, min, element };
}

const tooLarge = (file: string) =>
  new BitLensError(
    'unsupported',
    ['{0}: its shards hold more than {1} bytes.', file, MAX_MODEL_BYTES],
    ['Import a smaller part of the model.'],
  );

async function openShard(source: ByteSource, path: string): Promise<ByteSource> {
  if (/^([a-z]+:|[\\/])/i.test(path) || path.split(/[\\/]/).includes('..'))
    throw broken(source.name, `its shard ${path} lies outside the folder of the model`);
  return source.sibling(path);
}

/** Bytes of the shards as if they were one file. */
function readAcross(shards: readonly ByteSource[], offset: number, length: number): Uint8Array {
  const all = new Uint8Array(length);
  let start = 0;
  for (const shard of shards) {
    const from = Math.max(offset, start);
    const to = Math.min(offset + length, start + shard.size);
    if (from < to) all.set(shard.readNow(from - start, to - from), from - offset);
    start += shard.size;
  }
  return all;
}

function slice(file: string, shards: readonly ByteSource[], entries: readonly Entry[]): NamedWeight[] {
  const sizes = entries.map((entry) => elements(entry.shape) * ITEM_BYTES[entry.type]);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const stored = shards.reduce((sum, shard) => sum + shard.size, 0);
  if (total !== stored)
    throw broken(file, `its shards hold ${stored} bytes, but the weights of the manifest need ${total}`);
  let at = 0;
  return entries.map((entry, index) => {
    const [offset, size] = [at, sizes[index]!];
    at += size;
    const { name, shape } = entry;
    const read = () => decoderOf(entry)(readAcross(shards, offset, size));
    return { name, shape, read, type: entry.element, quantizer: quantizerOf(entry) };
  });
}
