// Keras v3 archives (`.keras`): a zip of config.json, metadata.json and model.weights.h5.
// Reference: keras/src/saving/saving_lib.py.

import { listZip, type ZipEntry } from '../../zip/zipDirectory.ts';
import { readZipEntry } from '../../zip/zipEntry.ts';
import { BitLensError } from '../../errors.ts';
import { MAX_JSON_BYTES, MAX_MODEL_BYTES, startsWith } from '../bytes.ts';
import { elements } from '../../ir/graph.ts';
import { withHdf5 } from '../hdf5.ts';
import type { ByteSource, Importer } from '../importer.ts';
import { isObject } from '../../jsonObject.ts';
import { parseJson } from '../json.ts';
import { readArchitecture } from './readArchitecture.ts';
import { fillFromHdf5 } from './weights/fromHdf5.ts';
import type { Variable } from './weights/variable.ts';

const CONFIG = 'config.json';
const METADATA = 'metadata.json';
const WEIGHTS = 'model.weights.h5';
const MEGABYTE = 2 ** 20;

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
    const entries = new Map((await listZip(source)).map((entry) => [entry.name, entry]));
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
    const weights = await readEntry(source, entries.get(WEIGHTS), roomFor(variables));
    if (!weights) throw withoutWeights(source, [...entries.keys()]);
    await withHdf5(`${source.name}/${WEIGHTS}`, weights, (file) => fillFromHdf5(file, model, variables));
    return graph;
  },
};

/**
 * Bytes that the weights of an architecture may take: sixteen float32 copies of each parameter (optimizers keep two or
 * three), what HDF5 needs to store a variable, and some for what else Keras puts there. More is a zip bomb.
 */
function roomFor(variables: readonly Variable[]): number {
  const parameters = variables.reduce((sum, { shape }) => sum + elements(shape), 0);
  return Math.min(16 * MEGABYTE + variables.length * 2 ** 16 + parameters * 64, MAX_MODEL_BYTES);
}

async function readJson(source: ByteSource, entry: ZipEntry | undefined): Promise<unknown> {
  const bytes = await readEntry(source, entry, MAX_JSON_BYTES);
  return bytes && parseJson(bytes, `${source.name}/${entry!.name}`);
}

async function readEntry(source: ByteSource, entry: ZipEntry | undefined, limit: number) {
  if (!entry) return undefined;
  if (entry.size > limit)
    throw new BitLensError(
      'unsupported',
      [
        '{0}: {1} has {2} bytes; for this network up to {3} are read.',
        source.name,
        entry.name,
        entry.size,
        limit,
      ],
      ['Save a smaller model, or one without optimizer state.'],
    );
  return readZipEntry(source, entry, entry.size);
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
