// SavedModel: `saved_model.pb` with a graph, its functions and its signatures, and the folder `variables` beside it.
// Reference: tensorflow/core/protobuf/{saved_model,meta_graph}.proto, tensorflow/cc/saved_model/README.md.

import { BitLensError } from '../../../errors.ts';
import { MAX_MODEL_BYTES, readWhole } from '../../bytes.ts';
import type { ByteSource, Importer } from '../../importer.ts';
import type { Constant } from '../../tensors/tensor.ts';
import { buildGraph, type GraphParts } from '../buildGraph.ts';
import { graphDefOf, type GraphDef } from '../graphDef.ts';
import { decodeMessage } from '../messages.ts';
import { tensorflow } from '../schema/tensorflowProto.js';
import type * as proto from '../schema/tensorflowProto.js';
import { openBundle } from './bundle.ts';
import { chosenSignature } from './signatures.ts';
import { functionParts } from './concreteFunctions.ts';
import { variableKeys } from './variableKeys.ts';

const PREFIX = 'variables/variables';

export const savedModel: Importer = {
  id: 'saved-model',
  title: 'TensorFlow SavedModel (saved_model.pb)',
  extensions: ['saved_model.pb'],
  match: (head) => head[0] === 0x08 && head[1] === 0x01 && head[2] === 0x12 && opensMetaGraph(head),
  async open(source, options) {
    const file = source.name;
    const bytes = await readWhole(source, MAX_MODEL_BYTES);
    const model = decodeMessage(file, tensorflow.SavedModel, bytes);
    const meta = servingGraph(file, model.metaGraphs ?? []);
    const graph = graphDefOf(file, meta.graphDef ?? {});
    const version = meta.metaInfoDef?.tensorflowVersion;
    const variable = await variablesOf(source, graph, meta);
    const parts = {
      file,
      graph,
      variable,
      framework: version ? `TensorFlow ${version}` : 'TensorFlow',
    } satisfies Partial<GraphParts>;
    const signature = chosenSignature(source.name, graph, meta.signatureDef ?? {});
    return buildGraph(
      signature ? { ...parts, signature } : { ...parts, ...functionParts(file, graph, meta.objectGraphDef) },
      options,
    );
  },
};

/** Behind the length of the meta graph comes its first field, a message. */
function opensMetaGraph(head: Uint8Array): boolean {
  const end = head.subarray(3, 9).findIndex((byte) => byte < 0x80);
  return end >= 0 && head[3 + end + 1] === 0x0a;
}

/** The one for inference, else the first. */
function servingGraph(file: string, graphs: readonly proto.MetaGraphDef[]): proto.MetaGraphDef {
  const found = graphs.find((meta) => meta.metaInfoDef?.tags?.includes('serve')) ?? graphs[0];
  if (found) return found;
  throw new BitLensError('bad-file', ['{0} holds no graph.', file], ['Save the model again.']);
}

/** Variables by name, each opened once: what reads it twice reads the same parameter. */
async function variablesOf(
  source: ByteSource,
  graph: GraphDef,
  meta: proto.MetaGraphDef,
): Promise<(name: string) => Constant> {
  const keys = variableKeys(source.name, graph, meta.saverDef);
  const uses = keys.size > 0 || [...graph.nodes.values()].some(({ op }) => op.startsWith('Var'));
  const bundle = uses ? await openBundle(source, PREFIX) : undefined;
  const opened = new Map<string, Constant>();
  return (name) => {
    const known = opened.get(name);
    if (known) return known;
    const key = keys.get(name) ?? name;
    if (!bundle?.has(key))
      throw new BitLensError(
        'missing-weights',
        ['{0}: its folder variables has no values for variable {1}.', source.name, name],
        ['Save the model again, and keep saved_model.pb and the folder variables together.'],
      );
    const tensor = bundle.tensor(key, name);
    opened.set(name, tensor);
    return tensor;
  };
}
