// Element-wise arithmetic, comparisons and logic; operands broadcast as in numpy.

import type { MapFunction, MergeFunction } from '../../../ir/ops.ts';
import { cast, map, merge, where } from '../../tensors/elementwise.ts';
import { scalar } from '../../tensors/constants.ts';
import { unsqueeze } from '../../tensors/shape.ts';
import { operand, type Call, type Row, type Rows } from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';
import { elementType } from '../parameters.ts';
import { fuse } from './activation.ts';

const unary =
  (...functions: readonly MapFunction[]): Row =>
  (call) =>
    functions.reduce((x, fn) => map(call.g, fn, x), operand(call, 0));

const binary =
  (fn: MergeFunction): Row =>
  (call) => {
    const merged = merge(call.g, fn, [operand(call, 0), operand(call, 1)]);
    return fuse(call, merged, optionsOf(call.operator, OPTIONS.fused)?.activation());
  };

/** a > b is b < a. */
const swapped =
  (fn: MergeFunction): Row =>
  (call) =>
    merge(call.g, fn, [operand(call, 1), operand(call, 0)]);

const square = (call: Call, x = operand(call, 0)) => merge(call.g, 'multiply', [x, x]);

const squaredDifference: Row = (call) =>
  square(call, merge(call.g, 'subtract', [operand(call, 0), operand(call, 1)]));

const notEqual: Row = (call) =>
  map(call.g, 'not', merge(call.g, 'equal', [operand(call, 0), operand(call, 1)]));

/** Rounds towards minus infinity, integers too. */
const floorDivide: Row = (call) => {
  const { g } = call;
  const [a, b] = [operand(call, 0), operand(call, 1)];
  const quotient = map(g, 'floor', merge(g, 'divide', [cast(g, a, 'float'), cast(g, b, 'float')]));
  return cast(g, quotient, a.type);
};

const addAll: Row = (call) =>
  call.operator.inputs
    .map((_, at) => operand(call, at))
    .reduce((sum, term) => merge(call.g, 'add', [sum, term]));

/** A condition of rank 1 chooses whole entries of the first axis. */
const select: Row = (call) => {
  const [condition, a, b] = [operand(call, 0), operand(call, 1), operand(call, 2)];
  const rank = a.shape.length;
  const perEntry = call.operator.builtin === 'SELECT' && condition.shape.length === 1 && rank > 1;
  const axes = Array.from({ length: rank - 1 }, (_, axis) => axis + 1);
  return where(call.g, perEntry ? unsqueeze(call.g, condition, axes) : condition, a, b);
};

const castRow: Row = (call) => cast(call.g, operand(call, 0), elementType(call.result(0)));

const zerosLike: Row = (call) =>
  merge(call.g, 'multiply', [operand(call, 0), scalar(0, operand(call, 0).type)]);

export const arithmeticRows: Rows = {
  ADD: binary('add'),
  SUB: binary('subtract'),
  MUL: binary('multiply'),
  DIV: binary('divide'),
  MAXIMUM: binary('maximum'),
  MINIMUM: binary('minimum'),
  POW: binary('power'),
  FLOOR_MOD: binary('modulo'),
  FLOOR_DIV: floorDivide,
  SQUARED_DIFFERENCE: squaredDifference,
  ADD_N: addAll,
  EQUAL: binary('equal'),
  NOT_EQUAL: notEqual,
  LESS: binary('less'),
  LESS_EQUAL: binary('lessEqual'),
  GREATER: swapped('less'),
  GREATER_EQUAL: swapped('lessEqual'),
  LOGICAL_AND: binary('and'),
  LOGICAL_OR: binary('or'),
  LOGICAL_NOT: unary('not'),
  ABS: unary('abs'),
  NEG: unary('negate'),
  EXP: unary('exp'),
  LOG: unary('log'),
  SQRT: unary('sqrt'),
  RSQRT: unary('sqrt', 'reciprocal'),
  SQUARE: (call) => square(call),
  SIN: unary('sin'),
  COS: unary('cos'),
  FLOOR: unary('floor'),
  CEIL: unary('ceil'),
  ROUND: unary('round'),
  SIGN: unary('sign'),
  SELECT: select,
  SELECT_V2: select,
  CAST: castRow,
  ZEROS_LIKE: zerosLike,
};
