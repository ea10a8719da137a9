// The contents of an ONNX tensor: in one of several lists of the message, as raw bytes, or in another file; read only
// when they are asked for. Reference: TensorProto in onnx.proto and docs/ExternalData.md of ONNX.

import { BitLensError } from '../../errors.ts';
import { elements } from '../../ir/graph.ts';
import { decodeStored, STORED_TYPES, storedBytes, type StoredType } from '../elementTypes.ts';
import type { ByteSource } from '../importer.ts';
import { constant, type Values } from '../tensors/constants.ts';
import type { Constant, ElementType } from '../tensors/tensor.ts';
import { MAX_ELEMENTS } from '../tensors/tensorGraph.ts';
import type { TensorProto } from './model.ts';
import { decodeVarints } from './wire.ts';

/** The model file and the files with contents of its tensors, by location. */
export interface TensorFiles {
  readonly source: ByteSource;
  readonly external: ReadonlyMap<string, ByteSource>;
}

/** By code of TensorProto.DataType; texts (8) and complex numbers (14, 15) are no numbers of a network. */
const TYPES: readonly (StoredType | undefined)[] = [
  undefined,
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  undefined,
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  undefined,
  undefined,
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  undefined,
  undefined,
  'uint2',
  'int2',
];

export const storedTypeOf = (dataType: number): StoredType | undefined => TYPES[dataType];

/** What an op computes with, by code of TensorProto.DataType. */
export function elementTypeOf(dataType: number): ElementType | undefined {
  const stored = storedTypeOf(dataType);
  return stored && STORED_TYPES[stored].type;
}

/** Field of TensorProto that a content belongs to. */
const FLOATS = 4;
const RAW = 9;
const DOUBLES = 10;
const UINT64S = 11;

const damaged = (file: string, tensor: TensorProto, why: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0}: tensor {1}: {2}.', file, tensor.name, why],
    ['The file is damaged: export or download it again.'],
  );

/** @throws `bad-file`, `unsupported`, `missing-weights`; sizes are checked now, values read later */
export function tensorConstant(files: TensorFiles, tensor: TensorProto, name: string): Constant {
  const { dims, dataType } = tensor;
  const stored = storedTypeOf(dataType);
  if (!stored) throw new BitLensError('unsupported', ['Tensor {0} has elements of type {1}', name, dataType]);
  const count = elements(dims);
  if (!dims.every((extent) => extent >= 0) || count > MAX_ELEMENTS)
    throw damaged(files.source.name, tensor, `its shape is [${dims.join()}]`);
  return { ...constant(name, dims, STORED_TYPES[stored].type, reader(files, tensor, stored, count)), stored };
}

function reader(files: TensorFiles, tensor: TensorProto, type: StoredType, count: number): () => Values {
  if (count === 0) return () => [];
  if (tensor.external) return externalReader(files, tensor, type, count);
  const file = files.source.name;
  if (tensor.leftOut.length > 1) throw damaged(file, tensor, 'it has several contents');
  const [place] = tensor.leftOut;
  if (place) return placeReader(files.source, tensor, type, count, place);
  const { raw, floats, doubles, integers, name } = tensor;
  if (raw.length > 0) {
    checkBytes(file, tensor, type, raw.length, count);
    return () => decodeStored(type, raw, count, name);
  }
  const list = [floats, doubles, integers].find((values) => values.length > 0);
  if (!list)
    throw new BitLensError(
      'missing-weights',
      ['{0} has no values for tensor {1}.', file, name],
      ['Export the model again with its parameters.'],
    );
  const values = list === integers ? fromCodes(file, tensor, type, Float64Array.from(integers), count) : list;
  if (values.length !== count)
    throw damaged(file, tensor, `it has ${values.length} values instead of ${count}`);
  return () => values;
}

function checkBytes(file: string, tensor: TensorProto, type: StoredType, bytes: number, count: number): void {
  const expected = storedBytes(type, count);
  if (bytes !== expected)
    throw damaged(file, tensor, `it has ${bytes} bytes; its ${count} values of ${type} take ${expected}`);
}

function placeReader(
  source: ByteSource,
  tensor: TensorProto,
  type: StoredType,
  count: number,
  { field, offset, length }: TensorProto['leftOut'][number],
): () => Values {
  const bytes = (): Uint8Array => source.readNow(offset, length);
  const plain =
    field === RAW ? type : field === FLOATS ? 'float32' : field === DOUBLES ? 'float64' : undefined;
  if (plain !== undefined) {
    checkBytes(source.name, tensor, plain, length, count);
    return () => decodeStored(plain, bytes(), count, tensor.name);
  }
  return () => fromCodes(source.name, tensor, type, decodeVarints(bytes(), field !== UINT64S), count);
}

/** Small types are stored as their bits, one (or one byte of packed ones) in each integer. */
function fromCodes(
  file: string,
  tensor: TensorProto,
  type: StoredType,
  codes: Float64Array,
  count: number,
): Values {
  const { bits } = STORED_TYPES[type];
  const width = Math.ceil(bits / 8);
  const expected = width === 1 ? storedBytes(type, count) : count;
  if (codes.length !== expected)
    throw damaged(
      file,
      tensor,
      `it has ${codes.length} integers; its ${count} values of ${type} take ${expected}`,
    );
  if (bits >= 32) return codes;
  const bytes = new Uint8Array(codes.length * width);
  for (let i = 0; i < codes.length; i++) {
    bytes[i * width] = codes[i]!;
    if (width > 1) bytes[i * width + 1] = codes[i]! >> 8;
  }
  return decodeStored(type, bytes, count, tensor.name);
}

function externalReader(
  { source: model, external }: TensorFiles,
  tensor: TensorProto,
  type: StoredType,
  count: number,
): () => Values {
  const source = external.get(locationOf(tensor));
  const offset = Number(tensor.external?.get('offset') ?? 0);
  const expected = storedBytes(type, count);
  const length = Number(tensor.external?.get('length') ?? expected);
  const sane =
    Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length >= expected;
  if (!source || !sane || offset + length > source.size)
    throw damaged(
      model.name,
      tensor,
      `its values are at byte ${offset} of ${locationOf(tensor)}, which has ${source?.size ?? 0} bytes`,
    );
  return () => decodeStored(type, source.readNow(offset, expected), count, tensor.name);
}

/** The file a tensor is stored in. */
export const locationOf = (tensor: TensorProto): string => tensor.external?.get('location') ?? '';
