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
  return {
    name,
    size: bytes.length,
    read(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length)
        return Promise.reject(
          new BitLensError('bad-file', ['{0} ends before offset {1}.', name, offset + length]),
        );
      return Promise.resolve(bytes.slice(offset, offset + length));
    },
    sibling(relative) {
      const content = beside.get(path.posix.normalize(relative));
      return content
        ? Promise.resolve(memorySource(path.posix.basename(relative), content, beside))
        : Promise.reject(new BitLensError('bad-file', ['{0} is not there.', relative]));
    },
  };
}

export function textSource(name: string, text: string, beside?: ReadonlyMap<string, Uint8Array>): ByteSource {
  return memorySource(name, new TextEncoder().encode(text), beside);
}
