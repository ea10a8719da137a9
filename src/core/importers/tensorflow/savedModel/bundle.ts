// A checkpoint of TensorFlow: an index of tensors by key, and shards that hold their bytes. Read when asked for.
// Reference: tensorflow/core/util/tensor_bundle/tensor_bundle.h.

import { BitLensError } from '../../../errors.ts';
import { elements } from '../../../ir/graph.ts';
import { readWhole } from '../../bytes.ts';
import type { ByteSource } from '../../importer.ts';
import { constant } from '../../tensors/constants.ts';
import type { Constant } from '../../tensors/tensor.ts';
import { dataTypeOf, decode, nameOfType } from '../dataTypes.ts';
import { decodeMessage } from '../messages.ts';
import { tensorflow } from '../schema/tensorflowProto.js';
import type * as proto from '../schema/tensorflowProto.js';
import { extentsOf } from '../tensorProto.ts';
import { maskedCrc32c } from './crc32c.ts';
import { readSortedTable } from './sortedTable.ts';

export interface Bundle {
  has(key: string): boolean;
  /** @throws `bad-file` when the tensor is damaged, `unsupported` for a type that is no number */
  tensor(key: string, name: string): Constant;
}

/** A table of a hundred thousand variables. */
const MAX_INDEX_BYTES = 64 * 1024 ** 2;
const MAX_SHARDS = 10_000;
/** BundleHeaderProto.Endianness. */
const LITTLE_ENDIAN = 0;

/** @param prefix `variables/variables` */
export async function openBundle(source: ByteSource, prefix: string): Promise<Bundle> {
  const index = await source.sibling(`${prefix}.index`);
  const table = readSortedTable(index.name, await readWhole(index, MAX_INDEX_BYTES));
  const header = decodeMessage(index.name, tensorflow.BundleHeaderProto, table.get('') ?? new Uint8Array(0));
  if ((header.endianness ?? LITTLE_ENDIAN) !== LITTLE_ENDIAN)
    throw new BitLensError(
      'unsupported',
      ['{0} was written by a big-endian machine.', index.name],
      ['Save the model again on another machine.'],
    );
  const shards = await openShards(source, prefix, header.numShards ?? 0);
  return {
    has: (key) => table.has(key),
    tensor(key, name) {
      const entry = decodeMessage(
        index.name,
        tensorflow.BundleEntryProto,
        table.get(key) ?? new Uint8Array(0),
      );
      return tensorOf(index.name, name, entry, shards);
    },
  };
}

async function openShards(source: ByteSource, prefix: string, count: number): Promise<readonly ByteSource[]> {
  if (!(count >= 1 && count <= MAX_SHARDS))
    throw new BitLensError(
      'bad-file',
      ['{0}.index tells of {1} files with values.', prefix, count],
      ['Save or copy the model again.'],
    );
  const five = (number: number): string => String(number).padStart(5, '0');
  const shards: ByteSource[] = [];
  for (let shard = 0; shard < count; shard++)
    shards.push(await source.sibling(`${prefix}.data-${five(shard)}-of-${five(count)}`));
  return shards;
}

function tensorOf(
  file: string,
  name: string,
  entry: proto.BundleEntryProto,
  shards: readonly ByteSource[],
): Constant {
  const code = entry.dtype ?? 0;
  const type = dataTypeOf(code);
  if (!type || (entry.slices?.length ?? 0) > 0)
    throw new BitLensError(
      'unsupported',
      ['{0}: variable {1} holds {2}.', file, name, type ? 'partitions' : nameOfType(code)],
      ['Save the model with variables that are whole tensors of numbers.'],
    );
  const shape = extentsOf(entry.shape) ?? [];
  const shard = shards[entry.shardId ?? 0];
  const [offset, size] = [Number(entry.offset ?? 0), Number(entry.size ?? 0)];
  const extents = shape.every((extent) => extent >= 0);
  if (!shard || !extents || size !== elements(shape) * type.bytes || offset < 0 || offset + size > shard.size)
    throw broken(file, name);
  return constant(name, shape, type.type, () => {
    const bytes = shard.readNow(offset, size);
    if (entry.crc32c && maskedCrc32c(bytes) !== entry.crc32c) throw broken(shard.name, name);
    return decode(type, bytes);
  });
}

const broken = (file: string, variable: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0}: the values of variable {1} are damaged or not complete.', file, variable],
    ['Save or copy the model again, with its folder variables.'],
  );
