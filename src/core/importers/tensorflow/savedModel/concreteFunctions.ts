// A SavedModel without signatures (`tf.saved_model.save(module)`): its functions are traced all the same, and the object
// graph says which variables they captured. Reference: tensorflow/core/protobuf/saved_object_graph.proto.

import { BitLensError } from '../../../errors.ts';
import type { GraphParts } from '../buildGraph.ts';
import type { FunctionDef, GraphDef } from '../graphDef.ts';
import type * as proto from '../schema/tensorflowProto.js';
import { extentsOf } from '../tensorProto.ts';
import type { Value } from '../values.ts';

/** Functions that Keras and TensorFlow save for themselves. */
const OWN = /^__inference__(traced|update)_|training|_layer_call_|_save_/;

/** @throws `unsupported` when there is no function, or several that could be meant */
export function functionParts(
  file: string,
  graph: GraphDef,
  objects: proto.SavedObjectGraph | null | undefined,
): Pick<GraphParts, 'signature' | 'given' | 'nodes'> {
  const traced = Object.entries(objects?.concreteFunctions ?? {}).flatMap(([name, { boundInputs }]) => {
    const definition = graph.functions.get(name);
    const captures = boundInputs ?? [];
    return definition && !OWN.test(name) && definition.args.length > captures.length
      ? [{ definition, captures }]
      : [];
  });
  const [only] = traced;
  if (!only || traced.length > 1)
    throw new BitLensError(
      'unsupported',
      ['{0} has no signature, and {1} functions that could be meant.', file, traced.length],
      ['Save it with one: tf.saved_model.save(model, folder, signatures=function).'],
    );
  return partsOf(file, only.definition, only.captures, objects?.nodes ?? []);
}

function partsOf(
  file: string,
  { args, argShapes, outputs, returns, nodes }: FunctionDef,
  captures: readonly number[],
  objects: readonly proto.SavedObject[],
): Pick<GraphParts, 'signature' | 'given' | 'nodes'> {
  const first = args.length - captures.length;
  const given = captures.map((id, at): [string, Value] => {
    const variable = objects[id]?.variable?.name;
    if (variable) return [args[first + at]!, { kind: 'variable', name: variable }];
    throw new BitLensError(
      'unsupported',
      ['{0} has no signature, and its function captures more than variables.', file],
      ['Save it with one: tf.saved_model.save(model, folder, signatures=function).'],
    );
  });
  const inputs = args.slice(0, first).map((name, at) => {
    const shape = extentsOf(argShapes[at]);
    return { name, reference: name, shape: shape?.length === 0 ? undefined : shape, dtype: 0 };
  });
  const signature = { inputs, outputs: outputs.map((output) => returns.get(output) ?? output) };
  return { signature, given: new Map(given), nodes };
}
