// Whole models in HDF5 (`.h5`, `.hdf5`): the architecture as JSON in the attribute `model_config`, the weights
// beside it. Keras 2 and Keras 3 both write them.

import { strToU8 } from 'fflate';
import { BitLensError } from '../../errors.ts';
import { MAX_MODEL_BYTES, readWhole, startsWith } from '../bytes.ts';
import { HDF5_SIGNATURE, withHdf5, type Hdf5File } from '../hdf5.ts';
import type { Importer, OpenOptions } from '../importer.ts';
import { parseJson } from '../json.ts';
import { readArchitecture } from './readArchitecture.ts';
import { fillFromHdf5 } from './weights/fromHdf5.ts';

export const kerasH5: Importer = {
  id: 'keras-h5',
  title: 'Keras HDF5 model (.h5, .hdf5)',
  extensions: ['.h5', '.hdf5'],
  match: (head) => startsWith(head, HDF5_SIGNATURE),
  async open(source, options) {
    const bytes = await readWhole(source, MAX_MODEL_BYTES);
    return withHdf5(source.name, bytes, (file) => {
      const { graph, model, variables } = readConfig(file, options);
      fillFromHdf5(file, model, variables);
      return graph;
    });
  },
};

function readConfig(file: Hdf5File, options: OpenOptions) {
  const config = file.strings('/', 'model_config')?.[0];
  if (config === undefined)
    throw new BitLensError(
      'bad-file',
      ['{0} holds no architecture (model_config); it may be a file of weights only.', file.name],
      ['Open the architecture (a .json of model.to_json()) and give this file as its weights.'],
    );
  const version = file.strings('/', 'keras_version')?.[0];
  return readArchitecture(
    file.name,
    parseJson(strToU8(config), `${file.name}/model_config`),
    version,
    options,
  );
}
