// Keras v3 archives (`.keras`): a zip of config.json, metadata.json and model.weights.h5.
// Reference: keras/src/saving/saving_lib.py.

import { listZip, type ZipEntry } from '../../data/zipDirectory.ts';
import { readZipEntry } from '../../data/zipEntry.ts';
import { BitLensError } from '../../errors.ts';
import { MAX_JSON_BYTES, MAX_MODEL_BYTES, startsWith } from '../bytes.ts';
import { withHdf5 } from '../hdf5.ts';
import type { ByteSource, Importer } from '../importer.ts';
import { isObject, parseJson } from '../json.ts';
import { readArchitecture } from './readArchitecture.ts';
import { fillFromHdf5 } from './weights/fromHdf5.ts';

const CONFIG = 'config.json';
const METADATA = 'metadata.json';
const WEIGHTS = 'model.weights.h5';

export const kerasV3: Importer = {
  id: 'keras-v3',
  title: 'Keras v3 archive (.keras)',
  extensions: ['.keras'],
  async match(head, source) {
    if (!startsWith(head, [0x50, 0x4b])) return false;
    const entries = await listZip(source).catch(() => []);
    return entries.some((entry) => entry.name === CONFIG);
  },
  async open(source, options) {
    const entries = new Map((await inArchive(() => listZip(source))).map((entry) => [entry.name, entry]));
    const metadata = await readJson(source, entries.get(METADATA));
    const version = isObject(metadata) ? metadata['keras_version'] : undefined;
    const root = await readJson(source, entries.get(CONFIG));
    if (root === undefined)
      throw new BitLensError(
        'bad-file',
        ['{0} is a zip archive without config.json, not a Keras model.', source.name],
        ['Save the model with model.save("name.keras").'],
      );
    const known = typeof version === 'string' ? version : undefined;
    const { graph, model, variables } = readArchitecture(source.name, root, known, options);
    if (variables.length === 0) return graph;
    const weights = await readEntry(source, entries.get(WEIGHTS), MAX_MODEL_BYTES);
    if (!weights) throw withoutWeights(source, [...entries.keys()]);
    await withHdf5(`${source.name}/${WEIGHTS}`, weights, (file) => fillFromHdf5(file, model, variables));
    return graph;
  },
};

async function readJson(source: ByteSource, entry: ZipEntry | undefined): Promise<unknown> {
  const bytes = await readEntry(source, entry, MAX_JSON_BYTES);
  return bytes && parseJson(bytes, `${source.name}/${entry!.name}`);
}

async function readEntry(source: ByteSource, entry: ZipEntry | undefined, limit: number) {
  if (!entry) return undefined;
  if (entry.size > limit)
    throw new BitLensError(
      'unsupported',
      ['{0}: {1} has {2} bytes; up to {3} are read.', source.name, entry.name, entry.size, limit],
      ['Save a smaller model, or one without optimizer state.'],
    );
  return inArchive(() => readZipEntry(source, entry, entry.size));
}

/** The zip reader serves data files too; its advice is not for models. */
async function inArchive<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!BitLensError.is(error)) throw error;
    throw new BitLensError(error.kind, error.what, [
      'Copy or download it again, or save the model again with Keras.',
    ]);
  }
}

function withoutWeights(source: ByteSource, names: readonly string[]): BitLensError {
  const sharded = names.some((name) => name.endsWith('.weights.json'));
  return new BitLensError(
    sharded ? 'unsupported' : 'missing-weights',
    sharded
      ? ['{0} keeps its weights in several shards.', source.name]
      : ['{0} holds no {1}.', source.name, WEIGHTS],
    ['Save the whole model again with model.save("name.keras").'],
  );
}
