// A GraphDef as TF.js stores it: proto3's JSON, with 64-bit integers as text and bytes in base64.
// Reference: https://protobuf.dev/programming-guides/json, tfjs-converter/src/data/compiled_api.ts.

import { BitLensError } from '../../errors.ts';
import { isObject, type JsonObject } from '../../jsonObject.ts';
import type { AttrValue, TensorProto, TensorShape } from './graphDef.ts';
import { tensorflow } from './schema/tensorflowProto.js';
import type * as proto from './schema/tensorflowProto.js';

/** @throws `bad-file` naming the member that has another form */
export function graphFromJson(file: string, value: unknown): proto.GraphDef {
  const reader = readerOf(file);
  const { node, library, versions } = reader.object(value, 'modelTopology');
  const functions = library === undefined ? [] : reader.list(reader.object(library, 'library')['function']);
  return {
    node: reader.list(node).map((entry) => nodeOf(reader, entry)),
    library: { function: functions.map((entry) => functionOf(reader, entry)) },
    versions: { producer: isObject(versions) ? reader.number(versions['producer'] ?? 0) : 0 },
  };
}

/** Members of a JSON value in the form that the protocol prescribes. */
interface Reader {
  object(value: unknown, what: string): JsonObject;
  /** Empty when absent. */
  list(value: unknown): readonly unknown[];
  number(value: unknown): number;
  text(value: unknown): string;
  bytes(value: unknown): Uint8Array;
}

function readerOf(file: string): Reader {
  const fail = (what: string): never => {
    throw new BitLensError(
      'bad-file',
      ['{0}: {1} of its graph has a form that TensorFlow does not write.', file, what],
      ['Convert or download the model again.'],
    );
  };
  return {
    object: (value, what) => (isObject(value) ? value : fail(what)),
    list: (value) =>
      value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : fail('a list'),
    number(value) {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof number === 'number' && !(Number.isNaN(number) && value !== 'NaN')
        ? number
        : fail('a number');
    },
    text: (value) => (typeof value === 'string' ? value : fail('a name')),
    // Some writers keep bytes as a list of numbers.
    bytes(value) {
      if (Array.isArray(value)) return Uint8Array.from(value as number[]);
      return (typeof value === 'string' ? base64(value) : undefined) ?? fail('a text');
    },
  };
}

function nodeOf(reader: Reader, value: unknown): proto.NodeDef {
  const { name, op, input, attr } = reader.object(value, 'a node');
  return {
    name: reader.text(name),
    op: reader.text(op),
    input: reader.list(input).map(reader.text),
    attr: attrsOf(reader, attr),
  };
}

function attrsOf(reader: Reader, value: unknown): Record<string, AttrValue> {
  const entries = Object.entries(value === undefined ? {} : reader.object(value, 'attr'));
  return Object.fromEntries(entries.map(([name, attr]) => [name, attrOf(reader, attr)]));
}

function attrOf(reader: Reader, value: unknown): AttrValue {
  const attr = reader.object(value, 'an attribute');
  const has = (key: string): boolean => attr[key] !== undefined && attr[key] !== null;
  if (has('list')) return { list: listOf(reader, reader.object(attr['list'], 'a list')) };
  if (has('s')) return { s: reader.bytes(attr['s']) };
  if (has('i')) return { i: reader.number(attr['i']) };
  if (has('f')) return { f: reader.number(attr['f']) };
  if (has('b')) return { b: attr['b'] === true };
  if (has('type')) return { type: typeOf(attr['type']) };
  if (has('shape')) return { shape: shapeOf(reader, attr['shape']) };
  if (has('tensor')) return { tensor: tensorOf(reader, attr['tensor']) };
  if (has('func')) return { func: { name: reader.text(reader.object(attr['func'], 'func')['name']) } };
  return {};
}

function listOf(reader: Reader, list: JsonObject): proto.ListValue {
  return {
    s: reader.list(list['s']).map(reader.bytes),
    i: reader.list(list['i']).map(reader.number),
    f: reader.list(list['f']).map(reader.number),
    b: reader.list(list['b']).map((flag) => flag === true),
    type: reader.list(list['type']).map(typeOf),
    shape: reader.list(list['shape']).map((shape) => shapeOf(reader, shape)),
  };
}

/** Code of a data type, which is written by name; 0, which is none, for what TensorFlow does not know. */
function typeOf(value: unknown): number {
  const { DataType } = tensorflow;
  if (typeof value === 'number') return value;
  return typeof value === 'string' && Object.hasOwn(DataType, value) ? DataType[value]! : 0;
}

export function shapeFromJson(file: string, value: unknown): TensorShape {
  return shapeOf(readerOf(file), value);
}

function shapeOf(reader: Reader, value: unknown): TensorShape {
  const { dim, unknownRank } = reader.object(value, 'a shape');
  const sizeOf = (entry: unknown) => reader.number(reader.object(entry, 'an extent')['size'] ?? 0);
  return {
    unknownRank: unknownRank === true,
    dim: reader.list(dim).map((entry) => ({ size: sizeOf(entry) })),
  };
}

function tensorOf(reader: Reader, value: unknown): TensorProto {
  const tensor = reader.object(value, 'a tensor');
  const numbers = (key: string): number[] => reader.list(tensor[key]).map(reader.number);
  return {
    dtype: typeOf(tensor['dtype']),
    tensorShape: shapeOf(reader, tensor['tensorShape'] ?? {}),
    tensorContent: reader.bytes(tensor['tensorContent'] ?? ''),
    halfVal: numbers('halfVal'),
    floatVal: numbers('floatVal'),
    doubleVal: numbers('doubleVal'),
    intVal: numbers('intVal'),
    int64Val: numbers('int64Val'),
    uint32Val: numbers('uint32Val'),
    uint64Val: numbers('uint64Val'),
    boolVal: reader.list(tensor['boolVal']).map((flag) => flag === true),
    stringVal: reader.list(tensor['stringVal']).map(reader.bytes),
  };
}

function functionOf(reader: Reader, value: unknown): proto.FunctionDef {
  const definition = reader.object(value, 'a function');
  const signature = reader.object(definition['signature'], 'a signature');
  const args = (key: string) =>
    reader.list(signature[key]).map((arg) => ({ name: reader.text(reader.object(arg, key)['name']) }));
  const texts = (key: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries(reader.object(definition[key] ?? {}, key)).map(([name, ref]) => [
        name,
        reader.text(ref),
      ]),
    );
  return {
    signature: {
      name: reader.text(signature['name']),
      inputArg: args('inputArg'),
      outputArg: args('outputArg'),
    },
    nodeDef: reader.list(definition['nodeDef']).map((entry) => nodeOf(reader, entry)),
    ret: texts('ret'),
    controlRet: texts('controlRet'),
  };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = new Map(Array.from(`${ALPHABET}-_`, (char, at) => [char, at < 64 ? at : at - 2]));

/** Standard or URL alphabet; undefined when it is neither. */
function base64(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\s=]+/g, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let pending = 0;
  let bits = 0;
  let at = 0;
  for (const char of digits) {
    const code = CODES.get(char);
    if (code === undefined) return undefined;
    pending = ((pending << 6) | code) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (pending >> bits) & 0xff;
  }
  return bytes;
}
