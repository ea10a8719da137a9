// Values known while a file is imported: parameters, and the shape arithmetic that exporters write out as operations.
// Large ones are parameters, so everything derived from a constant is computed when its values are asked for.

import { elements, type Shape, type Weight } from '../../ir/graph.ts';
import type { Constant, ElementType } from './tensor.ts';

export type Values = ArrayLike<number>;

/** @param values row-major; a function is called whenever the values are needed and none are at hand */
export function constant(
  name: string,
  shape: Shape,
  type: ElementType,
  values: Values | (() => Values),
): Constant {
  const get = typeof values === 'function' ? whileHeld(values) : () => values;
  return {
    kind: 'constant',
    shape,
    type,
    weight: { name, shape, read: whileHeld(() => asFloats(get())) },
    numbers: () => asNumbers(get()),
  };
}

/** A parameter with the quantizer it has. */
export function constantOf(weight: Weight, type: ElementType = 'float'): Constant {
  return { kind: 'constant', shape: weight.shape, type, weight, numbers: () => asNumbers(weight.read()) };
}

export const scalar = (value: number, type: ElementType = 'float'): Constant =>
  constant(String(value), [], type, [value]);

export const numbersOf = (tensor: Constant): readonly number[] => tensor.numbers();

/**
 * The same values in other places: transposed, sliced, repeated, gathered. Quantizers and the values before them follow.
 * @param sources index in the source of each value, row-major; absent when only the shape changes
 */
export function rearranged(source: Constant, shape: Shape, sources?: () => Int32Array): Constant {
  const { weight } = source;
  const take = (values: Float32Array): Float32Array => {
    const index = sources?.();
    return index ? Float32Array.from(index, (at) => values[at]!) : values;
  };
  const { latent } = weight;
  return {
    kind: 'constant',
    shape,
    type: source.type,
    stored: source.stored,
    weight: {
      name: weight.name,
      shape,
      read: whileHeld(() => take(weight.read())),
      quantizer: weight.quantizer,
      ...(latent ? { latent: whileHeld(() => take(latent())) } : {}),
    },
    numbers() {
      const numbers = source.numbers();
      const index = sources?.();
      return index ? Array.from(index, (at) => numbers[at]!) : numbers;
    },
  };
}

/** Axis i of the result is axis order[i] of the source. */
export function transposed(source: Constant, order: readonly number[]): Constant {
  const shape = order.map((axis) => source.shape[axis]!);
  if (order.every((axis, at) => axis === at)) return source;
  const steps = stridesOf(source.shape);
  return rearranged(source, shape, () =>
    indices(
      shape,
      order.map((axis) => steps[axis]!),
    ),
  );
}

/** Row-major strides. */
export function stridesOf(shape: Shape): readonly number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** start + Σ position[axis] · strides[axis] for every position of a shape, row-major. */
export function indices(shape: Shape, strides: readonly number[], start = 0): Int32Array {
  let list = Int32Array.of(start);
  for (const [axis, extent] of shape.entries()) {
    const next = new Int32Array(list.length * extent);
    for (let i = 0, at = 0; i < list.length; i++)
      for (let k = 0; k < extent; k++) next[at++] = list[i]! + k * strides[axis]!;
    list = next;
  }
  return list;
}

/** Index in a tensor of `from` for every position of `to`, which it broadcasts to (axes align at the end). */
export function broadcastIndices(from: Shape, to: Shape): Int32Array {
  const missing = to.length - from.length;
  const own = stridesOf(from);
  return indices(
    to,
    to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : own[axis - missing]!)),
  );
}

export function broadcastConstant(source: Constant, shape: Shape): Constant {
  if (source.shape.length === shape.length && elements(source.shape) === elements(shape)) return source;
  return rearranged(source, shape, () => broadcastIndices(source.shape, shape));
}

/** Computes again only when nobody holds the values any more. */
export function whileHeld<T extends object>(compute: () => T): () => T {
  let held: WeakRef<T> | undefined;
  return () => {
    const known = held?.deref();
    if (known) return known;
    const made = compute();
    held = new WeakRef(made);
    return made;
  };
}

const asFloats = (values: Values): Float32Array =>
  values instanceof Float32Array ? values : Float32Array.from(values);

const asNumbers = (values: Values): readonly number[] =>
  Array.isArray(values) ? (values as readonly number[]) : Array.from(values);
