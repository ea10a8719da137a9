// The tensors of a file that hold values: their contents as constants, read when they are asked for.

import { BitLensError } from '../../errors.ts';
import { elements } from '../../ir/graph.ts';
import {
  decodeStored,
  STORED_TYPES,
  storedBytes,
  type DecodedValues,
  type StoredType,
} from '../elementTypes.ts';
import type { ByteSource } from '../importer.ts';
import { constant, constantOf, whileHeld } from '../tensors/constants.ts';
import type { Constant, ElementType } from '../tensors/tensor.ts';
import { dequantized, encodingFault, isQuantized, weightQuantizer } from './quantization.ts';
import { damaged, type FileTensor } from './readModel.ts';
import { storedType, typeName } from './tensorTypes.ts';

/** A float of 16 bits is what the file holds, not what a quantizer made. */
const FLOATS: ReadonlySet<StoredType> = new Set<StoredType>(['float16', 'bfloat16']);

export const shortName = ({ name }: FileTensor): string => name.split(';')[0]!;

/** The type of the values that codes stand for, or of the numbers. */
export function elementType(tensor: FileTensor): ElementType {
  const stored = storedType(tensor.type);
  return stored === undefined || isQuantized(tensor) ? 'float' : STORED_TYPES[stored].type;
}

/** The real values: what codes stand for. @throws `bad-file`, `unsupported` */
export function parameter(source: ByteSource, tensor: FileTensor): Constant {
  const { stored, read } = contents(source, tensor);
  const name = shortName(tensor);
  const { shape, quantization } = tensor;
  if (FLOATS.has(stored)) {
    const values = whileHeld(() => Float32Array.from(read()));
    return constantOf({ name, shape, read: values, quantizer: { text: stored, bits: 16 } });
  }
  if (!isQuantized(tensor) || !quantization) return constant(name, shape, STORED_TYPES[stored].type, read);
  return constantOf({
    name,
    shape,
    read: whileHeld(() => dequantized(read(), shape, quantization)),
    quantizer: weightQuantizer(tensor),
  });
}

/** The numbers as stored, whatever encoding the file gives: axes, shapes, indices. */
export const storedNumbers = (source: ByteSource, tensor: FileTensor): readonly number[] =>
  Array.from(contents(source, tensor).read());

function contents(source: ByteSource, tensor: FileTensor): { stored: StoredType; read: () => DecodedValues } {
  const { shape, data, type } = tensor;
  const name = shortName(tensor);
  const stored = storedType(type);
  if (tensor.sparse)
    throw new BitLensError('unsupported', ['{0}: parameter {1} is stored sparse', source.name, name]);
  const fault = stored ? encodingFault(tensor) : `the type ${typeName(type)}`;
  if (!stored || fault !== undefined)
    throw new BitLensError('unsupported', ['{0}: parameter {1} has {2}', source.name, name, fault ?? '']);
  if (shape.some((extent) => !Number.isSafeInteger(extent) || extent < 0))
    throw damaged(source.name, `tensor ${name} has the shape [${shape.join()}]`);
  const count = elements(shape);
  const expected = storedBytes(stored, count);
  if ((data?.length ?? 0) !== expected)
    throw damaged(source.name, `tensor ${name} has ${data?.length ?? 0} bytes instead of ${expected}`);
  const { offset, length } = data ?? { offset: 0, length: 0 };
  return { stored, read: () => decodeStored(stored, source.readNow(offset, length), count, name) };
}
