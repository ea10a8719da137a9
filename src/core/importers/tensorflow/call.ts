// An op as the rows of the table see it, what a row is, and what rows ask of their operands.

import { BitLensError, type Sentence } from '../../errors.ts';
import { scalar } from '../tensors/constants.ts';
import type { Constant, Tensor } from '../tensors/tensor.ts';
import type { TensorGraph } from '../tensors/tensorGraph.ts';
import type { Attributes } from './attributes.ts';

export interface OpCall {
  readonly g: TensorGraph;
  /** Of the node, for messages. */
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly Tensor[];
  readonly attrs: Attributes;
}

/** Emits what an op computes and returns its outputs by position. Throws `unsupported` for what BitLens does not run. */
export type OpRow = (call: OpCall) => Tensor | readonly Tensor[];

/** Rows by op name. */
export type OpRows = Readonly<Record<string, OpRow>>;

/** What stands against an op that is sound; the interpreter adds its name. */
export const refuse = (...reason: Sentence): BitLensError => new BitLensError('unsupported', reason);

/** An op that contradicts its definition. */
export const broken = ({ g, name, op }: OpCall, what: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0}: node {1} ({2}): {3}.', g.file, name, op, what],
    ['The file is damaged or was edited; save the model again.'],
  );

/** Operand `at`. @throws `bad-file` when it is not there */
export function operand(call: OpCall, at: number): Tensor {
  const found = call.inputs[at];
  if (!found) throw broken(call, `its input ${at} is missing`);
  return found;
}

/** Operand whose values the file holds. @param role completes "its … is computed" */
export function known(call: OpCall, at: number, role: string): Constant {
  const found = operand(call, at);
  if (found.kind === 'constant') return found;
  throw refuse('its {0} is computed from the input of the network', role);
}

export const numbers = (call: OpCall, at: number, role: string): readonly number[] =>
  known(call, at, role).numbers();

export function numberAt(call: OpCall, at: number, role: string): number {
  const value = numbers(call, at, role)[0];
  if (value === undefined) throw broken(call, `its ${role} is empty`);
  return value;
}

/** Axis counted from the front. @throws `bad-file` when a tensor of this rank has none such */
export function axisIn(call: OpCall, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw broken(call, `there is no axis ${axis} in a tensor of ${rank} axes`);
  return axis < 0 ? axis + rank : axis;
}

/** Ascending, each once. */
export const axesIn = (call: OpCall, axes: readonly number[], rank: number): readonly number[] =>
  [...new Set(axes.map((axis) => axisIn(call, axis, rank)))].sort((a, b) => a - b);

/** 0, 1 … below. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const int = (value: number): Constant => scalar(value, 'int');

/** Is the channel axis the second one? */
export const channelsFirst = ({ attrs }: OpCall): boolean =>
  attrs.text('data_format', 'NHWC').startsWith('NC');
