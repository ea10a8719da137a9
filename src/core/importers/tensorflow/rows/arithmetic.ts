// Element-wise arithmetic, comparisons and logic. Reference: tensorflow/core/ops/math_ops.cc.

import type { MapFunction, MergeFunction } from '../../../ir/ops.ts';
import { cast, map, merge, where } from '../../tensors/elementwise.ts';
import { scalar } from '../../tensors/constants.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import { operand, refuse, type OpCall, type OpRow, type OpRows } from '../call.ts';
import { dataTypeOf, nameOfType } from '../dataTypes.ts';
import { broadcastTo } from './shaping.ts';

const binary =
  (fn: MergeFunction): OpRow =>
  (call) =>
    merge(call.g, fn, [operand(call, 0), operand(call, 1)]);

/** The same with its operands exchanged. */
const reversed =
  (fn: MergeFunction): OpRow =>
  (call) =>
    merge(call.g, fn, [operand(call, 1), operand(call, 0)]);

const unary =
  (fn: MapFunction): OpRow =>
  (call) =>
    map(call.g, fn, operand(call, 0));

const composed =
  (make: (call: OpCall, x: Tensor) => Tensor): OpRow =>
  (call) =>
    make(call, operand(call, 0));

const one = scalar(1);

/** Rounds down, integers too. */
const floorDiv: OpRow = (call) => {
  const [a, b] = [operand(call, 0), operand(call, 1)];
  const quotient = merge(call.g, 'divide', [cast(call.g, a, 'float'), cast(call.g, b, 'float')]);
  const floored = map(call.g, 'floor', quotient);
  return a.type === 'float' ? floored : cast(call.g, floored, 'int');
};

const realDiv: OpRow = (call) =>
  merge(call.g, 'divide', [cast(call.g, operand(call, 0), 'float'), operand(call, 1)]);

const divNoNan: OpRow = (call) => {
  const [a, b] = [operand(call, 0), operand(call, 1)];
  const isZero = merge(call.g, 'equal', [b, scalar(0)]);
  const safe = where(call.g, isZero, scalar(1), b);
  return where(call.g, isZero, scalar(0), merge(call.g, 'divide', [a, safe]));
};

function select(call: OpCall): Tensor {
  const [condition, a, b] = [operand(call, 0), operand(call, 1), operand(call, 2)];
  // The older op takes one condition for each entry of the first axis.
  const alongRows = call.op === 'Select' && condition.shape.length === 1 && a.shape.length > 1;
  if (!alongRows) return where(call.g, condition, a, b);
  const shape = [condition.shape[0]!, ...a.shape.slice(1).fill(1)];
  return where(call.g, broadcastTo(call, condition, shape), a, b);
}

function clip(call: OpCall): Tensor {
  const { g } = call;
  return merge(g, 'maximum', [merge(g, 'minimum', [operand(call, 0), operand(call, 2)]), operand(call, 1)]);
}

function castRow(call: OpCall): Tensor {
  const type = dataTypeOf(call.attrs.type('DstT'));
  if (!type) throw refuse('values of type {0}', nameOfType(call.attrs.type('DstT')));
  return cast(call.g, operand(call, 0), type.type);
}

const sum: OpRow = ({ g, inputs }) =>
  inputs.slice(1).reduce<Tensor>((total, x) => merge(g, 'add', [total, x]), inputs[0]!);

const opposite =
  (row: OpRow): OpRow =>
  (call) =>
    map(call.g, 'not', row(call) as Tensor);

export const arithmeticRows: OpRows = {
  Add: binary('add'),
  AddV2: binary('add'),
  AddN: sum,
  Sub: binary('subtract'),
  Mul: binary('multiply'),
  MulNoNan: binary('multiply'),
  Div: binary('divide'),
  RealDiv: realDiv,
  TruncateDiv: binary('divide'),
  DivNoNan: divNoNan,
  FloorDiv: floorDiv,
  FloorMod: binary('modulo'),
  Mod: binary('remainder'),
  TruncateMod: binary('remainder'),
  Pow: binary('power'),
  Maximum: binary('maximum'),
  Minimum: binary('minimum'),
  SquaredDifference: (call) => {
    const difference = merge(call.g, 'subtract', [operand(call, 0), operand(call, 1)]);
    return merge(call.g, 'multiply', [difference, difference]);
  },
  Equal: binary('equal'),
  NotEqual: opposite(binary('equal')),
  Less: binary('less'),
  LessEqual: binary('lessEqual'),
  Greater: reversed('less'),
  GreaterEqual: reversed('lessEqual'),
  LogicalAnd: binary('and'),
  LogicalOr: binary('or'),
  LogicalXor: binary('xor'),
  LogicalNot: unary('not'),
  Select: select,
  SelectV2: select,
  ClipByValue: clip,
  Cast: castRow,
  Abs: unary('abs'),
  Neg: unary('negate'),
  Sign: unary('sign'),
  Exp: unary('exp'),
  Log: unary('log'),
  Sqrt: unary('sqrt'),
  Reciprocal: unary('reciprocal'),
  Inv: unary('reciprocal'),
  Floor: unary('floor'),
  Ceil: unary('ceil'),
  Round: unary('round'),
  Rint: unary('round'),
  Erf: unary('erf'),
  Sin: unary('sin'),
  Cos: unary('cos'),
  Tan: unary('tan'),
  Asin: unary('asin'),
  Acos: unary('acos'),
  Atan: unary('atan'),
  Sinh: unary('sinh'),
  Cosh: unary('cosh'),
  Asinh: unary('asinh'),
  Acosh: unary('acosh'),
  Atanh: unary('atanh'),
  IsNan: unary('isNaN'),
  IsInf: unary('isInfinite'),
  Log1p: composed(({ g }, x) => map(g, 'log', merge(g, 'add', [x, one]))),
  Expm1: composed(({ g }, x) => merge(g, 'subtract', [map(g, 'exp', x), one])),
  Rsqrt: composed(({ g }, x) => map(g, 'reciprocal', map(g, 'sqrt', x))),
  Square: composed(({ g }, x) => merge(g, 'multiply', [x, x])),
  Erfc: composed(({ g }, x) => merge(g, 'subtract', [one, map(g, 'erf', x)])),
  ZerosLike: composed((call, x) => broadcastTo(call, scalar(0, x.type), x.shape)),
  OnesLike: composed((call, x) => broadcastTo(call, scalar(1, x.type), x.shape)),
};
