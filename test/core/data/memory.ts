// Files and folders in memory, and the fixtures, for the tests of this folder.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Folder } from '../../../src/core/data/folder.ts';
import type { ModelInput } from '../../../src/core/data/modelInputs.ts';
import { listNpz } from '../../../src/core/data/npz.ts';
import { valueAt } from '../../../src/core/data/values.ts';
import { BitLensError, type ErrorKind } from '../../../src/core/errors.ts';
import type { ByteSource } from '../../../src/core/importers/importer.ts';

/** A file that also counts the bytes that are read of it. */
export interface MemorySource extends ByteSource {
  bytesRead: number;
}

export function memory(name: string, content: Uint8Array | string): MemorySource {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return {
    name,
    size: bytes.length,
    bytesRead: 0,
    readNow(offset, length) {
      if (offset < 0 || length < 0 || offset + length > bytes.length)
        throw new RangeError(`${name}: ${length} bytes at ${offset} of ${bytes.length}`);
      this.bytesRead += length;
      return bytes.subarray(offset, offset + length);
    },
    // eslint-disable-next-line @typescript-eslint/require-await -- a wrong range rejects, as from a file
    async read(offset, length) {
      return this.readNow(offset, length);
    },
    sibling: (other) => Promise.reject(new RangeError(`${name} has no ${other} beside it`)),
  };
}

export const fixtureBytes = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(path.join(process.cwd(), 'test/fixtures/data', name)));

export const fixture = (name: string): MemorySource => memory(name, fixtureBytes(name));

/** Content of a folder: files as bytes or text, folders as objects. */
export interface Tree {
  readonly [name: string]: Uint8Array | string | Tree;
}

const isFile = (node: Uint8Array | string | Tree): node is Uint8Array | string =>
  typeof node === 'string' || node instanceof Uint8Array;

/** Lists in reverse order of names, so that code that relies on an order fails. */
export function memoryFolder(name: string, tree: Tree, parent?: Folder): Folder {
  const self: Folder = {
    name,
    list: () =>
      Promise.resolve(
        Object.entries(tree)
          .map(([entry, node]) => ({
            name: entry,
            kind: isFile(node) ? ('file' as const) : ('folder' as const),
          }))
          .sort((a, b) => (a.name < b.name ? 1 : -1)),
      ),
    file(entry) {
      const node = tree[entry];
      assert.ok(node !== undefined && isFile(node), `${name} has no file ${entry}`);
      return Promise.resolve(memory(entry, node));
    },
    folder(entry) {
      const node = tree[entry];
      assert.ok(node !== undefined && !isFile(node), `${name} has no folder ${entry}`);
      return Promise.resolve(memoryFolder(entry, node, self));
    },
    parent: () => Promise.resolve(parent),
  };
  return self;
}

/** The arrays of a .npz fixture as plain numbers. */
export async function arraysOf(
  name: string,
): Promise<Map<string, { shape: readonly number[]; values: number[] }>> {
  const arrays = await listNpz(fixture(name));
  const entries = arrays.map(async (array) => {
    const loaded = await array.load(array.shape[0] ?? 1);
    const values = Array.from({ length: loaded.data.length }, (_, at) => valueAt(loaded, at));
    return [array.name, { shape: array.shape, values }] as const;
  });
  return new Map(await Promise.all(entries));
}

export const input = (...shape: number[]): ModelInput[] => [{ id: 'input', name: 'input', shape }];

/** The promise must fail with a BitLensError of this kind whose whole text matches. */
export async function refuses(promise: Promise<unknown>, kind: ErrorKind, text: RegExp): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof BitLensError, `not a BitLensError: ${String(error)}`);
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, text);
    return true;
  });
}
