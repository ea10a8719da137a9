// Element-wise operations.

import type { Shape } from '../../ir/graph.ts';
import { elements } from '../../ir/graph.ts';
import type { Activation, MapFunction, MergeFunction } from '../../ir/ops.ts';
import type { Quantizer } from '../../quantizers/quantizer.ts';
import { arrange } from './arrange.ts';
import { align, broadcastShape } from './broadcast.ts';
import { broadcastIndices, constant, transposed, rearranged, whileHeld } from './constants.ts';
import { impossible } from './errors.ts';
import { spend } from './known.ts';
import { activationOf, mapOf, mergeOf } from './scalarFunctions.ts';
import { emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, ElementType, Tensor } from './tensor.ts';

const LOGICAL_MAPS: ReadonlySet<MapFunction> = new Set<MapFunction>(['not', 'isNaN', 'isInfinite']);
const LOGICAL_MERGES: ReadonlySet<MergeFunction> = new Set<MergeFunction>([
  'equal',
  'less',
  'lessEqual',
  'and',
  'or',
  'xor',
]);

export function map(g: TensorGraph, fn: MapFunction, x: Tensor): Tensor {
  const type = LOGICAL_MAPS.has(fn) ? 'bool' : x.type;
  if (x.kind === 'constant') return folded(x.shape, type, [x], ([value]) => mapOf(fn, value!));
  return emit(g, { kind: 'map', fn }, [x], { ...x, type });
}

export function activate(g: TensorGraph, activation: Activation, x: Tensor): Tensor {
  if (x.kind === 'constant')
    return folded(x.shape, x.type, [x], ([value]) => activationOf(activation, value!));
  return emit(g, { kind: 'activation', activation }, [x], x);
}

/**
 * Operands broadcast as in numpy. Comparisons and logic give bool; the rest int when all operands are, and then divisions
 * truncate.
 */
export function merge(g: TensorGraph, fn: MergeFunction, operands: readonly Tensor[]): Tensor {
  const whole = operands.every(({ type }) => type !== 'float');
  const type = LOGICAL_MERGES.has(fn) ? 'bool' : whole ? 'int' : 'float';
  const integral = whole && (fn === 'divide' || fn === 'average');
  if (allConstant(operands)) {
    const shape = broadcastShape(
      g,
      operands.map((operand) => operand.shape),
    );
    spend(g, elements(shape));
    return folded(shape, type, operands, (values) =>
      integral ? Math.trunc(mergeOf(fn, values)) : mergeOf(fn, values),
    );
  }
  const { operands: nodes, ...result } = align(g, operands);
  const merged = emit(g, { kind: 'merge', fn }, nodes, { ...result, type });
  return integral ? map(g, 'truncate', merged) : merged;
}

/** a where the condition holds, else b. */
export function where(g: TensorGraph, condition: Tensor, a: Tensor, b: Tensor): Tensor {
  const operands = [condition, a, b];
  const type = a.type === b.type ? a.type : 'float';
  if (condition.kind === 'constant' && elements(condition.shape) === 1 && covers(condition, a, b))
    return condition.numbers()[0] ? a : b;
  if (allConstant(operands)) {
    const shape = broadcastShape(
      g,
      operands.map((operand) => operand.shape),
    );
    return folded(shape, type, operands, ([c, yes, no]) => (c ? yes! : no!));
  }
  const { operands: nodes, ...result } = align(g, operands);
  return emit(g, { kind: 'where' }, nodes, { ...result, type });
}

/** Neither branch would be broadcast to the other or to the condition. */
const covers = (condition: Tensor, a: Tensor, b: Tensor): boolean =>
  a.shape.join() === b.shape.join() && condition.shape.length <= a.shape.length;

/** @param alpha broadcasts to x */
export function prelu(g: TensorGraph, x: Tensor, alpha: Constant): Tensor {
  if (broadcastShape(g, [x.shape, alpha.shape]).join() !== x.shape.join())
    throw impossible(g, ['a slope of shape [{0}] does not fit [{1}].', alpha.shape.join(), x.shape.join()]);
  if (x.kind === 'constant')
    return folded(x.shape, x.type, [x, alpha], ([value, slope]) => (value! < 0 ? value! * slope! : value!));
  const full = rearranged(alpha, [
    ...new Array<number>(x.shape.length - alpha.shape.length).fill(1),
    ...alpha.shape,
  ]);
  const own = x.axes.filter((axis) => !(axis === 0 && x.shape[0] === 1));
  const at = arrange(g, x, own);
  const unit = full.shape.map((_, axis) => axis).filter((axis) => !own.includes(axis));
  const shape = own.map((axis) => full.shape[axis]!);
  const { weight } = rearranged(transposed(full, [...unit, ...own]), shape);
  return emit(g, { kind: 'prelu', alpha: weight }, [at], at);
}

/** Floats become integers by dropping what is behind the point, and booleans by comparing with 0. */
export function cast(g: TensorGraph, x: Tensor, type: ElementType): Tensor {
  if (type === x.type) return x;
  if (type === 'bool') return map(g, 'not', map(g, 'not', x));
  if (type === 'int' && x.type === 'float') return { ...map(g, 'truncate', x), type };
  return { ...x, type };
}

/** A quantizer of the file: on a parameter it joins the parameter, on an activation it is a node. */
export function quantize(g: TensorGraph, x: Tensor, quantizer: Quantizer): Tensor {
  if (x.kind === 'computed') return emit(g, { kind: 'quantize', quantizer }, [x], x);
  const { text, bits, format } = quantizer;
  const { weight } = x;
  const read = whileHeld(() => quantizer.apply(weight.read(), x.shape));
  const latent = weight.latent ?? (() => weight.read());
  return {
    ...x,
    weight: { ...weight, read, latent, quantizer: { text, bits, format } },
    numbers: () => Array.from(read()),
  };
}

export const allConstant = (tensors: readonly Tensor[]): tensors is readonly Constant[] =>
  tensors.every(({ kind }) => kind === 'constant');

export const anyComputed = (tensors: readonly Tensor[]): Computed | undefined =>
  tensors.find((tensor) => tensor.kind === 'computed');

/** An element-wise function of constants, computed when asked for. */
export function folded(
  shape: Shape,
  type: ElementType,
  operands: readonly Constant[],
  compute: (values: readonly number[]) => number,
): Constant {
  const name = operands.find((operand) => elements(operand.shape) > 1)?.weight.name ?? 'constant';
  return constant(name, shape, type, () => {
    const lists = operands.map((operand) => operand.numbers());
    const places = operands.map((operand) =>
      operand.shape.join() === shape.join() ? undefined : broadcastIndices(operand.shape, shape),
    );
    return Array.from({ length: elements(shape) }, (_, i) =>
      compute(lists.map((list, o) => list[places[o]?.[i] ?? i]!)),
    );
  });
}
