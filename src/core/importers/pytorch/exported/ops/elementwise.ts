// Element-wise operations of aten.
// Reference: aten/src/ATen/native/native_functions.yaml for names and defaults, torch.nn.functional for formulas.

import type { Activation, MapFunction, MergeFunction } from '../../../../ir/ops.ts';
import { scalar } from '../../../tensors/constants.ts';
import { activate, cast, map, merge, prelu, where } from '../../../tensors/elementwise.ts';
import { sliceAxis } from '../../../tensors/moving.ts';
import { reshape } from '../../../tensors/shape.ts';
import type { Tensor } from '../../../tensors/tensor.ts';
import {
  axis,
  constantOperand,
  has,
  number,
  optionalNumber,
  optionalTensor,
  subject,
  tensor,
  text,
  type Call,
  type OpFunction,
} from '../call.ts';
import { notSupported } from '../../../tensors/errors.ts';

const asFloat = ({ g }: Call, x: Tensor): Tensor => (x.type === 'float' ? x : cast(g, x, 'float'));

const mapped =
  (fn: MapFunction): OpFunction =>
  (c) =>
    map(c.g, fn, FLOAT_MAPS.has(fn) ? asFloat(c, subject(c)) : subject(c));

/** Of integers too they give floats. */
const FLOAT_MAPS: ReadonlySet<MapFunction> = new Set<MapFunction>([
  'exp',
  'log',
  'sqrt',
  'reciprocal',
  'erf',
  'sin',
  'cos',
  'tan',
]);

const activated =
  (activation: (c: Call) => Activation): OpFunction =>
  (c) =>
    activate(c.g, activation(c), asFloat(c, subject(c)));

const plain = (
  fn: 'sigmoid' | 'tanh' | 'selu' | 'silu' | 'hardSilu' | 'mish' | 'logSigmoid' | 'softsign',
): OpFunction => activated(() => ({ fn }));

const relu = (slope: number, max?: number): Activation => ({ fn: 'relu', slope, max, threshold: 0 });

const merged =
  (fn: MergeFunction, swap = false): OpFunction =>
  (c) => {
    const operands = [subject(c), tensor(c, 'other')];
    return merge(c.g, fn, swap ? operands.reverse() : operands);
  };

/** other · alpha joins self. */
function scaled(c: Call, name: string): Tensor {
  const operand = tensor(c, name);
  const alpha = optionalNumber(c, 'alpha') ?? 1;
  return alpha === 1 ? operand : merge(c.g, 'multiply', [operand, scalar(alpha, operand.type)]);
}

const divide: OpFunction = (c) => {
  const [a, b] = [subject(c), tensor(c, 'other')];
  const quotient = merge(c.g, 'divide', [asFloat(c, a), asFloat(c, b)]);
  const rounding = text(c, 'rounding_mode');
  if (rounding === undefined) return quotient;
  const rounded = map(c.g, rounding === 'floor' ? 'floor' : 'truncate', quotient);
  return { ...rounded, type: a.type === 'float' || b.type === 'float' ? 'float' : 'int' };
};

const power: OpFunction = (c) => {
  const x = subject(c);
  const exponent = tensor(c, 'exponent');
  const value =
    exponent.kind === 'constant' && exponent.shape.length === 0 ? exponent.numbers()[0] : undefined;
  if (value === 1) return x;
  if (value === 2) return merge(c.g, 'multiply', [x, x]);
  if (value === 0.5) return map(c.g, 'sqrt', asFloat(c, x));
  if (value === -0.5) return map(c.g, 'reciprocal', map(c.g, 'sqrt', asFloat(c, x)));
  if (value === -1) return map(c.g, 'reciprocal', asFloat(c, x));
  return merge(c.g, 'power', [x, exponent]);
};

function clamp(c: Call, low: string, high: string): Tensor {
  const x = subject(c);
  const least = optionalTensor(c, low);
  const most = optionalTensor(c, high);
  const above = least ? merge(c.g, 'maximum', [x, least]) : x;
  return most ? merge(c.g, 'minimum', [above, most]) : above;
}

function hardTanh(c: Call): Activation {
  const [low, high] = [number(c, 'min_val', -1), number(c, 'max_val', 1)];
  return low === 0 ? relu(0, high) : { fn: 'clip', low, high };
}

/** Beyond the threshold torch takes the identity, which float32 cannot tell from it. */
function softplus(c: Call): Tensor {
  const beta = number(c, 'beta', 1);
  const x = asFloat(c, subject(c));
  if (beta === 1) return activate(c.g, { fn: 'softplus' }, x);
  const inner = activate(c.g, { fn: 'softplus' }, merge(c.g, 'multiply', [x, scalar(beta)]));
  return merge(c.g, 'multiply', [inner, scalar(1 / beta)]);
}

/** scale · (x > 0 ? x : alpha · (exp(x · input_scale) − 1)) */
const elu: OpFunction = (c) => {
  const [alpha, scale, inner] = [number(c, 'alpha', 1), number(c, 'scale', 1), number(c, 'input_scale', 1)];
  const x = asFloat(c, subject(c));
  if (inner === 1 && scale === 1) return activate(c.g, { fn: 'elu', alpha }, x);
  // exp(x · s) − 1 is elu(x · s): for selu s is 1 and only the scale remains.
  if (inner !== 1) throw notSupported(c.g, ['elu with input_scale {0}.', inner]);
  return merge(c.g, 'multiply', [activate(c.g, { fn: 'elu', alpha }, x), scalar(scale)]);
};

/** One slope per channel, which is axis 1. */
const preluOf: OpFunction = (c) => {
  const x = subject(c);
  const weight = constantOperand(c, 'weight');
  const own = weight.shape.length === 1 && x.shape.length > 1;
  const shape = x.shape.slice(1).map((_, at) => (at === 0 ? weight.shape[0]! : 1));
  const slope = own ? reshape(c.g, weight, shape) : weight;
  return slope.kind === 'constant' ? prelu(c.g, x, slope) : x;
};

const threshold: OpFunction = (c) => {
  const limit = number(c, 'threshold');
  const x = subject(c);
  if (number(c, 'value') === 0 && limit >= 0)
    return activate(c.g, { fn: 'relu', slope: 0, threshold: limit }, x);
  return where(c.g, merge(c.g, 'less', [scalar(limit), x]), x, scalar(number(c, 'value')));
};

/** The first half gated by the sigmoid of the second. */
const glu: OpFunction = (c) => {
  const x = subject(c);
  const at = axis(c, 'dim', x.shape.length, -1);
  const size = x.shape[at]! / 2;
  const half = (start: number): Tensor => sliceAxis(c.g, x, at, { start, size });
  return merge(c.g, 'multiply', [half(0), activate(c.g, { fn: 'sigmoid' }, half(size))]);
};

const maskedFill: OpFunction = (c) => where(c.g, tensor(c, 'mask'), tensor(c, 'value'), subject(c));

export const ELEMENTWISE: Readonly<Record<string, OpFunction>> = {
  'aten.relu': activated(() => relu(0)),
  'aten.relu6': activated(() => relu(0, 6)),
  'aten.leaky_relu': activated((c) => relu(number(c, 'negative_slope', 0.01))),
  'aten.hardtanh': activated(hardTanh),
  'aten.gelu': activated((c) => ({ fn: 'gelu', approximate: text(c, 'approximate') === 'tanh' })),
  'aten.hardsigmoid': activated(() => ({ fn: 'hardSigmoid', slope: 1 / 6, offset: 0.5 })),
  'aten.celu': activated((c) => ({ fn: 'celu', alpha: number(c, 'alpha', 1) })),
  'aten.elu': elu,
  'aten.selu': plain('selu'),
  'aten.silu': plain('silu'),
  'aten.mish': plain('mish'),
  'aten.hardswish': plain('hardSilu'),
  'aten.sigmoid': plain('sigmoid'),
  'aten.special_expit': plain('sigmoid'),
  'aten.tanh': plain('tanh'),
  'aten.log_sigmoid': plain('logSigmoid'),
  'aten.softplus': softplus,
  'aten.prelu': preluOf,
  'aten._prelu_kernel': preluOf,
  'aten.threshold': threshold,
  'aten.glu': glu,
  'aten.abs': mapped('abs'),
  'aten.neg': mapped('negate'),
  'aten.sign': mapped('sign'),
  'aten.sgn': mapped('sign'),
  'aten.exp': mapped('exp'),
  'aten.log': mapped('log'),
  'aten.sqrt': mapped('sqrt'),
  'aten.rsqrt': (c) => map(c.g, 'reciprocal', map(c.g, 'sqrt', asFloat(c, subject(c)))),
  'aten.reciprocal': mapped('reciprocal'),
  'aten.floor': mapped('floor'),
  'aten.ceil': mapped('ceil'),
  'aten.round': mapped('round'),
  'aten.trunc': mapped('truncate'),
  'aten.erf': mapped('erf'),
  'aten.sin': mapped('sin'),
  'aten.cos': mapped('cos'),
  'aten.tan': mapped('tan'),
  'aten.asin': mapped('asin'),
  'aten.acos': mapped('acos'),
  'aten.atan': mapped('atan'),
  'aten.sinh': mapped('sinh'),
  'aten.cosh': mapped('cosh'),
  'aten.asinh': mapped('asinh'),
  'aten.acosh': mapped('acosh'),
  'aten.atanh': mapped('atanh'),
  'aten.isnan': mapped('isNaN'),
  'aten.isinf': mapped('isInfinite'),
  'aten.logical_not': mapped('not'),
  'aten.bitwise_not': (c) => {
    const x = subject(c);
    if (x.type !== 'bool') throw notSupported(c.g, ['on integers.']);
    return map(c.g, 'not', x);
  },
  'aten.square': (c) => merge(c.g, 'multiply', [subject(c), subject(c)]),
  'aten.log1p': (c) => map(c.g, 'log', merge(c.g, 'add', [subject(c), scalar(1)])),
  'aten.expm1': (c) => merge(c.g, 'subtract', [map(c.g, 'exp', subject(c)), scalar(1)]),
  'aten.add': (c) => merge(c.g, 'add', [subject(c), scaled(c, 'other')]),
  'aten.sub': (c) => merge(c.g, 'subtract', [subject(c), scaled(c, 'other')]),
  'aten.rsub': (c) => merge(c.g, 'subtract', [tensor(c, 'other'), scaled(c, 'self')]),
  'aten.mul': merged('multiply'),
  'aten.div': divide,
  'aten.true_divide': divide,
  'aten.floor_divide': (c) => {
    const quotient = map(
      c.g,
      'floor',
      merge(c.g, 'divide', [asFloat(c, subject(c)), asFloat(c, tensor(c, 'other'))]),
    );
    return { ...quotient, type: subject(c).type };
  },
  'aten.remainder': merged('modulo'),
  'aten.fmod': merged('remainder'),
  'aten.pow': power,
  'aten.maximum': merged('maximum'),
  'aten.minimum': merged('minimum'),
  'aten.max.other': merged('maximum'),
  'aten.min.other': merged('minimum'),
  'aten.clamp': (c) => clamp(c, 'min', 'max'),
  'aten.clamp_min': (c) => clamp(c, 'min', 'none'),
  'aten.clamp_max': (c) => clamp(c, 'none', 'max'),
  'aten.eq': merged('equal'),
  'aten.ne': (c) => map(c.g, 'not', merge(c.g, 'equal', [subject(c), tensor(c, 'other')])),
  'aten.lt': merged('less'),
  'aten.le': merged('lessEqual'),
  'aten.gt': merged('less', true),
  'aten.ge': merged('lessEqual', true),
  'aten.logical_and': merged('and'),
  'aten.logical_or': merged('or'),
  'aten.logical_xor': merged('xor'),
  'aten.bitwise_and': merged('and'),
  'aten.bitwise_or': merged('or'),
  'aten.bitwise_xor': merged('xor'),
  'aten.where': (c) => where(c.g, tensor(c, 'condition'), tensor(c, 'self'), tensor(c, 'other')),
  'aten.masked_fill': maskedFill,
  'aten.lerp': (c) => {
    const [x, end] = [subject(c), tensor(c, 'end')];
    const weight = tensor(c, 'weight');
    return merge(c.g, 'add', [x, merge(c.g, 'multiply', [weight, merge(c.g, 'subtract', [end, x])])]);
  },
  'aten.addcmul': (c) => {
    const product = merge(c.g, 'multiply', [tensor(c, 'tensor1'), tensor(c, 'tensor2')]);
    const factor = has(c, 'value') ? merge(c.g, 'multiply', [product, tensor(c, 'value')]) : product;
    return merge(c.g, 'add', [subject(c), factor]);
  },
};
