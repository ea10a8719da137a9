// TF.js graph models: `model.json` with a GraphDef as JSON and a manifest of binary shards that hold its constants.
// Reference: tfjs-converter/src/executor/graph_model.ts, tfjs-core/src/io/types.ts.

import { strFromU8 } from 'fflate';
import { isObject, type JsonObject } from '../../jsonObject.ts';
import { MAX_JSON_BYTES, readWhole } from '../bytes.ts';
import type { Importer } from '../importer.ts';
import { parseJson } from '../json.ts';
import { buildGraph } from '../tensorflow/buildGraph.ts';
import { graphDefOf, type GraphDef } from '../tensorflow/graphDef.ts';
import { graphFromJson, shapeFromJson } from '../tensorflow/jsonGraph.ts';
import { signatureFrom } from '../tensorflow/savedModel/signatures.ts';
import { impliedSignature, type Signature } from '../tensorflow/signature.ts';
import { constantOf } from '../tensors/constants.ts';
import type { Constant } from '../tensors/tensor.ts';
import { BitLensError } from '../../errors.ts';
import { readManifest } from './manifest.ts';

export const tfjsGraph: Importer = {
  id: 'tfjs-graph',
  title: 'TF.js graph model (model.json)',
  extensions: [],
  async match(head, source) {
    if (!/^\uFEFF?\s*\{/.test(strFromU8(head)) || source.size > MAX_JSON_BYTES) return false;
    const text = strFromU8(await source.read(0, source.size));
    return (
      /"format"\s*:\s*"graph-model"/.test(text) ||
      /"modelTopology"\s*:\s*\{\s*"(node|library|versions)"/.test(text)
    );
  },
  async open(source, options) {
    const file = source.name;
    const content = parseJson(await readWhole(source, MAX_JSON_BYTES), file);
    if (!isObject(content) || !isObject(content['modelTopology'])) throw withoutTopology(file);
    const graph = graphDefOf(file, graphFromJson(file, content['modelTopology']));
    const constants = await storedConstants(source, content['weightsManifest']);
    return buildGraph(
      {
        file,
        graph,
        signature: signatureOf(file, graph, content) ?? impliedSignature(file, graph),
        framework: frameworkOf(content),
        stored: (node) => constants.get(node),
        variable: (name) => constants.get(name) ?? missing(file, name),
      },
      options,
    );
  },
};

const withoutTopology = (file: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0} has no modelTopology: it lists weights, but not the network they belong to.', file],
    ['Convert the model again.'],
  );

const missing = (file: string, name: string): never => {
  throw new BitLensError(
    'missing-weights',
    ['{0} has no values for its variable {1}.', file, name],
    ['Convert the model again, with its weights.'],
  );
};

async function storedConstants(
  source: Parameters<Importer['open']>[0],
  manifest: unknown,
): Promise<ReadonlyMap<string, Constant>> {
  const weights = await readManifest(source, manifest);
  return new Map(weights.map((weight) => [weight.name, constantOf(weight, weight.type)]));
}

function frameworkOf(content: JsonObject): string {
  const [converter, origin] = [content['convertedBy'], content['generatedBy']];
  const by = typeof converter === 'string' ? ` (${converter})` : '';
  return typeof origin === 'string' ? `TensorFlow ${origin}${by}` : `TF.js graph model${by}`;
}

/** Converters put it at the top, older ones in the user's data. */
function signatureOf(file: string, graph: GraphDef, content: JsonObject): Signature | undefined {
  const userData = content['userDefinedMetadata'];
  const signature = content['signature'] ?? (isObject(userData) ? userData['signature'] : undefined);
  if (!isObject(signature)) return undefined;
  const [inputs, outputs] = [infosOf(file, signature['inputs']), infosOf(file, signature['outputs'])];
  if (Object.keys(outputs).length === 0) return undefined;
  const named = signatureFrom(file, graph, inputs, outputs);
  return Object.keys(inputs).length > 0
    ? named
    : { ...impliedSignature(file, graph), outputs: named.outputs };
}

function infosOf(file: string, infos: unknown) {
  const entries = Object.entries(isObject(infos) ? infos : {}).flatMap(([key, info]) => {
    if (!isObject(info)) return [];
    const name = typeof info['name'] === 'string' ? info['name'] : key;
    const shape = info['tensorShape'];
    const known = isObject(shape) ? { tensorShape: shapeFromJson(file, shape) } : {};
    return [[key, { name, ...known }] as const];
  });
  return Object.fromEntries(entries);
}
