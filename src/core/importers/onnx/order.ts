// The nodes of an ONNX graph so that each follows those it reads. The format demands that order; files are not to be trusted.

import { BitLensError } from '../../errors.ts';
import { inOrder } from '../order.ts';
import type { GraphProto, NodeProto } from './model.ts';

/** @throws `bad-file` for a cycle, and for two nodes that make the same tensor */
export function ordered(file: string, nodes: readonly NodeProto[]): readonly NodeProto[] {
  const makers = makersOf(file, nodes);
  const read = (node: NodeProto): readonly NodeProto[] =>
    [...new Set(readsOf(node))].flatMap((name) => makers.get(name) ?? []);
  return inOrder(nodes, read, (node) => cycle(file, node));
}

function makersOf(file: string, nodes: readonly NodeProto[]): ReadonlyMap<string, NodeProto> {
  const makers = new Map<string, NodeProto>();
  for (const node of nodes)
    for (const name of node.outputs) {
      if (name === '') continue;
      if (makers.has(name))
        throw new BitLensError(
          'bad-file',
          ['{0}: two nodes make the tensor {1}.', file, name],
          ['Export the model again.'],
        );
      makers.set(name, node);
    }
  return makers;
}

/** What a node reads, the graphs inside it included. */
function* readsOf(node: NodeProto): Generator<string> {
  yield* node.inputs;
  for (const { graph } of node.attributes) if (graph) yield* capturedBy(graph);
}

function* capturedBy(graph: GraphProto): Generator<string> {
  for (const node of graph.nodes) yield* readsOf(node);
  for (const output of graph.outputs) yield output.name;
}

const cycle = (file: string, node: NodeProto): BitLensError =>
  new BitLensError(
    'bad-file',
    [
      '{0}: node {1} ({2}) reads what is made from its own output.',
      file,
      node.name || node.outputs[0]!,
      node.op,
    ],
    ['The file is damaged or was edited: export the model again.'],
  );
