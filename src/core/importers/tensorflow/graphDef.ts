// A GraphDef as the interpreter reads it, whatever file it comes from: nodes by name, functions by name.
// Reference: tensorflow/core/framework/{graph,node_def,function}.proto.

import { BitLensError } from '../../errors.ts';
import type * as proto from './schema/tensorflowProto.js';

export type AttrValue = proto.AttrValue;
export type TensorProto = proto.TensorProto;
export type TensorShape = proto.TensorShapeProto;

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:1`, `^node` (runs before), in functions `node:output:0`. */
  readonly inputs: readonly string[];
  readonly attrs: ReadonlyMap<string, AttrValue>;
}

export type Nodes = ReadonlyMap<string, NodeDef>;

export interface FunctionDef {
  readonly name: string;
  readonly attrs: ReadonlyMap<string, AttrValue>;
  readonly args: readonly string[];
  /** Shape of each argument as far as it is noted. */
  readonly argShapes: readonly (TensorShape | undefined)[];
  readonly outputs: readonly string[];
  readonly nodes: Nodes;
  /** What each output is, by its name. */
  readonly returns: ReadonlyMap<string, string>;
  /** Nodes that run for what they do. */
  readonly effects: readonly string[];
}

export interface GraphDef {
  readonly nodes: Nodes;
  readonly functions: ReadonlyMap<string, FunctionDef>;
  /** Version of the op set that wrote it. */
  readonly producer: number;
}

const damaged = (file: string, what: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0}: {1}.', file, what],
    ['The file is damaged or was edited; save the model again.'],
  );

/** @throws `bad-file` when a node has no name or no op, or two have the same name */
export function graphDefOf(file: string, graph: proto.GraphDef): GraphDef {
  const functions = new Map<string, FunctionDef>();
  for (const definition of graph.library?.function ?? []) {
    const found = functionOf(file, definition);
    functions.set(found.name, found);
  }
  return { nodes: nodesOf(file, graph.node ?? []), functions, producer: graph.versions?.producer ?? 0 };
}

function nodesOf(file: string, list: readonly proto.NodeDef[]): Nodes {
  const nodes = new Map<string, NodeDef>();
  for (const { name, op, input, attr } of list) {
    if (!name || !op) throw damaged(file, 'a node of its graph has no name or no op');
    if (nodes.has(name)) throw damaged(file, `two nodes of its graph are called ${name}`);
    nodes.set(name, { name, op, inputs: input ?? [], attrs: new Map(Object.entries(attr ?? {})) });
  }
  return nodes;
}

function functionOf(file: string, definition: proto.FunctionDef): FunctionDef {
  const { signature, attr, argAttr, nodeDef, ret, controlRet } = definition;
  const name = signature?.name;
  if (!name) throw damaged(file, 'a function of its library has no name');
  const args = (signature.inputArg ?? []).map((arg) => arg.name ?? '');
  return {
    name,
    attrs: new Map(Object.entries(attr ?? {})),
    args,
    argShapes: args.map((_, at) => shapeOfArgument(argAttr?.[at])),
    outputs: (signature.outputArg ?? []).map((arg) => arg.name ?? ''),
    nodes: nodesOf(file, nodeDef ?? []),
    returns: new Map(Object.entries(ret ?? {})),
    effects: Object.values(controlRet ?? {}),
  };
}

const shapeOfArgument = (attributes: proto.ArgAttrs | undefined): TensorShape | undefined =>
  attributes?.attr?.['_output_shapes']?.list?.shape?.[0] ?? undefined;
