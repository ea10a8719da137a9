// A folder of images as the core sees it. The engine implements it over the file system, tests over memory.

import type { ByteSource } from '../importers/importer.ts';

export interface FolderEntry {
  /** Name inside its folder, without any separator. */
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

export interface Folder {
  /** Base name, for messages and to find `<name>.csv` beside it. */
  readonly name: string;
  /** Files and folders directly inside, in any order; a symbolic link counts as what it leads to, broken ones are left out. */
  list(): Promise<readonly FolderEntry[]>;
  /** Only called with names that {@link list} gave as files. Throws `bad-file` when the file has gone or cannot be read. */
  file(name: string): Promise<ByteSource>;
  /** Only called with names that {@link list} gave as folders. */
  folder(name: string): Promise<Folder>;
  /** The folder this one lies in, where labels may be; undefined when there is none or it cannot be read. */
  parent(): Promise<Folder | undefined>;
}
