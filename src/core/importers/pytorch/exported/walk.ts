// Walks the nodes of an exported program and builds the graph with the shared tensor builder. What cannot be read is
// collected over the whole program and told in one error.

import { BitLensError } from '../../../errors.ts';
import { elements, printShape, type Graph, type Shape } from '../../../ir/graph.ts';
import { STORED_TYPES } from '../../elementTypes.ts';
import { constant } from '../../tensors/constants.ts';
import { finish } from '../../tensors/finish.ts';
import { settled } from '../../tensors/known.ts';
import { addInput, startLayer, tensorGraph, type TensorGraph } from '../../tensors/tensorGraph.ts';
import type { Constant, Tensor } from '../../tensors/tensor.ts';
import { NO_ROW, reasonOf, unsupportedError, type Issue } from '../../unsupported.ts';
import { readTensor } from '../weights/storedTensor.ts';
import type { ExportedArchive } from './archive.ts';
import type { Call, Result, Value } from './call.ts';
import { fixedBatch, networkInputs } from './inputs.ts';
import { layersOf, type NodeLayer } from './layers.ts';
import { opOf } from './ops/registry.ts';
import { nameOf, type Argument, type Program, type ProgramNode } from './schema.ts';

interface Walk {
  readonly g: TensorGraph;
  readonly program: Program;
  readonly values: Map<string, Value>;
  readonly batch: number | undefined;
  readonly issues: Issue[];
  /** Open layers by key. */
  readonly opened: Map<string, number>;
  readonly read: Set<string>;
}

/**
 * @param given the user's shapes without the batch axis, one per input
 * @throws `unsupported` for all operations at once, `bad-file`, `missing-weights`, `needs-input-shape`, `bad-option`
 */
export function buildGraph(archive: ExportedArchive, given: readonly Shape[] | undefined): Graph {
  const { program } = archive;
  const batch = given ? undefined : fixedBatch(program);
  const g = tensorGraph(program.file);
  const w: Walk = { g, program, values: new Map(), batch, issues: [], opened: new Map(), read: new Set() };
  for (const { name, shape, type } of networkInputs(program, given, batch))
    w.values.set(name, addInput(g, name, shape, type));
  parameters(w, archive);
  const layers = layersOf(program);
  for (const [at, node] of program.nodes.entries()) step(w, node, layers[at]!);
  if (w.issues.length > 0) throw unsupportedError(program.file, w.issues, w.read);
  return finish(g, outputs(w), {
    name: program.file.replace(/\.pt2$/, ''),
    framework: `PyTorch ${program.torch} (torch.export)`,
  });
}

function parameters(w: Walk, { tensors }: ExportedArchive): void {
  const { program, values } = w;
  for (const { kind, name, target } of program.inputs) {
    if (kind !== 'parameter' && kind !== 'constant') continue;
    const stored = tensors.get(target);
    if (stored) {
      const { type } = STORED_TYPES[stored.dtype];
      const value = constant(target, stored.shape, type, () => readTensor(stored));
      // Strides of 0 repeat what is stored.
      const isRepeated = elements(stored.shape) > stored.storage.bytes;
      values.set(name, isRepeated ? repeated(w, value) : value);
    } else if (program.nodes.some((node) => reads(node, name)))
      throw new BitLensError(
        'missing-weights',
        ['{0} lacks the values of {1}.', program.file, target],
        ['Export the model again with torch.export.save.'],
      );
  }
}

function repeated({ g, issues }: Walk, value: Constant): Value {
  try {
    return settled(g, [], [value])[0]!;
  } catch (error) {
    if (!BitLensError.is(error, 'unsupported')) throw error;
    issues.push({ layer: value.weight.name, reason: reasonOf(error, g.file, '') });
    return { kind: 'unknown' };
  }
}

const reads = ({ inputs }: ProgramNode, name: string): boolean =>
  [...inputs.values()].some((argument) => namesIn(argument).includes(name));

/** Values that an argument refers to. */
function namesIn({ tag, value }: Argument): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((entry) => {
    const inner = (entry as { readonly as_tensor?: unknown } | null)?.as_tensor ?? entry;
    return nameOf({ tag, value: inner });
  });
}

/** One node. It is skipped when something it reads is unknown: its own reason is told where that was made. */
function step(w: Walk, node: ProgramNode, layer: NodeLayer): void {
  const unknown = [...node.inputs.values()].flatMap(namesIn).some((name) => isUnknown(w.values.get(name)));
  if (unknown) return store(w, node, []);
  enter(w, layer);
  const op = opOf(node.target);
  if (!op) return refuse(w, node, layer, NO_ROW);
  const call: Call = { g: w.g, node, values: w.values, metas: w.program.values, batch: w.batch };
  try {
    const result = op(call);
    store(w, node, accounted(w, node, result));
    w.read.add(layer.head.name);
  } catch (error) {
    if (!BitLensError.is(error, 'unsupported')) throw error;
    refuse(w, node, layer, reasonOf(error, w.program.file, w.g.layers[w.g.current]?.id ?? ''));
  }
}

/** Numbers and what is unknown cost nothing. */
function accounted({ g, values }: Walk, { inputs }: ProgramNode, result: Result): Result {
  const operands = [...inputs.values()].flatMap(namesIn).map((name) => values.get(name));
  const account = (value: Value): Value =>
    isTensor(value) ? settled(g, operands.filter(isTensor), [value])[0]! : value;
  return isList(result) ? result.map(account) : account(result);
}

const isList = (result: Result): result is readonly Value[] => Array.isArray(result);

const isTensor = (value: Value | undefined): value is Tensor =>
  typeof value === 'object' && value.kind !== 'unknown';

const isUnknown = (value: Value | undefined): boolean =>
  typeof value === 'object' && value.kind === 'unknown';

/** A module that is called again goes on with its layer. */
function enter({ g, opened }: Walk, { key, head }: NodeLayer): void {
  const known = opened.get(key);
  if (known !== undefined) g.current = known;
  else {
    startLayer(g, head);
    opened.set(key, g.current);
  }
}

function refuse(w: Walk, node: ProgramNode, { head }: NodeLayer, reason: string): void {
  w.issues.push({ layer: head.name, reason: `${node.target}: ${reason}` });
  store(w, node, []);
}

/** Names for what a node gives; what it does not give is unknown. */
function store(w: Walk, node: ProgramNode, result: Result): void {
  const list: readonly Value[] = Array.isArray(result) ? result : [result as Value];
  const names = node.outputs.flatMap(({ tag, value }) =>
    Array.isArray(value)
      ? value.map((entry: unknown) => nameOf({ tag, value: entry }))
      : [nameOf({ tag, value })],
  );
  for (const [at, name] of names.entries()) {
    const value = list[at] ?? ({ kind: 'unknown' } as const);
    if (name === '') continue;
    check(w, node, name, value);
    w.values.set(name, value);
  }
  const [, member = ''] = node.target.split('.');
  const own = node.inputs.get('self') ?? node.inputs.get('input');
  if (member.endsWith('_') && own && list[0] !== undefined) w.values.set(nameOf(own), list[0]);
}

/** The file says what shape everything has: a difference is found where it arises. */
function check({ program, batch, g }: Walk, node: ProgramNode, name: string, value: Value): void {
  const sizes = program.values.get(name)?.sizes;
  if (typeof value === 'number' || value.kind === 'unknown' || !sizes) return;
  const fits =
    sizes.length === value.shape.length &&
    sizes.every((extent, axis) => {
      const own = value.shape[axis]!;
      return typeof extent === 'string' || extent === own || (batch !== undefined && extent === own * batch);
    });
  if (fits) return;
  const stated = printShape(sizes.map((extent) => (typeof extent === 'number' ? extent : null)));
  throw new BitLensError(
    'bad-file',
    [
      '{0}: layer {1}: {2} gives {3} where the file says {4}.',
      program.file,
      g.layers[g.current]?.id ?? '',
      node.target,
      printShape(value.shape),
      stated,
    ],
    batch === undefined
      ? ['Export the model again.']
      : ['Export the model with an example of one sample, or with a dynamic batch axis.'],
  );
}

function outputs({ program, values }: Walk): readonly Tensor[] {
  const found = program.outputs.flatMap((name) => {
    const value = values.get(name);
    return value === undefined || typeof value === 'number' || value.kind === 'unknown' ? [] : [value];
  });
  if (found.length === program.outputs.length && found.length > 0) return found;
  throw new BitLensError(
    'bad-file',
    [
      '{0} returns {1} tensors, of which {2} are computed.',
      program.file,
      program.outputs.length,
      found.length,
    ],
    ['Export a model that returns tensors.'],
  );
}
