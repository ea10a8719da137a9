// TF.js layers models: `model.json` with a Keras 2 topology and a manifest of binary shards.
// Reference: tfjs-layers/src/models.ts (loadLayersModelFromIOHandler), tfjs-core/src/io/types.ts.

import { strFromU8 } from 'fflate';
import { BitLensError } from '../../errors.ts';
import { MAX_JSON_BYTES, readWhole } from '../bytes.ts';
import type { Importer } from '../importer.ts';
import { isObject, type JsonObject } from '../../jsonObject.ts';
import { parseJson } from '../json.ts';
import { readArchitecture } from '../keras/readArchitecture.ts';
import { fillByName } from './namedWeights.ts';
import { readManifest } from './manifest.ts';

export const tfjsLayers: Importer = {
  id: 'tfjs-layers',
  title: 'TF.js layers model (model.json)',
  extensions: [],
  async match(head, source) {
    if (!/^\uFEFF?\s*\{/.test(strFromU8(head)) || source.size > MAX_JSON_BYTES) return false;
    const text = strFromU8(await source.read(0, source.size));
    return text.includes('"modelTopology"') || text.includes('"weightsManifest"');
  },
  async open(source, options) {
    const content = parseJson(await readWhole(source, MAX_JSON_BYTES), source.name);
    if (!isObject(content)) throw withoutTopology(source.name);
    const topology = topologyOf(content, source.name);
    // The converter keeps Keras's envelope, TF.js itself writes the model directly. TF.js computes as Keras 2.
    const root = isObject(topology['model_config']) ? topology['model_config'] : topology;
    const framework = frameworkOf(topology['keras_version']);
    const { graph, variables } = readArchitecture(source.name, root, '2.', options, framework);
    if (variables.length > 0)
      fillByName(source.name, await readManifest(source, content['weightsManifest']), variables);
    return graph;
  },
};

/** TF.js writes `tfjs-layers 4.22.0`, the converter the version of Keras. */
function frameworkOf(version: unknown): string {
  if (typeof version !== 'string') return 'TF.js layers';
  return version.startsWith('tfjs-layers')
    ? version.replace('tfjs-layers', 'TF.js layers')
    : `TF.js layers (Keras ${version})`;
}

function topologyOf(content: JsonObject, file: string): JsonObject {
  const topology = content['modelTopology'];
  if (!isObject(topology)) throw withoutTopology(file);
  return topology;
}

const withoutTopology = (file: string) =>
  new BitLensError(
    'bad-file',
    ['{0} has no modelTopology: it lists weights, but not the network they belong to.', file],
    ['Open the Keras model it was made from, or convert that again with its topology.'],
  );
