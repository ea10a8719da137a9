// The ops that handle more than tensors: constants, variables, calls, conditions with a known outcome.

import { BitLensError } from '../../errors.ts';
import { settled } from '../tensors/known.ts';
import type { Constant } from '../tensors/tensor.ts';
import type { Attributes } from './attributes.ts';
import type { FunctionDef, NodeDef } from './graphDef.ts';
import { evaluateCall, type Frame, type Interpreter } from './interpret.ts';
import { enterScope } from './layerNames.ts';
import { listRows } from './listRows.ts';
import { recurrentCall, recurrentLayer } from './recurrentCall.ts';
import { constantFrom, textsFrom } from './tensorProto.ts';
import { STRING } from './dataTypes.ts';
import { scalar } from '../tensors/constants.ts';
import { refuse } from './call.ts';
import { DEAD, type Value } from './values.ts';

export interface ValueCall {
  readonly run: Interpreter;
  readonly frame: Frame;
  readonly node: NodeDef;
  readonly attrs: Attributes;
  readonly inputs: readonly Value[];
}

export type ValueRow = (call: ValueCall) => readonly Value[];

export const valueAt = ({ run, node, inputs }: ValueCall, at: number): Value => {
  const value = inputs[at];
  if (value) return value;
  throw new BitLensError(
    'bad-file',
    ['{0}: node {1} ({2}): its input {3} is missing.', run.g.file, node.name, node.op, at],
    ['The file is damaged or was edited; save the model again.'],
  );
};

const pass: ValueRow = (call) => [valueAt(call, 0)];
const passAll: ValueRow = ({ inputs }) => inputs;

function constantRow({ run, node, attrs }: ValueCall): readonly Value[] {
  const stored = run.stored?.(node.name);
  if (stored) return [stored];
  const proto = attrs.tensor('value');
  if (!proto)
    throw new BitLensError(
      'missing-weights',
      ['{0} has no values for its constant {1}.', run.g.file, node.name],
      ['Save or download the model again with all its files.'],
    );
  if (Number(proto.dtype) === STRING) return [{ kind: 'texts', texts: textsFrom(proto) }];
  const value = constantFrom(run.g.file, node.name, proto);
  // A list may hold the first values only: the last one fills the rest.
  return proto.tensorContent?.length ? [value] : settled(run.g, [], [value]);
}

/** A handle is the variable of its shared name. */
const variableRow: ValueRow = ({ node, attrs }) => [
  { kind: 'variable', name: attrs.text('shared_name', '') || node.name },
];

function readRow(call: ValueCall): readonly Value[] {
  const value = valueAt(call, 0);
  return [value.kind === 'variable' ? call.run.variable(value.name) : value];
}

/** While the checkpoint is mapped, what is assigned tells where a variable's values are. */
function assignRow(call: ValueCall): readonly Value[] {
  const [target, value] = [valueAt(call, 0), valueAt(call, 1)];
  if (target.kind === 'variable' && value.kind === 'stored') call.run.assigned?.(target.name, value.key);
  return [target];
}

function restoreRow(call: ValueCall): readonly Value[] {
  const names = valueAt(call, 1);
  if (names.kind !== 'texts') throw refuse('its names are not constant');
  const slices = valueAt(call, 2);
  if (slices.kind === 'texts' && slices.texts.some((slice) => slice !== ''))
    throw refuse('variables in partitions');
  return names.texts.map((key) => ({ kind: 'stored', key }));
}

/** A placeholder that nobody feeds: whether the network is being trained. */
function placeholderRow({ run, node, attrs }: ValueCall): readonly Value[] {
  const bool = 10;
  if (attrs.type('dtype') === bool) return [scalar(0, 'bool')];
  throw new BitLensError(
    'bad-file',
    ['{0}: its placeholder {1} is no input of the signature.', run.g.file, node.name],
    ['Save the model again with a signature that has all inputs.'],
  );
}

function functionNamed({ run, node }: ValueCall, name: string | undefined): FunctionDef {
  const found = run.graph.functions.get(name ?? '');
  if (found) return found;
  throw new BitLensError(
    'bad-file',
    ['{0}: node {1} calls {2}, which its library lacks.', run.g.file, node.name, name ?? ''],
    ['The file is damaged or was edited; save the model again.'],
  );
}

export function callFunction(
  call: ValueCall,
  name: string | undefined,
  values: readonly Value[],
): readonly Value[] {
  const scope = `${call.frame.scope}${call.node.name}/`;
  return evaluateCall(call.run, call.frame, functionNamed(call, name), { scope, values });
}

const callRow: ValueRow = (call) => {
  const legacy = call.run.graph.functions.has(call.node.op) ? call.node.op : undefined;
  const name = legacy ?? call.attrs.func('f');
  const layer = recurrentCall(call.run.g.file, functionNamed(call, name), call.inputs);
  if (!layer) return callFunction(call, name, call.inputs);
  const { run, frame, node } = call;
  enterScope(run.layers, `${frame.scope}${node.name}/${layer.cell}`, layer.cell.toUpperCase(), layer.kernel);
  return recurrentLayer(run.g, layer);
};

export const NOT_CONSTANT = 'its condition depends on the input of the network';

export function truth(value: Value): boolean {
  if (value.kind !== 'constant') throw refuse(NOT_CONSTANT);
  return holds(value);
}

const holds = (value: Constant): boolean => Boolean(value.numbers()[0]);

const ifRow: ValueRow = (call) => {
  const branch = truth(valueAt(call, 0)) ? 'then_branch' : 'else_branch';
  return callFunction(call, call.attrs.func(branch), call.inputs.slice(1));
};

const switchRow: ValueRow = (call) => {
  const value = valueAt(call, 0);
  return truth(valueAt(call, 1)) ? [DEAD, value] : [value, DEAD];
};

const mergeRow: ValueRow = ({ inputs }) => {
  const at = inputs.findIndex(({ kind }) => kind !== 'dead');
  return at < 0 ? [DEAD] : [inputs[at]!, scalar(at, 'int')];
};

export const valueRows: Readonly<Record<string, ValueRow>> = {
  Const: constantRow,
  Identity: pass,
  IdentityN: passAll,
  NoOp: () => [],
  StopGradient: pass,
  PreventGradient: pass,
  CheckNumerics: pass,
  Snapshot: pass,
  EnsureShape: pass,
  Placeholder: placeholderRow,
  PlaceholderWithDefault: pass,
  VarHandleOp: variableRow,
  Variable: variableRow,
  VariableV2: variableRow,
  ReadVariableOp: readRow,
  Assign: assignRow,
  AssignVariableOp: assignRow,
  RestoreV2: restoreRow,
  PartitionedCall: callRow,
  StatefulPartitionedCall: callRow,
  If: ifRow,
  StatelessIf: ifRow,
  Switch: switchRow,
  Merge: mergeRow,
  ...listRows,
};
