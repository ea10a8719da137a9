// What torch.save wrote before PyTorch 1.6: five pickles in one stream (a magic number, the protocol, facts about the
// machine, the object, the keys of the storages), then for each storage its length in 8 bytes and its values.
// Reference: torch/serialization.py (_legacy_save, _legacy_load).

import { BitLensError } from '../../../errors.ts';
import type { ByteSource } from '../../importer.ts';
import { storedBytes } from '../../elementTypes.ts';
import { viewOf } from '../../../zip/zipDirectory.ts';
import { cursorOf } from '../pickle/cursor.ts';
import { unpickle, type Unpickled } from '../pickle/unpickle.ts';
import { isPickle, type PickleValue } from '../pickle/values.ts';
import { collect, type Collected } from './collect.ts';
import { requestOf, type StorageRequest } from './rebuild.ts';
import type { Storage } from './storedTensor.ts';

/** 0x1950a86a20f9469cfc6c as pickle protocol 2 writes it. */
export const LEGACY_HEAD = [
  0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
];

/** @throws `bad-file`, `unsupported` */
export function readTorchLegacy(source: ByteSource): Collected {
  let at = LEGACY_HEAD.length;
  const next = (): Unpickled => {
    const cursor = cursorOf(source.name, source, at);
    const unpickled = unpickle(cursor);
    at = cursor.at();
    return unpickled;
  };
  next(); // the protocol, always 1001
  checkByteOrder(source.name, next().value);
  const { value, references } = next();
  const requests = references.flatMap((reference) => requestOf(source.name, reference) ?? []);
  const keys = next().value;
  const storages = locate(source, keys, at, new Map(requests.map((request) => [request.key, request])));
  const find = ({ key, bytes }: StorageRequest): Storage => {
    const storage = storages.get(key);
    if (!storage || storage.bytes < bytes) throw damaged(source.name, `lacks the values of storage ${key}`);
    return storage;
  };
  return collect({ file: source.name, find }, value);
}

const damaged = (file: string, detail: string): BitLensError =>
  new BitLensError('bad-file', ['{0} {1}.', file, detail], ['Copy or download the file again.']);

function checkByteOrder(file: string, facts: PickleValue): void {
  const entries = isPickle(facts, 'dict') ? facts.entries : [];
  if (entries.find(([key]) => key === 'little_endian')?.[1] === true) return;
  throw new BitLensError(
    'unsupported',
    ['{0} was saved on a big-endian machine.', file],
    ['Load it with PyTorch and save it again on a common machine.'],
  );
}

/** Where each storage stands. A record tells how many values it has, their type only the reference to it. */
function locate(
  source: ByteSource,
  keys: PickleValue,
  start: number,
  requests: ReadonlyMap<string, StorageRequest>,
): ReadonlyMap<string, Storage> {
  const storages = new Map<string, Storage>();
  let at = start;
  for (const key of isPickle(keys, 'list') ? keys.items : []) {
    const request = typeof key === 'string' ? requests.get(key) : undefined;
    if (!request) throw damaged(source.name, 'has values that nothing refers to');
    const begin = at + 8;
    at = begin + request.bytes;
    if (at > source.size) throw damaged(source.name, `ends before the values of storage ${request.key}`);
    const count = viewOf(source.readNow(begin - 8, 8)).getBigInt64(0, true);
    if (count * BigInt(storedBytes(request.dtype, 1)) !== BigInt(request.bytes))
      throw damaged(source.name, `has ${count} values in storage ${request.key}, not what it declares`);
    storages.set(request.key, {
      key: request.key,
      bytes: request.bytes,
      read: (offset, length) => source.readNow(begin + offset, length),
    });
  }
  return storages;
}
