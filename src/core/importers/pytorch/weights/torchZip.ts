// What torch.save writes since PyTorch 1.6: a zip archive with a pickle, `<root>/data.pkl`, and one entry per storage,
// `<root>/data/<key>`.
// Reference: torch/serialization.py (_save, _load).

import { BitLensError } from '../../../errors.ts';
import { listZip, type ZipEntry } from '../../../zip/zipDirectory.ts';
import type { ByteSource } from '../../importer.ts';
import { cursorOf } from '../pickle/cursor.ts';
import { unpickle } from '../pickle/unpickle.ts';
import { entrySource, readEntryNow } from './archiveEntry.ts';
import { collect, type Collected } from './collect.ts';
import type { Storages } from './rebuild.ts';

export const PICKLE = 'data.pkl';

/** Folder in the archive that holds the entry named so; undefined when there is none. */
export function rootOf(entries: readonly ZipEntry[], name: string): string | undefined {
  const entry = entries.find((candidate) => candidate.name === name || candidate.name.endsWith(`/${name}`));
  return entry?.name.slice(0, entry.name.length - name.length);
}

/** @throws `bad-file`, `unsupported` */
export async function readTorchZip(source: ByteSource): Promise<Collected> {
  const list = await listZip(source);
  const root = rootOf(list, PICKLE) ?? '';
  const entries = new Map(list.map((entry) => [entry.name, entry]));
  const pickle = entries.get(`${root}${PICKLE}`);
  if (!pickle)
    throw new BitLensError(
      'bad-file',
      ['{0} is a zip archive without data.pkl, not a PyTorch file.', source.name],
      ['Save it again with torch.save.'],
    );
  checkByteOrder(source, entries.get(`${root}byteorder`));
  const contents = entrySource(source, pickle);
  const { value } = unpickle(cursorOf(contents.name, contents));
  return collect(storagesIn(source, entries, root), value);
}

function checkByteOrder(source: ByteSource, entry: ZipEntry | undefined): void {
  if (!entry || readEntryNow(source, entry, 0, Math.min(entry.size, 3))[0] !== 'b'.charCodeAt(0)) return;
  throw new BitLensError(
    'unsupported',
    ['{0} was saved on a big-endian machine.', source.name],
    ['Load it with PyTorch and save it again on a common machine.'],
  );
}

function storagesIn(source: ByteSource, entries: ReadonlyMap<string, ZipEntry>, root: string): Storages {
  return {
    file: source.name,
    find({ key, bytes }) {
      const entry = entries.get(`${root}data/${key}`);
      if (!entry || entry.size < bytes)
        throw new BitLensError(
          'bad-file',
          ['{0} lacks {1} bytes of values in data/{2}.', source.name, bytes - (entry?.size ?? 0), key],
          ['Copy or download the file again.'],
        );
      return {
        key,
        bytes: entry.size,
        read: (offset, length) => readEntryNow(source, entry, offset, length),
      };
    },
  };
}
