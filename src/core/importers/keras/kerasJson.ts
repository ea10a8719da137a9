// The architecture alone, as model.to_json() writes it, with the weights in an HDF5 file of their own.

import { strFromU8 } from 'fflate';
import { BitLensError } from '../../errors.ts';
import { MAX_JSON_BYTES, MAX_MODEL_BYTES, readWhole, startsWith } from '../bytes.ts';
import { HDF5_SIGNATURE, withHdf5 } from '../hdf5.ts';
import type { ByteSource, Importer } from '../importer.ts';
import { isObject } from '../../jsonObject.ts';
import { parseJson } from '../json.ts';
import { readArchitecture } from './readArchitecture.ts';
import { fillFromHdf5 } from './weights/fromHdf5.ts';

export const kerasJson: Importer = {
  id: 'keras-json',
  title: 'Keras architecture (.json) with weights (.h5)',
  extensions: ['.json'],
  async match(head, source) {
    if (!/^\uFEFF?\s*\{/.test(strFromU8(head)) || source.size > MAX_JSON_BYTES) return false;
    const text = strFromU8(await source.read(0, source.size));
    return text.includes('"class_name"') && text.includes('"config"');
  },
  async open(source, options) {
    const root = parseJson(await readWhole(source, MAX_JSON_BYTES), source.name);
    const version =
      isObject(root) && typeof root['keras_version'] === 'string' ? root['keras_version'] : undefined;
    const { graph, model, variables } = readArchitecture(source.name, root, version, options);
    if (variables.length === 0) return graph;
    const weights = options.weights ?? (await weightsBeside(source));
    const bytes = await readWhole(weights, MAX_MODEL_BYTES);
    if (!startsWith(bytes, HDF5_SIGNATURE))
      throw new BitLensError(
        'bad-file',
        ['{0} is not an HDF5 file, which weights of a Keras architecture are stored in.', weights.name],
        ['Give the file that model.save_weights() wrote.'],
      );
    await withHdf5(weights.name, bytes, (file) => fillFromHdf5(file, model, variables));
    return graph;
  },
};

/** The names that people give the weights of `model.json`. */
async function weightsBeside(source: ByteSource): Promise<ByteSource> {
  const stem = source.name.replace(/\.json$/i, '');
  for (const name of [`${stem}.weights.h5`, `${stem}_weights.h5`]) {
    try {
      return await source.sibling(name);
    } catch (error) {
      if (!BitLensError.is(error, 'bad-file')) throw error;
    }
  }
  throw new BitLensError(
    'missing-weights',
    ['{0} describes a network, but its weights are in another file.', source.name],
    ['Give the weights (.h5) as well, or name them {0}.weights.h5 and put them beside.', stem],
  );
}
