// A tensor as files of weights describe it: a window of strides over a storage, whose bytes are read when asked for.

import { BitLensError } from '../../../errors.ts';
import { elements, printShape, type Shape, type Weight } from '../../../ir/graph.ts';
import { STORED_TYPES, storedBytes, type DecodedValues, type StoredType } from '../../elementTypes.ts';
import { stridesOf } from '../../tensors/constants.ts';
import type { ElementType } from '../../tensors/tensor.ts';

/** A run of values in the file; tensors may share one. */
export interface Storage {
  /** Unique in the file. */
  readonly key: string;
  readonly bytes: number;
  /** Little-endian. */
  read(offset: number, length: number): Uint8Array;
}

export interface StoredTensor {
  readonly storage: Storage;
  readonly dtype: StoredType;
  readonly shape: Shape;
  /** In elements, as are strides. */
  readonly offset: number;
  readonly strides: readonly number[];
}

export interface NamedTensor {
  readonly name: string;
  readonly tensor: StoredTensor;
}

const damagedTensor = (file: string, name: string, detail: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0}: tensor {1} {2}.', file, name, detail],
    ['Save or download the file again.'],
  );

/** @throws `bad-file` when the shape is no shape or the tensor leaves its storage */
export function checkTensor(file: string, { name, tensor }: NamedTensor): void {
  const { shape, strides, offset, dtype, storage } = tensor;
  const counts = [...shape, ...strides, offset];
  if (strides.length !== shape.length || !counts.every((count) => Number.isSafeInteger(count) && count >= 0))
    throw damagedTensor(file, name, `has shape ${printShape(shape)} with ${strides.length} strides`);
  const last = lastIndex(tensor);
  if (!Number.isSafeInteger(elements(shape)) || storedBytes(dtype, last + 1) > storage.bytes)
    throw damagedTensor(
      file,
      name,
      `(${printShape(shape)} ${dtype}) lies outside its ${storage.bytes} bytes`,
    );
}

/** Index in the storage of the last element; −1 without elements. */
function lastIndex({ shape, strides, offset }: StoredTensor): number {
  if (elements(shape) === 0) return -1;
  return shape.reduce((sum, extent, axis) => sum + (extent - 1) * strides[axis]!, offset);
}

export const typeOf = ({ dtype }: StoredTensor): ElementType => STORED_TYPES[dtype].type;

/** Values in row-major order. */
export function readTensor(tensor: StoredTensor): DecodedValues {
  const { shape, strides, offset, dtype, storage } = tensor;
  const count = elements(shape);
  const size = storedBytes(dtype, 1);
  if (count === 0) return new Float32Array(0);
  const span = lastIndex(tensor) - offset + 1;
  const values = STORED_TYPES[dtype].decode(storage.read(offset * size, span * size));
  if (isRowMajor(shape, strides)) return values;
  return arranged(values, shape, strides, count);
}

function isRowMajor(shape: Shape, strides: readonly number[]): boolean {
  const own = stridesOf(shape);
  return shape.every((extent, axis) => extent === 1 || strides[axis] === own[axis]);
}

function arranged(
  values: DecodedValues,
  shape: Shape,
  strides: readonly number[],
  count: number,
): DecodedValues {
  const out = values instanceof Float64Array ? new Float64Array(count) : new Float32Array(count);
  const position = shape.map(() => 0);
  for (let i = 0, at = 0; i < count; i++) {
    out[i] = values[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++position[axis]! < shape[axis]!) break;
      at -= shape[axis]! * strides[axis]!;
      position[axis] = 0;
    }
  }
  return out;
}

/** The tensor as a parameter of a graph. */
export const weightOf = ({ name, tensor }: NamedTensor): Weight => ({
  name,
  shape: tensor.shape,
  read() {
    const values = readTensor(tensor);
    return values instanceof Float32Array ? values : Float32Array.from(values);
  },
});
