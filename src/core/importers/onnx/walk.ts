// Walks the nodes of an ONNX model: looks up each node's row in the op table and lets it emit what the node computes.
// Graphs inside nodes (If, Loop) and functions of the model are walked where they are called.

import { BitLensError, say } from '../../errors.ts';
import { settled } from '../tensors/known.ts';
import type { Tensor, Unknown } from '../tensors/tensor.ts';
import { startLayer, type TensorGraph } from '../tensors/tensorGraph.ts';
import { NO_ROW, reasonOf, type Issue } from '../unsupported.ts';
import { attributeAccess, resolveAttributes, type Attributes } from './attributes.ts';
import type { FunctionProto, GraphProto, NodeProto } from './model.ts';
import type { OnnxNode } from './node.ts';
import { rowFor } from './ops/registry.ts';
import { ordered } from './order.ts';
import { lookUp, type Scope } from './scope.ts';
import { layerSettings } from './settings.ts';
import { tensorConstant, type TensorFiles } from './tensorData.ts';

export interface Walk {
  readonly g: TensorGraph;
  readonly files: TensorFiles;
  readonly names: ReadonlyMap<NodeProto, string>;
  readonly functions: ReadonlyMap<string, FunctionProto>;
  readonly batch: number | undefined;
  readonly producer: string;
  readonly issues: Issue[];
  /** Results that a row does not give, by name: an issue only when somebody reads them. */
  readonly missing: Map<string, { readonly node: NodeProto; readonly at: number }>;
  /** Layers that could be read, for the message about those that could not. */
  readonly read: string[];
  /** A loop in a loop in a loop multiplies: a small file can ask for a huge graph. */
  readonly steps: { left: number };
}

export const MAX_STEPS = 100_000;
/** Functions that call functions, graphs in graphs. */
const MAX_DEPTH = 40;
const UNKNOWN: Unknown = { kind: 'unknown' };

/** Registers the initializers, runs the nodes and gives the outputs; the inputs are in the scope. */
export function runGraph(walk: Walk, graph: GraphProto, scope: Scope): readonly (Tensor | Unknown)[] {
  for (const tensor of graph.initializers)
    define(walk, scope, tensor.name, () => tensorConstant(walk.files, tensor, tensor.name));
  for (const name of graph.sparse) {
    walk.issues.push({ layer: name, reason: 'weights stored as sparse tensors' });
    scope.tensors.set(name, UNKNOWN);
  }
  runNodes(walk, graph.nodes, scope);
  return graph.outputs.map(({ name }) => tensorNamed(walk, scope, name, `the output of graph ${graph.name}`));
}

function define(walk: Walk, scope: Scope, name: string, make: () => Tensor | Unknown): void {
  const known = scope.tensors.get(name);
  if (known)
    throw new BitLensError(
      'bad-file',
      ['{0}: the tensor {1} is there twice.', walk.g.file, name],
      ['Export the model again.'],
    );
  try {
    scope.tensors.set(name, make());
  } catch (error) {
    if (!BitLensError.is(error, 'unsupported')) throw error;
    walk.issues.push({ layer: name, reason: say(error.what) });
    scope.tensors.set(name, UNKNOWN);
  }
}

function tensorNamed(walk: Walk, scope: Scope, name: string, reader: string): Tensor | Unknown {
  const found = lookUp(scope, name);
  const missing = found?.kind === 'unknown' ? walk.missing.get(name) : undefined;
  if (missing) {
    walk.missing.delete(name);
    const { node, at } = missing;
    walk.issues.push({
      layer: walk.names.get(node) ?? node.name,
      reason: `${node.op}: its result ${at} is not computed`,
    });
  }
  if (found) return found;
  throw new BitLensError(
    'bad-file',
    ['{0}: {1} is the tensor {2}, which nothing makes.', walk.g.file, reader, name],
    ['The file is damaged or was edited: export the model again.'],
  );
}

function runNodes(walk: Walk, nodes: readonly NodeProto[], scope: Scope): void {
  if (scope.depth > MAX_DEPTH) throw tooMuch(walk);
  for (const node of ordered(walk.g.file, nodes)) {
    if (--walk.steps.left < 0) throw tooMuch(walk);
    const results = runNode(walk, node, scope);
    for (const [at, name] of node.outputs.entries()) {
      if (name === '') continue;
      if (results && !results[at]) walk.missing.set(name, { node, at });
      define(walk, scope, name, () => results?.[at] ?? UNKNOWN);
    }
  }
}

const tooMuch = (walk: Walk): BitLensError =>
  new BitLensError(
    'unsupported',
    ['{0} takes more than {1} steps when its loops and functions are unrolled.', walk.g.file, MAX_STEPS],
    ['Export the model without loops, for fewer steps.'],
  );

/** Results of a node; undefined when it cannot be read or reads what could not. */
function runNode(walk: Walk, node: NodeProto, scope: Scope): readonly (Tensor | Unknown)[] | undefined {
  const inputs = node.inputs.map((name) =>
    name === '' ? undefined : tensorNamed(walk, scope, name, `an input of node ${node.name || node.op}`),
  );
  const known = inputs.filter((input): input is Tensor | undefined => input?.kind !== 'unknown');
  if (known.length < inputs.length) return undefined;
  const layer = scope.prefix + (walk.names.get(node) ?? (node.name || node.op));
  const attributes = resolveAttributes(node, scope.attributes);
  const called = walk.functions.get(`${node.domain}/${node.op}`);
  if (called) return callFunction(walk, called, { inputs: known, layer, attributes, scope });
  return runRow(walk, viewOf(walk, node, { inputs: known, layer, attributes, scope }), layer);
}

interface Call {
  readonly inputs: readonly (Tensor | undefined)[];
  readonly layer: string;
  readonly attributes: Attributes;
  readonly scope: Scope;
}

function runRow(walk: Walk, node: OnnxNode, layer: string): readonly Tensor[] | undefined {
  const { g } = walk;
  const row = rowFor(node);
  const before = g.nodes.length;
  startLayer(g, { name: layer, className: node.op, settings: layerSettings(node, walk.producer) });
  const id = g.layers[g.current]!.id;
  try {
    if (!row) throw new BitLensError('unsupported', ['{0}: {1}', opName(node), NO_ROW]);
    const results = settled(g, node.inputs, row(g, node));
    if (g.nodes.length > before) walk.read.push(id);
    else forgetLayer(g, id);
    return results;
  } catch (error) {
    refused(walk, node, id, error);
    return;
  }
}

const opName = ({ op, domain, opset }: OnnxNode): string =>
  `${op} (${domain === '' ? 'opset' : `${domain} version`} ${opset})`;

function refused(walk: Walk, node: OnnxNode, id: string, error: unknown): undefined {
  if (!BitLensError.is(error)) throw error;
  const text = reasonOf(error, walk.g.file, id).replace(`Node ${node.name} (${node.op}): `, '');
  const reason = text.startsWith(node.op) ? text : `${opName(node)}: ${text}`;
  if (error.kind === 'unsupported') {
    walk.issues.push({ layer: id, reason });
    return undefined;
  }
  if (text.includes(walk.g.file)) throw error;
  throw new BitLensError(error.kind, ['{0}: node {1}: {2}.', walk.g.file, id, reason], error.hint);
}

/** A node that only renumbers axes or folds is no layer, and leaves its name to others. */
function forgetLayer(g: TensorGraph, id: string): void {
  if (g.layers.at(-1)?.id !== id) return;
  g.layers.pop();
  g.ids.delete(id);
  g.current = g.layers.length - 1;
}

function viewOf(walk: Walk, node: NodeProto, { inputs, layer, attributes, scope }: Call): OnnxNode {
  const access = attributeAccess(attributes, [walk.g.file, layer]);
  // Listed one by one: a spread of closures costs ten times the rest of this function.
  return {
    int: access.int,
    float: access.float,
    text: access.text,
    ints: access.ints,
    floats: access.floats,
    texts: access.texts,
    graph: access.graph,
    has: access.has,
    name: layer,
    op: node.op,
    domain: node.domain,
    opset: scope.opsets.get(node.domain) ?? 1,
    batch: walk.batch,
    inputs,
    outputs: node.outputs,
    tensor(name) {
      const tensor = access.tensorProto(name);
      return tensor && tensorConstant(walk.files, tensor, tensor.name || node.outputs[0] || layer);
    },
    run: (graph, given) => runInner(walk, graph, given, { ...scope, prefix: `${layer}/` }),
  };
}

function runInner(walk: Walk, graph: GraphProto, given: readonly Tensor[], outer: Scope): readonly Tensor[] {
  const tensors = new Map(
    graph.inputs.flatMap(({ name }, at) => (given[at] ? [[name, given[at]] as const] : [])),
  );
  const scope: Scope = { ...outer, tensors, outer, depth: outer.depth + 1 };
  return allKnown(runGraph(walk, graph, scope));
}

/** What is wrong inside is listed already. */
function allKnown(results: readonly (Tensor | Unknown)[]): readonly Tensor[] {
  const known = results.filter((result) => result.kind !== 'unknown');
  if (known.length === results.length) return known;
  throw new BitLensError('unsupported', ['a graph inside it cannot be read']);
}

function callFunction(
  walk: Walk,
  called: FunctionProto,
  { inputs, layer, attributes, scope }: Call,
): readonly (Tensor | Unknown)[] {
  const tensors = new Map(
    called.inputs.flatMap((name, at) => {
      const tensor = inputs[at];
      return tensor ? [[name, tensor] as const] : [];
    }),
  );
  const standard = called.defaults.map((attribute) => [attribute.name, attribute] as const);
  const inner: Scope = {
    tensors,
    outer: undefined,
    opsets: called.opsets,
    attributes: new Map([...standard, ...attributes]),
    prefix: `${layer}/`,
    depth: scope.depth + 1,
  };
  runNodes(walk, called.nodes, inner);
  return called.outputs.map((name) =>
    tensorNamed(walk, inner, name, `the output of function ${called.name}`),
  );
}
