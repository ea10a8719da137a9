// The tensors in what a pickle describes: calls of the functions that torch.save writes are recognized by name and their
// arguments are read; nothing is called.
// Reference: torch/_utils.py, torch/_tensor.py (__reduce_ex__).

import { BitLensError } from '../../../errors.ts';
import { storedBytes, type StoredType } from '../../elementTypes.ts';
import { callOf } from '../pickle/machine.ts';
import {
  calleeOf,
  isPickle,
  type PickleCall,
  type PickleReference,
  type PickleValue,
} from '../pickle/values.ts';
import { STORAGE_TYPES, TORCH_DTYPES } from './dtypes.ts';
import type { Storage, StoredTensor } from './storedTensor.ts';

export interface StorageRequest {
  readonly key: string;
  readonly dtype: StoredType;
  /** Bytes that the pickle says it has. */
  readonly bytes: number;
}

/** Where the values are: an entry of the archive, or a place in the stream. */
export interface Storages {
  readonly file: string;
  find(request: StorageRequest): Storage;
}

type Builder = (storages: Storages, args: readonly PickleValue[], depth: number) => StoredTensor | undefined;

const BUILDERS: Readonly<Record<string, Builder>> = {
  'torch._utils._rebuild_tensor': strided,
  'torch._utils._rebuild_tensor_v2': strided,
  'torch._utils._rebuild_tensor_v3': strided,
  'torch._utils._rebuild_qtensor': strided,
  'torch._utils._rebuild_parameter': first,
  'torch._utils._rebuild_parameter_with_state': first,
  'torch.nn.parameter.Parameter': first,
  'torch.nn.parameter.Buffer': first,
  'torch._tensor._rebuild_from_type': wrapped,
  'torch._tensor._rebuild_from_type_v2': wrapped,
};

/** Deepest nesting of such calls in one another. */
const MAX_WRAPS = 8;

/**
 * The tensor that a call would make; undefined when it would make something else.
 * @param depth of calls around this one
 * @throws `bad-file` for arguments that no tensor has, `unsupported` for complex numbers
 */
export function rebuildTensor(
  storages: Storages,
  value: PickleValue | undefined,
  depth = 0,
): StoredTensor | undefined {
  if (!isPickle(value, 'call') || depth > MAX_WRAPS) return undefined;
  const build = Object.hasOwn(BUILDERS, calleeOf(value)) ? BUILDERS[calleeOf(value)] : undefined;
  if (!build || !isPickle(value.args, 'tuple')) return undefined;
  return build(storages, value.args.items, depth);
}

function first(storages: Storages, [data]: readonly PickleValue[], depth: number): StoredTensor | undefined {
  return rebuildTensor(storages, data, depth + 1);
}

/** (function, class, arguments, state) */
function wrapped(
  storages: Storages,
  [callee = null, , inner = null]: readonly PickleValue[],
  depth: number,
): StoredTensor | undefined {
  return rebuildTensor(storages, callOf(callee, inner), depth + 1);
}

/** (storage, offset, size, stride, …); in version 3 the dtype is the seventh and the storage has none. */
function strided(storages: Storages, args: readonly PickleValue[]): StoredTensor {
  const [reference, offset, size, stride] = args;
  const { storage, dtype } = storageOf(storages, reference, args[6]);
  return {
    storage,
    dtype,
    offset: whole(storages.file, offset),
    shape: extents(storages, size),
    strides: extents(storages, stride),
  };
}

/** What a reference asks for; in version 3 of tensors the type is declared apart and the storage counts bytes. */
function storageOf(
  storages: Storages,
  reference: PickleValue | undefined,
  declared: PickleValue | undefined,
) {
  const request = isPickle(reference, 'reference') ? requestOf(storages.file, reference) : undefined;
  if (!request) throw malformed(storages.file, 'a tensor without a storage');
  const dtype = isPickle(declared, 'name') ? storedType(storages.file, declared.name) : request.dtype;
  return { storage: storages.find(request), dtype };
}

/** A storage is (`storage`, type, key, device, number of values), in older files with a view; undefined for another id. */
export function requestOf(file: string, { id }: PickleReference): StorageRequest | undefined {
  const [tag, type, key, , count, view] = isPickle(id, 'tuple') ? id.items : [];
  if (tag !== 'storage' || !isPickle(type, 'name') || (typeof key !== 'string' && typeof key !== 'number'))
    return undefined;
  if (isPickle(view, 'tuple'))
    throw new BitLensError(
      'unsupported',
      ['{0} keeps tensors as views of a storage, as the first versions of PyTorch did.', file],
      ['Load it with PyTorch and save its state dict again.'],
    );
  const dtype = storedType(file, type.name);
  return { key: String(key), dtype, bytes: storedBytes(dtype, whole(file, count)) };
}

/** `torch.FloatStorage`, `torch.storage.UntypedStorage`, `torch.uint16` */
function storedType(file: string, name: string) {
  const last = name.slice(name.lastIndexOf('.') + 1);
  for (const table of [STORAGE_TYPES, TORCH_DTYPES])
    if (name.startsWith('torch.') && Object.hasOwn(table, last)) return table[last]!;
  throw new BitLensError(
    'unsupported',
    ['{0} holds tensors of {1}, a type that BitLens does not read.', file, name],
    ['Convert them to float32 and save the file again.'],
  );
}

function whole(file: string, value: PickleValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw malformed(file, 'a tensor with an extent that is no number');
}

/** Extents come as a tuple, or as a `torch.Size` of one. */
function extents(storages: Storages, value: PickleValue | undefined): readonly number[] {
  if (isPickle(value, 'call')) return extents(storages, argument(value));
  if (!isPickle(value, 'tuple') && !isPickle(value, 'list'))
    throw malformed(storages.file, 'a tensor without a shape');
  return value.items.map((item) => whole(storages.file, item));
}

function argument({ args }: PickleCall): PickleValue | undefined {
  return isPickle(args, 'tuple') && !isPickle(args.items[0], 'call') ? args.items[0] : undefined;
}

const malformed = (file: string, detail: string): BitLensError =>
  new BitLensError('bad-file', ['{0} describes {1}.', file, detail], ['Save it again with torch.save.']);
