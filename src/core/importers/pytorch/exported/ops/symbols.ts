// Extents that a program computes with, and the checks it makes on them.

import { axis, number, subject, type Call, type OpFunction, type Result } from '../call.ts';

const computed =
  (compute: (a: number, b: number) => number): OpFunction =>
  (c) => {
    const names = [...c.node.inputs.keys()];
    return compute(number(c, names[0] ?? ''), names.length > 1 ? number(c, names[1]!) : 0);
  };

const nothing = (): Result => [];

export const SYMBOLS: Readonly<Record<string, OpFunction>> = {
  'aten.sym_size': (c: Call) => {
    const { shape } = subject(c);
    return shape[axis(c, 'dim', shape.length)]!;
  },
  'aten.sym_numel': (c: Call) => subject(c).shape.reduce((size, extent) => size * extent, 1),
  '_operator.add': computed((a, b) => a + b),
  '_operator.sub': computed((a, b) => a - b),
  '_operator.mul': computed((a, b) => a * b),
  '_operator.floordiv': computed((a, b) => Math.floor(a / b)),
  '_operator.truediv': computed((a, b) => a / b),
  '_operator.mod': computed((a, b) => ((a % b) + b) % b),
  '_operator.neg': computed((a) => -a),
  '_operator.pow': computed((a, b) => a ** b),
  '_operator.eq': computed((a, b) => Number(a === b)),
  '_operator.ne': computed((a, b) => Number(a !== b)),
  '_operator.lt': computed((a, b) => Number(a < b)),
  '_operator.le': computed((a, b) => Number(a <= b)),
  '_operator.gt': computed((a, b) => Number(a > b)),
  '_operator.ge': computed((a, b) => Number(a >= b)),
  'torch.sym_max': computed(Math.max),
  'torch.sym_min': computed(Math.min),
  'torch.sym_float': computed((a) => a),
  'torch.sym_int': computed((a) => Math.trunc(a)),
  'torch.sym_not': computed((a) => Number(a === 0)),
  'math.ceil': computed((a) => Math.ceil(a)),
  'math.floor': computed((a) => Math.floor(a)),
  'aten._assert_scalar': nothing,
  'aten._assert_async': nothing,
  'aten._assert_tensor_metadata': nothing,
  'aten.sym_constrain_range': nothing,
  'aten.sym_constrain_range_for_size': nothing,
};
