// An archive of torch.export.save: a program as JSON, and the tensors it refers to by name.
//   since 2.7: <root>/models/model.json, <root>/data/weights/*, <root>/data/constants/* with a JSON table for each folder
//   2.1 – 2.6: serialized_exported_program.json, serialized_state_dict.pt, serialized_constants.pt (files of torch.save)
// References: torch/export/pt2_archive/_package.py, torch/export/__init__.py (load).

import { BitLensError } from '../../../errors.ts';
import { isObject, type JsonObject } from '../../../jsonObject.ts';
import { listZip, type ZipEntry } from '../../../zip/zipDirectory.ts';
import { MAX_JSON_BYTES } from '../../bytes.ts';
import { storedBytes } from '../../elementTypes.ts';
import type { ByteSource } from '../../importer.ts';
import { parseJson } from '../../json.ts';
import { entrySource, readEntryNow } from '../weights/archiveEntry.ts';
import { SCALAR_TYPES } from '../weights/dtypes.ts';
import { checkTensor, type NamedTensor, type StoredTensor } from '../weights/storedTensor.ts';
import { readTorchZip, rootOf } from '../weights/torchZip.ts';
import { readProgram, type Program } from './schema.ts';

export const OLD_PROGRAM = 'serialized_exported_program.json';
const OLD_TENSORS = ['serialized_state_dict', 'serialized_constants'];
export const ARCHIVE_FORMAT = 'archive_format';

export interface ExportedArchive {
  readonly program: Program;
  /** By the name that the program uses: `features.0.weight`. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
}

type Entries = ReadonlyMap<string, ZipEntry>;

/** @throws `bad-file`, `unsupported` */
export async function openExported(source: ByteSource): Promise<ExportedArchive> {
  const list = await listZip(source);
  const entries: Entries = new Map(list.map((entry) => [entry.name, entry]));
  const oldRoot = rootOf(list, OLD_PROGRAM);
  const root = oldRoot ?? rootOf(list, ARCHIVE_FORMAT) ?? '';
  const place = oldRoot === undefined ? modelName(source, list, root) : undefined;
  const program = entries.get(place === undefined ? `${root}${OLD_PROGRAM}` : `${root}models/${place}.json`);
  const tensors =
    place === undefined
      ? await oldTensors(source, entries, root)
      : ['weights', 'constants'].flatMap((folder) => tableOf(source, entries, root, folder, place));
  for (const named of tensors) checkTensor(source.name, named);
  return {
    program: readProgram(source.name, json(source, program)),
    tensors: new Map(tensors.map(({ name, tensor }) => [name, tensor])),
  };
}

/** The one program of the archive. */
function modelName(source: ByteSource, list: readonly ZipEntry[], root: string): string {
  const prefix = `${root}models/`;
  const names = list.flatMap(({ name }) =>
    name.startsWith(prefix) && name.endsWith('.json') ? [name.slice(prefix.length, -5)] : [],
  );
  if (names.length === 1) return names[0]!;
  throw new BitLensError(
    'unsupported',
    ['{0} holds {1} exported programs; BitLens reads archives with one.', source.name, names.length],
    ['Save the one to analyse with torch.export.save(program, "model.pt2").'],
  );
}

function json(source: ByteSource, entry: ZipEntry | undefined): unknown {
  if (!entry) throw damaged(source, 'lacks its program');
  if (entry.size > MAX_JSON_BYTES)
    throw new BitLensError(
      'unsupported',
      ['{0}: {1} has {2} bytes; up to {3} are read.', source.name, entry.name, entry.size, MAX_JSON_BYTES],
      ['Export a smaller part of the model.'],
    );
  return parseJson(readEntryNow(source, entry, 0, entry.size), `${source.name}/${entry.name}`);
}

const damaged = (source: ByteSource, detail: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0} {1}.', source.name, detail],
    ['Export the model again with torch.export.save.'],
  );

async function oldTensors(
  source: ByteSource,
  entries: Entries,
  root: string,
): Promise<readonly NamedTensor[]> {
  const found: NamedTensor[] = [];
  for (const name of OLD_TENSORS) {
    // The first versions call the same contents .json.
    const entry = entries.get(`${root}${name}.pt`) ?? entries.get(`${root}${name}.json`);
    if (entry && entry.size > 0) found.push(...(await readTorchZip(entrySource(source, entry))).tensors);
  }
  return found;
}

function tableOf(
  source: ByteSource,
  entries: Entries,
  root: string,
  folder: string,
  model: string,
): readonly NamedTensor[] {
  const place = `${root}data/${folder}/`;
  const table = entries.get(`${place}${model}_${folder}_config.json`);
  if (!table) return [];
  const stored = json(source, table);
  const config = isObject(stored) && isObject(stored['config']) ? stored['config'] : {};
  return Object.entries(config).flatMap(([name, payload]) => {
    // Without a description it is an object of Python, which no operation BitLens reads takes.
    if (!isObject(payload) || !isObject(payload['tensor_meta'])) return [];
    if (payload['use_pickle'] === true) return [];
    const entry = entries.get(`${place}${String(payload['path_name'])}`);
    if (!entry) throw damaged(source, `lacks the values of ${name}`);
    return [{ name, tensor: tensorOf(source, entry, name, payload['tensor_meta']) }];
  });
}

function tensorOf(source: ByteSource, entry: ZipEntry, name: string, meta: JsonObject): StoredTensor {
  const dtype = SCALAR_TYPES.get(Number(meta['dtype']));
  if (!dtype)
    throw new BitLensError(
      'unsupported',
      ['{0}: tensor {1} is stored as a type that BitLens does not read.', source.name, name],
      ['Convert the model to float32 and export it again.'],
    );
  const offset = intOf(meta['storage_offset']);
  return {
    // A tensor that is a view has its whole storage here.
    storage: {
      key: entry.name,
      bytes: entry.size - (entry.size % storedBytes(dtype, 1)),
      read: (start, length) => readEntryNow(source, entry, start, length),
    },
    dtype,
    shape: intsOf(meta['sizes']),
    strides: intsOf(meta['strides']),
    offset,
  };
}

const intOf = (value: unknown): number => (isObject(value) ? Number(value['as_int']) : NaN);
const intsOf = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(intOf) : []);
