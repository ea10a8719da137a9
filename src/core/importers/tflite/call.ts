// An operator of the file as the rows of the op table see it, and what a row is.

import { BitLensError, type Sentence } from '../../errors.ts';
import { notSupported } from '../tensors/errors.ts';
import type { Constant, Tensor } from '../tensors/tensor.ts';
import type { TensorGraph } from '../tensors/tensorGraph.ts';
import type { FileOperator, FileTensor } from './readModel.ts';

export interface Call {
  readonly g: TensorGraph;
  readonly operator: FileOperator;
  /** Operand by position; undefined where it is left out. @throws `unsupported` for one that keeps state between runs */
  input(at: number): Tensor | undefined;
  /** The file's entry of an operand. */
  stored(at: number): FileTensor | undefined;
  /** The file's entry of a result. */
  result(at: number): FileTensor;
  /** The numbers of an operand as the file stores them; undefined when they are computed or left out. */
  numbers(at: number): readonly number[] | undefined;
}

/**
 * A row of the op table: emits what the operator computes and returns its result, or its results by position. Where the
 * operator cannot be read, it throws `unsupported` ({@link refuse}); the importer collects these over the whole model.
 */
export type Row = (call: Call) => Tensor | readonly Tensor[];

export type Rows = Readonly<Record<string, Row>>;

/** @param reason completes "Conv2D: …" */
export const refuse = ({ g }: Call, ...reason: Sentence): BitLensError => notSupported(g, reason);

export function broken({ g, operator }: Call, why: string): BitLensError {
  return new BitLensError(
    'bad-file',
    ['{0}: an operator {1} {2}.', g.file, operator.builtin, why],
    ['The file is damaged or was edited: convert the model again.'],
  );
}

/** @throws `bad-file` when it is left out */
export function operand(call: Call, at: number): Tensor {
  const tensor = call.input(at);
  if (!tensor) throw broken(call, `has no operand ${at}`);
  return tensor;
}

/** An operand whose values the file holds. @throws `unsupported` when they are computed */
export function parameterAt(call: Call, at: number, role: string): Constant {
  const tensor = operand(call, at);
  if (tensor.kind === 'computed') throw refuse(call, `${role} computed from the input of the network`);
  return tensor;
}

/** The same for an operand that may be left out. */
export const optionalParameter = (call: Call, at: number, role: string): Constant | undefined =>
  call.input(at) === undefined ? undefined : parameterAt(call, at, role);

/** Integers that steer the operator: axes, shapes, sizes. */
export function integersAt(call: Call, at: number, role: string): readonly number[] {
  const numbers = call.numbers(at);
  if (!numbers) throw refuse(call, `${role} computed from the input of the network`);
  if (!numbers.every(Number.isSafeInteger)) throw broken(call, `has ${role} that are no integers`);
  return numbers;
}

/** Axis counted from the front. @throws `bad-file` when there is no such axis */
export function axisOf(call: Call, axis: number | undefined, rank: number): number {
  if (axis === undefined || !Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw broken(call, `has an axis ${axis ?? '?'} in a tensor of rank ${rank}`);
  return axis < 0 ? axis + rank : axis;
}

/** Images are [n, height, width, channels] in TensorFlow Lite. @throws `bad-file` for other ranks */
export function imageAt(call: Call, at: number): Tensor {
  const tensor = operand(call, at);
  if (tensor.shape.length !== 4) throw broken(call, `has an image of rank ${tensor.shape.length}`);
  return tensor;
}
