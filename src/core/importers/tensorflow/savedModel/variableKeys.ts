// Which tensor of the checkpoint each variable gets: what the model's own restore op says when it is interpreted.
// It serves both kinds: TensorFlow 1 restores by the names of its variables, TensorFlow 2 by paths in the object graph.
// Reference: tensorflow/cc/saved_model/loader_util.cc, tensorflow/core/protobuf/saver.proto.

import { BitLensError } from '../../../errors.ts';
import { tensorGraph } from '../../tensors/tensorGraph.ts';
import type { GraphDef } from '../graphDef.ts';
import { evaluate } from '../interpret.ts';
import { layerNames } from '../layerNames.ts';
import { parseReference } from '../order.ts';
import type * as proto from '../schema/tensorflowProto.js';
import type { Value } from '../values.ts';

/** Keys by name of the variable; empty when the model restores nothing. */
export function variableKeys(
  file: string,
  graph: GraphDef,
  saver: proto.SaverDef | null | undefined,
): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const restore = parseReference(saver?.restoreOpName ?? '').node;
  if (!graph.nodes.has(restore)) return keys;
  const g = tensorGraph(file);
  const prefix: Value = { kind: 'texts', texts: [''] };
  const run = {
    g,
    graph,
    layers: layerNames(g),
    issues: [],
    steps: 0,
    assigned: (variable: string, key: string) => keys.set(variable, key),
    variable: (name: string) => {
      throw new BitLensError('unsupported', ['it reads variable {0} while it restores', name]);
    },
  };
  const given = new Map([[parseReference(saver?.filenameTensorName ?? '').node, prefix]]);
  evaluate(run, { nodes: graph.nodes, given, scope: '', depth: 0 }, [`^${restore}`]);
  return keys;
}
