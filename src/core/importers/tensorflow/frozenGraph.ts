// A frozen graph: one GraphDef whose weights are constants (`frozen_inference_graph.pb`).

import { BitLensError } from '../../errors.ts';
import { MAX_MODEL_BYTES, readWhole } from '../bytes.ts';
import type { Importer } from '../importer.ts';
import { buildGraph } from './buildGraph.ts';
import { graphDefOf } from './graphDef.ts';
import { decodeMessage } from './messages.ts';
import { tensorflow } from './schema/tensorflowProto.js';
import { impliedSignature } from './signature.ts';

export const frozenGraph: Importer = {
  id: 'frozen-graph',
  title: 'TensorFlow frozen graph (.pb)',
  extensions: ['.pb'],
  match: looksLikeGraph,
  async open(source, options) {
    const bytes = await readWhole(source, MAX_MODEL_BYTES);
    const graph = graphDefOf(source.name, decodeMessage(source.name, tensorflow.GraphDef, bytes));
    return buildGraph(
      {
        file: source.name,
        graph,
        signature: impliedSignature(source.name, graph),
        framework: `TensorFlow (GraphDef ${graph.producer})`,
        variable: (name) => {
          throw notFrozen(source.name, name);
        },
      },
      options,
    );
  },
};

const notFrozen = (file: string, variable: string): BitLensError =>
  new BitLensError(
    'missing-weights',
    ['{0} has no values for its variable {1}.', file, variable],
    ['Freeze the graph (convert_variables_to_constants_v2), or open the SavedModel it comes from.'],
  );

/** Its first field is a node, whose first two are its name and its op: all three begin with their tag and length. */
function looksLikeGraph(head: Uint8Array): boolean {
  const node = lengthAt(head, 0, 0x0a);
  const name = node && lengthAt(head, node.start, 0x0a);
  const op = name && lengthAt(head, name.start + name.length, 0x12);
  if (!op || op.length === 0 || op.start + op.length > head.length) return false;
  return head.subarray(op.start, op.start + op.length).every(isWordCharacter);
}

const isWordCharacter = (code: number): boolean => /\w/.test(String.fromCharCode(code));

function lengthAt(head: Uint8Array, at: number, tag: number): { start: number; length: number } | undefined {
  if (head[at] !== tag) return undefined;
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = head[at + 1 + i];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { start: at + 2 + i, length };
  }
  return undefined;
}
