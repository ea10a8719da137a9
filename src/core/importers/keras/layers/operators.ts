// Python operators on tensors: Keras 3 stores `a + b` as an operation of keras.ops, Keras 2 as a TFOpLambda.

import type { MergeOp } from '../../../ir/ops.ts';
import type { Config } from '../config.ts';
import { refuse, type LayerKind, type Refusal, type Scope, type Tensor } from '../scope.ts';
import { merged } from './merging.ts';

type Arithmetic = 'add' | 'subtract' | 'multiply' | 'divide';

const FUNCTIONS: Readonly<Record<string, Arithmetic>> = {
  Add: 'add',
  Subtract: 'subtract',
  Multiply: 'multiply',
  TrueDivide: 'divide',
  Divide: 'divide',
  'math.add': 'add',
  'math.subtract': 'subtract',
  'math.multiply': 'multiply',
  'math.truediv': 'divide',
  'math.divide': 'divide',
  '__operators__.add': 'add',
};

/** Two tensors, or a tensor and a number, which becomes an affine op. */
export const operator: LayerKind = {
  check: (config) => {
    const name = functionName(config);
    return Object.hasOwn(FUNCTIONS, name) ? undefined : refuse(`operation ${name}`);
  },
  build(scope) {
    const fn = FUNCTIONS[functionName(scope.config)]!;
    const [left, right] = scope.operands;
    if (left === undefined || right === undefined || scope.operands.length > 2)
      return refuse(`${fn} with ${scope.operands.length} operands`);
    if (typeof left === 'number')
      return typeof right === 'number' ? refuse('no tensor') : constantFirst(scope, fn, left, right);
    if (typeof right === 'number') return constantSecond(scope, fn, left, right);
    if (fn === 'divide') return refuse('divides by a tensor');
    return merged(scope, fn satisfies MergeOp['fn'], [left, right]);
  },
};

function functionName(config: Config): string {
  return config.text('function', config.className);
}

function constantSecond(scope: Scope, fn: Arithmetic, x: Tensor, value: number): Tensor {
  switch (fn) {
    case 'add':
      return affine(scope, x, 1, value);
    case 'subtract':
      return affine(scope, x, 1, -value);
    case 'multiply':
      return affine(scope, x, value, 0);
    case 'divide':
      return affine(scope, x, 1 / value, 0);
  }
}

function constantFirst(scope: Scope, fn: Arithmetic, value: number, x: Tensor): Tensor | Refusal {
  if (fn === 'divide') return refuse('divides by a tensor');
  return fn === 'subtract' ? affine(scope, x, -1, value) : constantSecond(scope, fn, x, value);
}

function affine(scope: Scope, x: Tensor, scale: number, offset: number): Tensor {
  if (!Number.isFinite(scale)) throw scope.config.wrong('divides by zero');
  const constant = (key: string, value: number) => ({
    name: `${scope.config.name}/${key}`,
    shape: [],
    read: () => Float32Array.of(value),
  });
  return scope.emit(
    { kind: 'affine', scale: constant('scale', scale), offset: constant('offset', offset) },
    [x],
    x.shape,
  );
}
