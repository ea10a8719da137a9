// Files and folders of this machine as the core sees them.

import { open, readdir, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Folder, FolderEntry } from '../core/data/folder.ts';
import { BitLensError } from '../core/errors.ts';
import type { ByteSource } from '../core/importers/importer.ts';

/** Throws `bad-file` when the file is not there or cannot be read. */
export async function openFile(file: string): Promise<ByteSource> {
  const name = path.basename(file);
  const { size, mtimeMs } = await statFile(file);
  return {
    name,
    size,
    readNow(offset, length) {
      checkRange(name, size, offset, length);
      const handle = openSync(file, 'r');
      try {
        checkSame(name, mtimeMs, fstatSync(handle));
        const buffer = new Uint8Array(length);
        let filled = 0;
        while (filled < length) {
          const bytesRead = readSync(handle, buffer, filled, length - filled, offset + filled);
          if (bytesRead === 0) throw becameShorter(name);
          filled += bytesRead;
        }
        return buffer;
      } finally {
        closeSync(handle);
      }
    },
    async read(offset, length) {
      checkRange(name, size, offset, length);
      const handle = await open(file);
      try {
        checkSame(name, mtimeMs, await handle.stat());
        const buffer = new Uint8Array(length);
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
          if (bytesRead === 0) throw becameShorter(name);
          filled += bytesRead;
        }
        return buffer;
      } finally {
        await handle.close();
      }
    },
    sibling: async (relative) => openFile(insideFolder(path.dirname(file), relative, name)),
  };
}

function checkRange(name: string, size: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return;
  throw new BitLensError(
    'bad-file',
    ['{0} ends at byte {1}; {2} bytes from {3} were expected.', name, size, length, offset],
    ['The file may be truncated: copy or save it again.'],
  );
}

/** Weights are read long after the file was opened: by then it may be another one. */
function checkSame(name: string, mtimeMs: number, now: { readonly mtimeMs: number }): void {
  if (now.mtimeMs === mtimeMs) return;
  throw new BitLensError('bad-file', ['{0} was changed while it was read.', name], ['Start again.']);
}

const becameShorter = (name: string): BitLensError =>
  new BitLensError('bad-file', ['{0} became shorter while it was read.', name]);

/** A path in a model file must not lead out of the model's folder. */
function insideFolder(folder: string, relative: string, name: string): string {
  const target = path.resolve(folder, relative);
  // The folder may be relative itself; at the root of a drive it ends in a separator.
  const within = path.relative(path.resolve(folder), target);
  const leaves = within === '' || within === '..' || within.startsWith(`..${path.sep}`);
  if (leaves || path.isAbsolute(relative) || path.isAbsolute(within)) {
    throw new BitLensError(
      'bad-file',
      ['{0} refers to {1}, outside its folder.', name, relative],
      ['Keep all files of a model in one folder.'],
    );
  }
  return target;
}

async function statFile(file: string): Promise<{ size: number; mtimeMs: number }> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found;
  } catch {
    throw new BitLensError('bad-file', ['There is no file {0}.', file], ['Check the path.']);
  }
  throw new BitLensError('bad-file', ['{0} is not a file.', file], ['Choose a file in it.']);
}

export function openFolder(folder: string): Folder {
  return {
    name: path.basename(folder),
    async list() {
      const entries = await readdir(folder, { withFileTypes: true });
      const resolved = await Promise.all(
        entries.map(async (entry) => ({ entry, kind: await kindOf(folder, entry.name) })),
      );
      return resolved.flatMap(({ entry, kind }): FolderEntry[] => (kind ? [{ name: entry.name, kind }] : []));
    },
    file: (name) => openFile(path.join(folder, name)),
    folder: (name) => Promise.resolve(openFolder(path.join(folder, name))),
    async parent() {
      const above = path.dirname(folder);
      return above !== folder && (await isFolder(above)) ? openFolder(above) : undefined;
    },
  };
}

/** Links count as what they lead to; broken ones as nothing. */
async function kindOf(folder: string, name: string): Promise<FolderEntry['kind'] | undefined> {
  try {
    const found = await stat(path.join(folder, name));
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

export async function isFolder(target: string): Promise<boolean> {
  try {
    return (await stat(target)).isDirectory();
  } catch {
    return false;
  }
}

/** SHA-256 over the contents of a file, or over names and sizes of a folder's files, in hex. */
export async function hashPath(target: string): Promise<string> {
  const hash = createHash('sha256');
  if (await isFolder(target)) {
    for (const name of (await readdir(target, { recursive: true })).sort()) {
      hash.update(`${name} ${(await stat(path.join(target, name))).size}\n`);
    }
  } else {
    await statFile(target);
    await pipeline(createReadStream(target), hash);
  }
  return hash.digest('hex');
}
