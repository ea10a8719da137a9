// An ONNX model as plain data: what the decoder gives, with 64-bit integers as numbers, texts as strings and nothing that
// may be null. Contents of tensors stay where they are (tensorData.ts).

import { strFromU8 } from 'fflate';
import type { ByteSource } from '../importer.ts';
import { onnx, type Long } from './schema/onnxProto.js';
import type * as proto from './schema/onnxProto.js';
import { slimCopy } from './slim.ts';
import { damagedAt } from './wire.ts';

export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** location, offset, length … of a tensor in another file. */
  readonly external: ReadonlyMap<string, string> | undefined;
  readonly raw: Uint8Array;
  readonly floats: readonly number[];
  readonly doubles: readonly number[];
  /** int32_data, int64_data or uint64_data: a tensor has one of them. */
  readonly integers: readonly number[];
  /** Contents that were left out: the field they belong to, and their place in the file. */
  readonly leftOut: readonly { readonly field: number; readonly offset: number; readonly length: number }[];
}

export interface AttributeProto {
  readonly name: string;
  /** Code of AttributeProto.AttributeType; 0 in files that leave it out. */
  readonly type: number;
  readonly f: number;
  readonly i: number;
  readonly s: string;
  readonly tensor: TensorProto | undefined;
  readonly graph: GraphProto | undefined;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
  readonly strings: readonly string[];
  /** Inside a function: the attribute of the calling node that this one takes its value from. */
  readonly reference: string;
  readonly sparse: boolean;
}

export interface NodeProto {
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly AttributeProto[];
  readonly metadata: ReadonlyMap<string, string>;
}

export interface ValueInfo {
  readonly name: string;
  /** Code of TensorProto.DataType; 0 when the value is no tensor. */
  readonly dataType: number;
  /** null where open; undefined when not even the rank is told. */
  readonly shape: readonly (number | null)[] | undefined;
}

export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** Names of initializers that are stored sparse. */
  readonly sparse: readonly string[];
}

export interface FunctionProto {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly NodeProto[];
  readonly opsets: ReadonlyMap<string, number>;
  /** Attributes with a value that a call may leave out. */
  readonly defaults: readonly AttributeProto[];
}

export interface OnnxModel {
  readonly producer: string;
  readonly graph: GraphProto;
  /** Version by domain; `ai.onnx` as ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly functions: readonly FunctionProto[];
}

/** @throws `bad-file`, `unsupported` */
export function readModel(source: ByteSource): OnnxModel {
  const slim = slimCopy(source);
  let decoded: proto.ModelProto;
  try {
    decoded = onnx.ModelProto.decode(slim);
  } catch {
    throw damagedAt(source.name, source.size);
  }
  const { graph } = decoded;
  if (!graph) throw damagedAt(source.name, source.size);
  return {
    producer: `${decoded.producerName ?? ''} ${decoded.producerVersion ?? ''}`.trim(),
    graph: graphOf(graph),
    opsets: opsetsOf(decoded.opsetImport ?? []),
    functions: (decoded.functions ?? []).map(functionOf),
  };
}

/** `ai.onnx` is the other name of the standard domain. */
export const domainOf = (domain: string | null | undefined): string =>
  domain == null || domain === 'ai.onnx' ? '' : domain;

const integer = (value: number | Long | null | undefined): number =>
  value == null ? 0 : typeof value === 'number' ? value : value.toNumber();

const integers = (values: readonly (number | Long)[] | null | undefined): readonly number[] =>
  values?.map(integer) ?? [];

const text = (bytes: Uint8Array | null | undefined): string => (bytes ? strFromU8(bytes) : '');

const opsetsOf = (list: readonly proto.OperatorSetIdProto[]): ReadonlyMap<string, number> =>
  new Map(list.map(({ domain, version }) => [domainOf(domain), integer(version)]));

const pairs = (
  entries: readonly proto.StringStringEntryProto[] | null | undefined,
): ReadonlyMap<string, string> => new Map((entries ?? []).map(({ key, value }) => [key ?? '', value ?? '']));

function graphOf(graph: proto.GraphProto): GraphProto {
  return {
    name: graph.name ?? '',
    nodes: (graph.node ?? []).map(nodeOf),
    initializers: (graph.initializer ?? []).map(tensorOf),
    inputs: (graph.input ?? []).map(valueOf),
    outputs: (graph.output ?? []).map(valueOf),
    sparse: (graph.sparseInitializer ?? []).map(({ values }) => values?.name ?? ''),
  };
}

function functionOf(fn: proto.FunctionProto): FunctionProto {
  return {
    name: fn.name ?? '',
    domain: domainOf(fn.domain),
    inputs: fn.input ?? [],
    outputs: fn.output ?? [],
    nodes: (fn.node ?? []).map(nodeOf),
    opsets: opsetsOf(fn.opsetImport ?? []),
    defaults: (fn.attributeProto ?? []).map(attributeOf),
  };
}

function nodeOf(node: proto.NodeProto): NodeProto {
  return {
    name: node.name ?? '',
    op: node.opType ?? '',
    domain: domainOf(node.domain),
    inputs: node.input ?? [],
    outputs: node.output ?? [],
    attributes: (node.attribute ?? []).map(attributeOf),
    metadata: pairs(node.metadataProps),
  };
}

function attributeOf(attribute: proto.AttributeProto): AttributeProto {
  const { t, g } = attribute;
  return {
    name: attribute.name ?? '',
    type: attribute.type ?? 0,
    f: attribute.f ?? 0,
    i: integer(attribute.i),
    s: text(attribute.s),
    tensor: t ? tensorOf(t) : undefined,
    graph: g ? graphOf(g) : undefined,
    floats: attribute.floats ?? [],
    ints: integers(attribute.ints),
    strings: (attribute.strings ?? []).map(text),
    reference: attribute.refAttrName ?? '',
    sparse: attribute.sparseTensor != null,
  };
}

/** TensorProto.DataLocation */
const EXTERNAL = 1;

function tensorOf(tensor: proto.TensorProto): TensorProto {
  const lists = [tensor.int32Data, tensor.int64Data, tensor.uint64Data];
  return {
    name: tensor.name ?? '',
    dims: integers(tensor.dims),
    dataType: tensor.dataType ?? 0,
    external: tensor.dataLocation === EXTERNAL ? pairs(tensor.externalData) : undefined,
    raw: tensor.rawData ?? new Uint8Array(0),
    floats: tensor.floatData ?? [],
    doubles: tensor.doubleData ?? [],
    integers: integers(lists.find((list) => list && list.length > 0)),
    leftOut: (tensor.leftOut ?? []).map(({ field, offset, length }) => ({
      field: field ?? 0,
      offset: offset ?? 0,
      length: length ?? 0,
    })),
  };
}

function valueOf({ name, type }: proto.ValueInfoProto): ValueInfo {
  const tensor = type?.tensorType;
  return {
    name: name ?? '',
    dataType: tensor?.elemType ?? 0,
    shape: tensor?.shape?.dim?.map(({ dimValue }) => (dimValue == null ? null : integer(dimValue))),
  };
}
