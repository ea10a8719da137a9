// A ByteSource over bytes in memory, with files beside it, that keeps the contract of importer.ts.

import path from 'node:path';
import { BitLensError } from '../../src/core/errors.ts';
import type { ByteSource } from '../../src/core/importers/importer.ts';

/** @param beside contents of the folder by relative path */
export function memorySource(
  name: string,
  bytes: Uint8Array,
  beside: ReadonlyMap<string, Uint8Array> = new Map(),
): ByteSource {
  const readNow = (offset: number, length: number): Uint8Array => {
    if (offset < 0 || length < 0 || offset + length > bytes.length)
      throw new BitLensError(
        'bad-file',
        ['{0} ends before offset {1}.', name, offset + length],
        ['Copy it again.'],
      );
    return bytes.slice(offset, offset + length);
  };
  return {
    name,
    size: bytes.length,
    readNow,
    // eslint-disable-next-line @typescript-eslint/require-await -- a wrong range rejects, as from a file
    read: async (offset, length) => readNow(offset, length),
    sibling(relative) {
      const content = beside.get(path.posix.normalize(relative));
      return content
        ? Promise.resolve(memorySource(path.posix.basename(relative), content, beside))
        : Promise.reject(
            new BitLensError(
              'bad-file',
              ['{0} names {1}, which is not there.', name, relative],
              ['Copy it.'],
            ),
          );
    },
  };
}

export function textSource(name: string, text: string, beside?: ReadonlyMap<string, Uint8Array>): ByteSource {
  return memorySource(name, new TextEncoder().encode(text), beside);
}
