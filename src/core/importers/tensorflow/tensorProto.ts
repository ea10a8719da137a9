// Tensors that a GraphDef holds itself: bytes, or a list of numbers whose last one fills the rest.
// Reference: tensorflow/core/framework/tensor.proto, tensor.cc (FromProto).

import { strFromU8 } from 'fflate';
import { BitLensError } from '../../errors.ts';
import { elements, type Shape } from '../../ir/graph.ts';
import { constant } from '../tensors/constants.ts';
import type { Constant } from '../tensors/tensor.ts';
import { MAX_ELEMENTS } from '../tensors/tensorGraph.ts';
import { dataTypeOf, decode, nameOfType, type DataType } from './dataTypes.ts';
import type { TensorProto, TensorShape } from './graphDef.ts';

/** Extents, −1 where open; undefined when even their number is. */
export function extentsOf(shape: TensorShape | null | undefined): Shape | undefined {
  if (!shape || shape.unknownRank) return undefined;
  return (shape.dim ?? []).map(({ size }) => Number(size ?? 0));
}

/**
 * @param file and name (the node's) for messages
 * @throws `bad-file` when content and shape disagree, `unsupported` for types that are no numbers
 */
export function constantFrom(file: string, name: string, proto: TensorProto): Constant {
  const code = proto.dtype ?? 0;
  const type = dataTypeOf(code);
  if (!type) throw new BitLensError('unsupported', ['values of type {0}', nameOfType(code)]);
  const shape = extentsOf(proto.tensorShape) ?? [];
  const content = proto.tensorContent;
  if (shape.some((extent) => !Number.isInteger(extent) || extent < 0) || elements(shape) > MAX_ELEMENTS)
    throw mismatch(file, name);
  if (content && content.length > 0) {
    if (content.length !== elements(shape) * type.bytes) throw mismatch(file, name);
    return constant(name, shape, type.type, () => decode(type, content));
  }
  const stored = listed(proto, type);
  if (stored.length > elements(shape)) throw mismatch(file, name);
  return constant(name, shape, type.type, () => filled(stored, elements(shape)));
}

const mismatch = (file: string, name: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0}: the content of constant {1} does not fit its shape.', file, name],
    ['The file is damaged or was edited; save the model again.'],
  );

function listed(proto: TensorProto, type: DataType): readonly number[] {
  if (type.code === 19 || type.code === 14) {
    const view = new DataView(new ArrayBuffer(2));
    return (proto.halfVal ?? []).map((bits) => {
      view.setUint16(0, bits, true);
      return type.read(view, 0);
    });
  }
  const lists = [
    proto.floatVal,
    proto.doubleVal,
    proto.intVal,
    proto.int64Val,
    proto.uint32Val,
    proto.uint64Val,
  ];
  const list = [...lists, proto.boolVal].find((values) => values && values.length > 0) ?? [];
  return Array.from<unknown, number>(list, Number);
}

function filled(stored: readonly number[], count: number): readonly number[] {
  const last = stored.at(-1) ?? 0;
  return Array.from({ length: count }, (_, i) => stored[i] ?? last);
}

/** Texts of a string tensor. */
export const textsFrom = (proto: TensorProto): readonly string[] =>
  (proto.stringVal ?? []).map((bytes) => strFromU8(bytes));
