// Arithmetic, comparisons, logic and mathematics, element by element.

import type { MapFunction, MergeFunction } from '../../../ir/ops.ts';
import { scalar } from '../../tensors/constants.ts';
import { cast, map, merge, where } from '../../tensors/elementwise.ts';
import { unsqueeze } from '../../tensors/shape.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { axisOf, broken, operand, refuse } from '../refuse.ts';
import { elementTypeOf } from '../tensorData.ts';

const MAPS: Readonly<Record<string, MapFunction>> = {
  Abs: 'abs',
  Acos: 'acos',
  Acosh: 'acosh',
  Asin: 'asin',
  Asinh: 'asinh',
  Atan: 'atan',
  Atanh: 'atanh',
  Ceil: 'ceil',
  Cos: 'cos',
  Cosh: 'cosh',
  Erf: 'erf',
  Exp: 'exp',
  Floor: 'floor',
  IsNaN: 'isNaN',
  Log: 'log',
  Neg: 'negate',
  Not: 'not',
  Reciprocal: 'reciprocal',
  Round: 'round',
  Sign: 'sign',
  Sin: 'sin',
  Sinh: 'sinh',
  Sqrt: 'sqrt',
  Tan: 'tan',
};

const MERGES: Readonly<Record<string, MergeFunction>> = {
  Add: 'add',
  And: 'and',
  Div: 'divide',
  Equal: 'equal',
  Less: 'less',
  LessOrEqual: 'lessEqual',
  Mul: 'multiply',
  Or: 'or',
  Sub: 'subtract',
  Xor: 'xor',
};

const VARIADIC: Readonly<Record<string, MergeFunction>> = {
  Max: 'maximum',
  Mean: 'average',
  Min: 'minimum',
  Sum: 'add',
};

const mapped =
  (fn: MapFunction): OpRow =>
  (g, node) => [map(g, fn, operand(node, 0))];

const merged =
  (fn: MergeFunction): OpRow =>
  (g, node) => [merge(g, fn, pair(g, node))];

const swapped =
  (fn: MergeFunction): OpRow =>
  (g, node) => [merge(g, fn, pair(g, node).toReversed())];

/** Before opset 7 the second operand is broadcast only when asked for, and may start at an axis of the first. */
function pair(g: TensorGraph, node: OnnxNode): readonly [Tensor, Tensor] {
  const [a, b] = [operand(node, 0), operand(node, 1)];
  if (node.opset >= 7 || !node.has('axis') || node.int('broadcast', 0) === 0) return [a, b];
  const start = axisOf(node, node.int('axis', 0), a.shape.length);
  const missing = a.shape.length - start - b.shape.length;
  if (missing < 0) throw broken(node, `its second operand does not fit behind axis ${start}`);
  const axes = Array.from({ length: missing }, (_, i) => b.shape.length + i);
  return [a, unsqueeze(g, b, axes)];
}

const variadic =
  (fn: MergeFunction): OpRow =>
  (g, node) => {
    const operands = node.inputs.map((_, at) => operand(node, at));
    if (operands.length === 0) throw broken(node, 'it has no inputs');
    return operands.length === 1 ? operands : [merge(g, fn, operands)];
  };

const power: OpRow = (g, node) => {
  const [base, exponent] = pair(g, node);
  return [cast(g, merge(g, 'power', [base, exponent]), base.type)];
};

const isInfinite: OpRow = (g, node) => {
  const x = operand(node, 0);
  const infinite = map(g, 'isInfinite', x);
  const [negative, positive] = [node.int('detect_negative', 1) !== 0, node.int('detect_positive', 1) !== 0];
  if (negative && positive) return [infinite];
  if (!negative && !positive) return [merge(g, 'and', [infinite, scalar(0, 'bool')])];
  const side = merge(g, 'less', positive ? [scalar(0), x] : [x, scalar(0)]);
  return [merge(g, 'and', [infinite, side])];
};

function castTo(g: TensorGraph, node: OnnxNode, dataType: number): Tensor {
  const type = elementTypeOf(dataType);
  if (!type) throw refuse(node, `a conversion to type ${dataType}`);
  return cast(g, operand(node, 0), type);
}

export const elementwiseRows: OpRows = {
  ...Object.fromEntries(Object.entries(MAPS).map(([op, fn]) => [op, mapped(fn)])),
  ...Object.fromEntries(Object.entries(MERGES).map(([op, fn]) => [op, merged(fn)])),
  ...Object.fromEntries(Object.entries(VARIADIC).map(([op, fn]) => [op, variadic(fn)])),
  Greater: swapped('less'),
  GreaterOrEqual: swapped('lessEqual'),
  Pow: power,
  Mod: (g, node) => [merge(g, node.int('fmod', 0) === 0 ? 'modulo' : 'remainder', pair(g, node))],
  IsInf: isInfinite,
  Where: (g, node) => [where(g, operand(node, 0), operand(node, 1), operand(node, 2))],
  Cast: (g, node) => [castTo(g, node, node.int('to', 1))],
  CastLike: (g, node) => [cast(g, operand(node, 0), operand(node, 1).type)],
};
