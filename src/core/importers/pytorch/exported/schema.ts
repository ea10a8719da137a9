// The parts of an exported program's JSON that an import needs, checked while they are read.
// Reference: torch/_export/serde/schema.py (schema versions 1 to 8).

import { BitLensError } from '../../../errors.ts';
import { isObject, type JsonObject } from '../../../jsonObject.ts';

/** An extent: a number, or a symbol by its expression. */
export type Extent = number | string;

export interface ValueMeta {
  /** ScalarType by number. */
  readonly dtype: number;
  readonly sizes: readonly Extent[];
}

/** `as_tensor` and its value; the closed set of tags is Argument in schema.py. */
export interface Argument {
  readonly tag: string;
  readonly value: unknown;
}

export interface ProgramNode {
  /** `aten.conv2d.default`, without `torch.ops.`. */
  readonly target: string;
  readonly name: string;
  readonly inputs: ReadonlyMap<string, Argument>;
  readonly outputs: readonly Argument[];
  /** Modules around the call, outermost first. */
  readonly modules: readonly { readonly path: string; readonly className: string }[];
}

export type InputKind = 'user' | 'parameter' | 'constant' | 'other';

export interface ProgramInput {
  readonly kind: InputKind;
  /** Of the value in the graph. */
  readonly name: string;
  /** Parameter, buffer or constant by its name in the archive. */
  readonly target: string;
}

export interface Program {
  readonly file: string;
  readonly torch: string;
  readonly nodes: readonly ProgramNode[];
  readonly inputs: readonly ProgramInput[];
  /** Values that the network returns. */
  readonly outputs: readonly string[];
  readonly values: ReadonlyMap<string, ValueMeta>;
}

const malformed = (file: string, detail: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0}: its program {1}.', file, detail],
    ['Export the model again with torch.export.save.'],
  );

const objects = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const record = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** @throws `bad-file` when the text is no exported program */
export function readProgram(file: string, json: unknown): Program {
  const module = record(record(json)['graph_module']);
  const graph = record(module['graph']);
  const signature = record(module['signature']);
  if (!Array.isArray(graph['nodes']) || !Array.isArray(signature['input_specs']))
    throw malformed(file, 'has no graph with a signature');
  const values = Object.entries(record(graph['tensor_values'])).map(
    ([name, meta]) => [name, metaOf(meta)] as const,
  );
  return {
    file,
    torch: text(record(json)['torch_version']) || '2.4 or older',
    nodes: objects(graph['nodes']).map((node) => nodeOf(file, node)),
    inputs: objects(signature['input_specs']).map(inputOf),
    outputs: objects(signature['output_specs']).flatMap(outputOf),
    values: new Map(values),
  };
}

function nodeOf(file: string, node: JsonObject): ProgramNode {
  const outputs = objects(node['outputs']).map(argumentOf);
  const inputs = objects(node['inputs']).map(
    (input) => [text(input['name']), argumentOf(record(input['arg']))] as const,
  );
  const target = text(node['target']).replace(/^torch\.ops\./, '');
  if (target === '') throw malformed(file, 'has a node without an operation');
  const name = text(node['name']) || nameOf(outputs[0]);
  const modules = modulesOf(text(record(node['metadata'])['nn_module_stack']));
  return { target, name, inputs: new Map(inputs), outputs, modules };
}

/** A union is an object with one member that is not null. */
function argumentOf(union: JsonObject): Argument {
  const [tag, value] = Object.entries(union).find(([, member]) => member !== null) ?? ['as_none', true];
  return { tag, value };
}

/** Of a tensor or a symbol; of several, the first. */
export function nameOf(argument: Argument | undefined): string {
  if (!argument) return '';
  const value: unknown = Array.isArray(argument.value) ? argument.value[0] : argument.value;
  return text(record(value)['name']) || text(record(value)['as_name']);
}

/** `L__self__,,M;L__self___fc,fc,torch.nn.modules.linear.Linear` */
function modulesOf(stack: string): ProgramNode['modules'] {
  return stack
    .split(';')
    .map((entry) => entry.split(','))
    .filter((parts) => parts.length >= 3 && !parts[0]!.startsWith('_empty_nn_module_stack'))
    .map((parts) => ({ path: pathOf(parts.slice(1, -1).join(',')), className: parts.at(-1)! }));
}

/** The first versions write `L['self'].fc`. A second call of a module has a number behind an @. */
const pathOf = (path: string): string => path.replace(/^L\['self'\]\.?/, '').replace(/@\d+$/, '');

function metaOf(stored: unknown): ValueMeta {
  const meta = record(record(stored)['meta'] ?? stored);
  return {
    dtype: typeof meta['dtype'] === 'number' ? meta['dtype'] : 0,
    sizes: objects(meta['sizes']).map(extentOf),
  };
}

function extentOf(extent: JsonObject): Extent {
  const { as_int: int, as_expr: expression } = extent;
  if (typeof int === 'number') return int;
  const [, symbol] = /^Symbol\('([^']+)'/.exec(text(record(expression)['expr_str'])) ?? [];
  return symbol ?? (text(record(expression)['expr_str']) || '?');
}

const KINDS: Readonly<Record<string, readonly [kind: InputKind, target: string]>> = {
  user_input: ['user', ''],
  parameter: ['parameter', 'parameter_name'],
  buffer: ['parameter', 'buffer_name'],
  tensor_constant: ['constant', 'tensor_constant_name'],
};

function inputOf(spec: JsonObject): ProgramInput {
  const { tag, value } = argumentOf(spec);
  const [kind, target] = (Object.hasOwn(KINDS, tag) ? KINDS[tag] : undefined) ?? (['other', ''] as const);
  const arg = record(record(value)['arg']);
  // Parameters are named at once, inputs by what kind of value they are.
  const name = text(arg['name']) || nameOf(argumentOf(arg));
  const isTensor = kind !== 'user' || 'as_tensor' in arg;
  return { kind: isTensor ? kind : 'other', name, target: text(record(value)[target]) };
}

function outputOf(spec: JsonObject): string[] {
  const { tag, value } = argumentOf(spec);
  const arg = argumentOf(record(record(value)['arg']));
  return tag === 'user_output' && arg.tag === 'as_tensor' ? [nameOf(arg)] : [];
}
