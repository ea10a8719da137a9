// Element-wise ops. The backend's logic works on bytes (2 and 5 → 0), so truth is always a comparison with 0 first.

import * as tf from '@tensorflow/tfjs-core';
import type { MapFunction, MergeFunction } from '../../../core/ir/ops.ts';
import { activate } from './activations.ts';
import { combine, flat, spread, withParameter } from './broadcasting.ts';
import type { Kernel } from './kernel.ts';

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const float: Unary = (x) => (x.dtype === 'float32' ? x : tf.cast(x, 'float32'));
const isTrue: Unary = (x) => tf.notEqual(x, 0);

export const affine: Kernel<'affine'> = ({ op, x, parameter }) =>
  withParameter(tf.add, withParameter(tf.mul, x, parameter(op.scale)), parameter(op.offset));

export const activation: Kernel<'activation'> = ({ op, x }) => flat((y) => activate(y, op.activation), x);

export const prelu: Kernel<'prelu'> = ({ op, x, parameter }) =>
  tf.where(tf.greater(x, 0), x, withParameter(tf.mul, x, parameter(op.alpha)));

export const softmax: Kernel<'softmax'> = ({ op, x }) => {
  const rows = tf.reshape(x, [-1, x.shape.at(-1)!]);
  return tf.reshape(op.log ? tf.logSoftmax(rows) : tf.softmax(rows), x.shape);
};

export const merge: Kernel<'merge'> = ({ op, inputs }) => {
  const all = inputs.reduce((a, b) => combine(MERGES[op.fn], a, b));
  return op.fn === 'average' ? flat((sum) => tf.div(sum, inputs.length), all) : all;
};

export const map: Kernel<'map'> = ({ op, x }) => flat((y) => float(MAPS[op.fn](y)), x);

export const where: Kernel<'where'> = ({ inputs }) => {
  const [condition, yes, no] = spread(inputs) as [tf.Tensor, tf.Tensor, tf.Tensor];
  return tf.where(isTrue(condition), yes, no);
};

const MERGES: Readonly<Record<MergeFunction, Binary>> = {
  add: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  average: tf.add, // the sum; merge divides it
  maximum: (a, b) => eitherNaN(tf.maximum, a, b),
  minimum: (a, b) => eitherNaN(tf.minimum, a, b),
  power: tf.pow,
  modulo: tf.mod,
  remainder: (a, b) => tf.mul(tf.sign(a), tf.mod(tf.abs(a), tf.abs(b))),
  equal: (a, b) => float(tf.equal(a, b)),
  less: (a, b) => float(tf.less(a, b)),
  lessEqual: (a, b) => float(tf.lessEqual(a, b)),
  and: (a, b) => float(tf.logicalAnd(isTrue(a), isTrue(b))),
  or: (a, b) => float(tf.logicalOr(isTrue(a), isTrue(b))),
  xor: (a, b) => float(tf.notEqual(float(isTrue(a)), float(isTrue(b)))),
};

/** The backend's maximum and minimum keep a NaN of the first operand only. The halves add up exactly, also at ±∞. */
function eitherNaN(extreme: Binary, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(extreme(a, b), 0.5), tf.mul(extreme(b, a), 0.5));
}

const MAPS: Readonly<Record<MapFunction, Unary>> = {
  abs: tf.abs,
  negate: tf.neg,
  sign: (x) => tf.where(tf.isNaN(x), x, tf.sign(x)),
  exp: tf.exp,
  log: tf.log,
  sqrt: tf.sqrt,
  reciprocal: tf.reciprocal,
  floor: tf.floor,
  ceil: tf.ceil,
  round: tf.round,
  truncate: (x) => tf.mul(tf.sign(x), tf.floor(tf.abs(x))),
  erf: tf.erf,
  sin: tf.sin,
  cos: tf.cos,
  tan: tf.tan,
  asin: tf.asin,
  acos: tf.acos,
  atan: tf.atan,
  sinh: tf.sinh,
  cosh: tf.cosh,
  asinh: tf.asinh,
  acosh: tf.acosh,
  atanh: tf.atanh,
  not: (x) => tf.equal(x, 0),
  isNaN: tf.isNaN,
  isInfinite: tf.isInf,
};
