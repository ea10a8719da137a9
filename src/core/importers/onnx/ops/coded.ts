// Operators on codes that mean the same for the real values behind them: those that only move values, and those that keep
// their order. They run on the real values, so that no scales and zero points stand in the way between a quantizer and its
// inverse.

import { activate } from '../../tensors/elementwise.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import { clippedCodes, codedAs, movedCodes } from '../codes.ts';
import { markScales, scaledProduct } from '../dynamicCodes.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { operand } from '../refuse.ts';
import { isSingle } from '../uniform.ts';
import { RELU } from './activations.ts';

/** Only the first operand holds codes. */
const MOVING = (
  'DepthToSpace Expand Flatten Gather GlobalMaxPool Identity MaxPool Reshape Slice SpaceToDepth Split Squeeze Tile ' +
  'Transpose Unsqueeze'
).split(' ');

/** The rows again, for operands that may be codes. */
export function codedRows(rows: OpRows): OpRows {
  const moving = MOVING.map((op): [string, OpRow] => [op, moved(rows[op]!)]);
  return {
    ...Object.fromEntries(moving),
    Clip: clip(rows['Clip']!),
    Concat: joined(rows['Concat']!),
    Mul: multiply(rows['Mul']!),
    Relu: relu(rows['Relu']!),
  };
}

/** One scale and one zero point hold wherever a value goes. */
const singleCodes = (x: Tensor | undefined) => {
  const known = x && codedAs(x);
  return known && isSingle(known) ? known : undefined;
};

const moved =
  (row: OpRow): OpRow =>
  (g, node) => {
    const known = singleCodes(node.inputs[0]);
    if (!known) return row(g, node);
    const inputs = [known.real, ...node.inputs.slice(1)];
    return row(g, { ...node, inputs }).map((real) => movedCodes(g, real, known));
  };

const joined =
  (row: OpRow): OpRow =>
  (g, node) => {
    const known = node.inputs.map(singleCodes);
    const [first] = known;
    const encoding = first && `${first.scale.numbers().join()} ${first.zero.numbers().join()}`;
    const alike = known.every(
      (one) => one && `${one.scale.numbers().join()} ${one.zero.numbers().join()}` === encoding,
    );
    if (!first || !alike) return row(g, node);
    const inputs = known.map((one) => one?.real);
    return row(g, { ...node, inputs }).map((real) => movedCodes(g, real, first));
  };

const clip =
  (row: OpRow): OpRow =>
  (g, node) => {
    const [low, high] = [boundAt(node, 1, -Infinity), boundAt(node, 2, Infinity)];
    if (low === undefined || high === undefined) return row(g, node);
    const codes = clippedCodes(g, operand(node, 0), low, high);
    return codes ? [codes] : row(g, node);
  };

function boundAt(node: OnnxNode, at: number, none: number): number | undefined {
  const bound = node.inputs[at];
  if (!bound) return node.opset < 11 ? undefined : none;
  return bound.kind === 'constant' ? bound.numbers()[0] : undefined;
}

/** The code 0 stands for 0 when the zero point is 0. */
const relu =
  (row: OpRow): OpRow =>
  (g, node) => {
    const known = singleCodes(node.inputs[0]);
    if (!known || known.zero.numbers()[0] !== 0) return row(g, node);
    return [movedCodes(g, activate(g, RELU, known.real), known)];
  };

const multiply =
  (row: OpRow): OpRow =>
  (g, node) => {
    const [a, b] = [operand(node, 0), operand(node, 1)];
    const product = scaledProduct(a, b);
    if (product) return [product];
    const made = row(g, node);
    markScales(made[0]!, a, b);
    return made;
  };
