// Opens the files beside the model that hold contents of its tensors; nothing is read from them yet.

import { BitLensError } from '../../errors.ts';
import type { ByteSource } from '../importer.ts';
import type { GraphProto, NodeProto, OnnxModel, TensorProto } from './model.ts';
import { locationOf, type TensorFiles } from './tensorData.ts';

/** @throws `missing-weights` naming the file that is not there, `bad-file` for one outside the folder */
export async function openExternal(source: ByteSource, model: OnnxModel): Promise<TensorFiles> {
  const tensors = [...inGraph(model.graph), ...inNodes(model.functions.flatMap(({ nodes }) => nodes))];
  const locations = new Set(tensors.filter((tensor) => tensor.external).map(locationOf));
  const external = new Map<string, ByteSource>();
  for (const location of locations) external.set(location, await openBeside(source, location));
  return { source, external };
}

async function openBeside(source: ByteSource, location: string): Promise<ByteSource> {
  try {
    return await source.sibling(location);
  } catch (error) {
    if (!BitLensError.is(error, 'bad-file') || isOutside(location)) throw error;
    throw new BitLensError(
      'missing-weights',
      ['{0} keeps its weights in {1}, which is not there.', source.name, location],
      ['Put both files into one folder.'],
    );
  }
}

const isOutside = (location: string): boolean => /^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)/i.test(location);

function* inGraph(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializers;
  yield* inNodes(graph.nodes);
}

function* inNodes(nodes: readonly NodeProto[]): Generator<TensorProto> {
  for (const { attributes } of nodes)
    for (const { tensor, graph } of attributes) {
      if (tensor) yield tensor;
      if (graph) yield* inGraph(graph);
    }
}
