// The signature of a SavedModel that is analysed. Reference: tensorflow/core/protobuf/meta_graph.proto (SignatureDef).

import type { GraphDef } from '../graphDef.ts';
import type * as proto from '../schema/tensorflowProto.js';
import { placeholderShape, type InputInfo, type Signature } from '../signature.ts';
import { parseReference } from '../order.ts';
import { extentsOf } from '../tensorProto.ts';

const SERVING = 'serving_default';
/** What TensorFlow adds for itself. */
const OWN = '__saved_model_';

/** `serving_default`, else the first by name that has inputs and outputs; undefined when there is none. */
export function chosenSignature(
  file: string,
  graph: GraphDef,
  signatures: Readonly<Record<string, proto.SignatureDef>>,
): Signature | undefined {
  const named = Object.entries(signatures)
    .filter(([name, signature]) => !name.startsWith(OWN) && has(signature.inputs) && has(signature.outputs))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const chosen = (named.find(([name]) => name === SERVING) ?? named[0])?.[1];
  return chosen && signatureFrom(file, graph, chosen.inputs ?? {}, chosen.outputs ?? {});
}

const has = (infos: object | null | undefined): boolean => Object.keys(infos ?? {}).length > 0;

type Infos = Readonly<Record<string, proto.TensorInfo>>;

/** Inputs and outputs in the order of their names: `output_2` before `output_10`. */
export function signatureFrom(file: string, graph: GraphDef, inputs: Infos, outputs: Infos): Signature {
  return {
    inputs: byName(inputs).map(([name, info]) => inputFrom(file, graph, name, info)),
    outputs: byName(outputs).map(([name, info]) => info.name ?? name),
  };
}

function inputFrom(file: string, graph: GraphDef, name: string, info: proto.TensorInfo): InputInfo {
  const reference = info.name ?? name;
  const node = graph.nodes.get(parseReference(reference).node);
  const noted = extentsOf(info.tensorShape);
  const shape = noted && noted.length > 0 ? noted : node && placeholderShape(file, node);
  return { name: name.replace(/:0$/, ''), reference, shape, dtype: info.dtype ?? 0 };
}

const byName = (infos: Infos) =>
  Object.entries(infos).sort(([a], [b]) => {
    const [left, right] = [numbered(a), numbered(b)];
    if (left.stem !== right.stem) return left.stem < right.stem ? -1 : 1;
    return left.number - right.number;
  });

function numbered(name: string): { stem: string; number: number } {
  const [, stem = name, number = '-1'] = /^(.*?)(\d+)$/.exec(name) ?? [];
  return { stem, number: Number(number) };
}
