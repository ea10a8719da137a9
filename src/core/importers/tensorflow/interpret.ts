// Walks a GraphDef and the functions it calls, node by node, and lets the rows of the op table emit what they compute.
// Calls are inlined. Ops without a row are noted, and what reads them is skipped, so that one pass finds them all.

import { BitLensError } from '../../errors.ts';
import { entryOf } from '../entryOf.ts';
import { settled } from '../tensors/known.ts';
import type { Constant, Tensor } from '../tensors/tensor.ts';
import type { TensorGraph } from '../tensors/tensorGraph.ts';
import { reasonOf, type Issue } from '../unsupported.ts';
import { adviceFor } from './advice.ts';
import { attributesOf } from './attributes.ts';
import { refuse, type OpCall } from './call.ts';
import type { FunctionDef, GraphDef, NodeDef, Nodes } from './graphDef.ts';
import { enterLayer, type LayerNames } from './layerNames.ts';
import { neededOrder, parseReference, referencesOf, type Reference } from './order.ts';
import { opRows } from './rows/table.ts';
import { DEAD, isTensor, UNKNOWN, type Value } from './values.ts';
import { valueRows } from './valueRows.ts';

export interface Interpreter {
  readonly g: TensorGraph;
  readonly graph: GraphDef;
  readonly layers: LayerNames;
  readonly issues: Issue[];
  /** Content of a `Const` that the graph stores elsewhere (TF.js). */
  readonly stored?: ((node: string) => Constant | undefined) | undefined;
  /** @throws `missing-weights` */
  variable(name: string): Constant;
  /** Tells of a variable that gets its value from the checkpoint; set while the restore op runs. */
  readonly assigned?: ((variable: string, key: string) => void) | undefined;
  /** Nodes interpreted so far, those of inlined calls each time. */
  steps: number;
}

/** The main graph or the body of a function. */
export interface Frame {
  readonly nodes: Nodes;
  /** Values by name that are there from the start: arguments, fed placeholders. */
  readonly given: ReadonlyMap<string, Value>;
  /** Scope that the names of this frame's nodes are in: `model/StatefulPartitionedCall/`. */
  readonly scope: string;
  readonly depth: number;
}

const MAX_STEPS = 500_000;
const MAX_DEPTH = 40;

/** Values of references such as `StatefulPartitionedCall:0`. */
export function evaluate(run: Interpreter, frame: Frame, references: readonly string[]): readonly Value[] {
  const wanted = references.map(parseReference);
  const results = new Map<string, readonly Value[]>();
  const resolve = (ref: Reference): Value => {
    const given = frame.given.get(ref.node);
    if (given) return given;
    return pick(run, frame.nodes.get(ref.node), results.get(ref.node) ?? [], ref);
  };
  const names = wanted.map((ref) => ref.node);
  const control = run.assigned !== undefined;
  const order = neededOrder(run.g.file, frame.nodes, names, (name) => frame.given.has(name), control);
  for (const node of order) {
    if (++run.steps > MAX_STEPS)
      throw new BitLensError(
        'unsupported',
        ['{0} runs through more than {1} operations.', run.g.file, MAX_STEPS],
        ['Save a smaller part of the model.'],
      );
    const inputs = referencesOf(node).filter((ref) => !ref.control);
    results.set(node.name, evaluateNode(run, frame, node, inputs.map(resolve)));
  }
  return wanted.map((ref) => (ref.control ? UNKNOWN : resolve(ref)));
}

function pick(run: Interpreter, node: NodeDef | undefined, values: readonly Value[], ref: Reference): Value {
  const [only] = values;
  if (only && (only.kind === 'unknown' || only.kind === 'dead') && values.length === 1) return only;
  const found = values[node ? outputIndex(run, node, ref) : ref.index];
  if (found) return found;
  throw new BitLensError(
    'bad-file',
    ['{0}: node {1} has no output {2}.', run.g.file, ref.node, ref.output ?? ref.index],
    ['The file is damaged or was edited; save the model again.'],
  );
}

/** Ops with several outputs that functions name; all others count within their one output. */
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  FusedBatchNorm: ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2'],
  FusedBatchNormV2: ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2'],
  FusedBatchNormV3: ['y', 'batch_mean', 'batch_variance', 'reserve_space_1', 'reserve_space_2'],
  TopKV2: ['values', 'indices'],
  Switch: ['output_false', 'output_true'],
  Merge: ['output', 'value_index'],
};

function outputIndex(run: Interpreter, { op }: NodeDef, { output, index }: Reference): number {
  if (output === undefined) return index;
  const names = entryOf(OUTPUTS, op) ?? run.graph.functions.get(op)?.outputs;
  return names ? names.indexOf(output) + index : index;
}

/** Ops whose outputs do not all depend on all inputs. */
const PASSING_ON: ReadonlySet<string> = new Set([
  'PartitionedCall',
  'StatefulPartitionedCall',
  'IdentityN',
  'Merge',
]);

function evaluateNode(
  run: Interpreter,
  frame: Frame,
  node: NodeDef,
  inputs: readonly Value[],
): readonly Value[] {
  try {
    const called = run.graph.functions.has(node.op);
    const special = entryOf(valueRows, called ? 'PartitionedCall' : node.op);
    const passesOn = called || PASSING_ON.has(node.op);
    if (!passesOn && inputs.some(({ kind }) => kind === 'unknown')) return [UNKNOWN];
    if (node.op !== 'Merge' && inputs.some(({ kind }) => kind === 'dead')) return [DEAD];
    if (special) return special({ run, frame, node, attrs: attributesOf(run.g.file, node), inputs });
    return evaluateOp(run, frame, node, inputs);
  } catch (error) {
    if (!BitLensError.is(error, 'unsupported') || error.hint) throw error;
    noteIssue(run, frame.scope + node.name, node.op, error);
    return [UNKNOWN];
  }
}

function noteIssue({ g, graph, issues }: Interpreter, name: string, op: string, error: BitLensError): void {
  const reason = reasonOf(error, g.file, g.layers[g.current]?.id ?? '');
  issues.push({ layer: name, reason: `${op} (GraphDef version ${graph.producer}): ${reason}` });
}

function evaluateOp(
  run: Interpreter,
  frame: Frame,
  node: NodeDef,
  values: readonly Value[],
): readonly Value[] {
  const row = entryOf(opRows, node.op);
  if (!row) throw refuse(adviceFor(node.op));
  const inputs = values.map((value): Tensor => {
    if (isTensor(value)) return value;
    if (value.kind === 'variable') return run.variable(value.name);
    throw refuse('it reads a {0}', value.kind);
  });
  const call: OpCall = {
    g: run.g,
    name: frame.scope + node.name,
    op: node.op,
    inputs,
    attrs: attributesOf(run.g.file, node),
  };
  if (inputs.some(({ kind }) => kind === 'computed')) enterLayer(run.layers, call);
  const outputs = row(call);
  return settled(run.g, inputs, 'kind' in outputs ? [outputs] : outputs);
}

/** The results of a function, in the order of its outputs. */
export function evaluateCall(
  run: Interpreter,
  caller: Frame,
  { name, nodes, args, outputs, returns, effects }: FunctionDef,
  call: { readonly scope: string; readonly values: readonly Value[] },
): readonly Value[] {
  if (caller.depth >= MAX_DEPTH)
    throw new BitLensError(
      'bad-file',
      ['{0}: function {1} is called {2} levels deep.', run.g.file, name, MAX_DEPTH],
      ['The file is damaged or was edited; save the model again.'],
    );
  if (call.values.length < args.length)
    throw new BitLensError(
      'bad-file',
      ['{0}: function {1} gets {2} of its {3} arguments.', run.g.file, name, call.values.length, args.length],
      ['The file is damaged or was edited; save the model again.'],
    );
  const given = new Map(args.map((arg, at) => [arg, call.values[at]!]));
  const frame = { nodes, given, scope: call.scope, depth: caller.depth + 1 };
  const references = outputs.map((output) => returns.get(output) ?? output);
  const extra = run.assigned ? effects.map((effect) => `^${effect}`) : [];
  return evaluate(run, frame, [...references, ...extra]).slice(0, references.length);
}
