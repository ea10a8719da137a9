// What a row of the op table throws, and the operands it may insist on.

import { BitLensError } from '../../errors.ts';
import type { Constant, Tensor } from '../tensors/tensor.ts';
import type { OnnxNode } from './node.ts';

/** A valid node with something BitLens does not run: `reason` completes "Conv (opset 11): …". */
export const refuse = (node: OnnxNode, reason: string): BitLensError =>
  new BitLensError('unsupported', ['{0} (opset {1}): {2}', node.op, node.opset, reason]);

/** A node that contradicts the definition of its op. */
export const broken = (node: OnnxNode, why: string): BitLensError =>
  new BitLensError(
    'bad-file',
    ['Node {0} ({1}): {2}.', node.name, node.op, why],
    ['The file is damaged or was edited: export the model again.'],
  );

/** Operand `at`. @throws `bad-file` when it is left out */
export function operand(node: OnnxNode, at: number): Tensor {
  const tensor = node.inputs[at];
  if (!tensor) throw broken(node, `its input ${at} is missing`);
  return tensor;
}

/** Operand `at` with a value that the file holds; undefined when it is left out. @throws `unsupported` when it is computed */
export function optionalConstant(node: OnnxNode, at: number, role: string): Constant | undefined {
  const tensor = node.inputs[at];
  if (tensor?.kind === 'computed') throw refuse(node, `${role} computed from the input of the network`);
  return tensor;
}

/** The same for an operand that must be there. */
export function constantOperand(node: OnnxNode, at: number, role: string): Constant {
  operand(node, at);
  return optionalConstant(node, at, role)!;
}

/** Numbers that newer opsets give as an input and older ones as an attribute. */
export function numbersAt(node: OnnxNode, at: number, attribute: string): readonly number[] | undefined {
  return optionalConstant(node, at, attribute)?.numbers() ?? node.ints(attribute);
}

/** Axis counted from the front. @throws `bad-file` when there is no such axis */
export function axisOf(node: OnnxNode, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank)
    throw broken(node, `there is no axis ${axis} in a tensor of rank ${rank}`);
  return axis < 0 ? axis + rank : axis;
}
