// Constants whose values only move to other places, axis by axis: slices, repeats, padding, lookups.

import { elements, type Shape } from '../../ir/graph.ts';
import { indices, rearranged, stridesOf, whileHeld } from './constants.ts';
import type { Constant } from './tensor.ts';

/** Per axis the entries that are taken, in order; absent for all of them, -1 for a place that nothing fills. */
export type Picks = readonly (ArrayLike<number> | undefined)[];

/** 0, 1 … extent − 1 through a function. */
export const listOf = (extent: number, entry: (i: number) => number): readonly number[] =>
  Array.from({ length: extent }, (_, i) => entry(i));

export const pickedShape = (shape: Shape, picks: Picks): Shape =>
  shape.map((extent, axis) => picks[axis]?.length ?? extent);

/** Every axis of the constant reduced to the entries picked, none of them -1. */
export function pick(source: Constant, picks: Picks): Constant {
  if (picks.every((list) => list === undefined)) return source;
  return rearranged(source, pickedShape(source.shape, picks), () => pickedIndices(source.shape, picks));
}

/** The same with a value where the picks say -1. It keeps its quantizer when that value is 0, which every grid has. */
export function pickOrFill(source: Constant, picks: Picks, fill: number): Constant {
  const shape = pickedShape(source.shape, picks);
  const places = (): Int32Array => pickedIndices(source.shape, picks);
  const { name, read, latent, quantizer } = source.weight;
  const take = (values: Float32Array): Float32Array =>
    Float32Array.from(places(), (at) => (at < 0 ? fill : values[at]!));
  const own = fill === 0 ? { quantizer, ...(latent ? { latent: whileHeld(() => take(latent())) } : {}) } : {};
  return {
    kind: 'constant',
    shape,
    type: source.type,
    weight: { name, shape, read: whileHeld(() => take(read())), ...own },
    numbers() {
      const numbers = source.numbers();
      return Array.from(places(), (at) => (at < 0 ? fill : numbers[at]!));
    },
  };
}

/** Index in a tensor of `shape` for every picked position, row-major; -1 where any axis has -1. */
function pickedIndices(shape: Shape, picks: Picks): Int32Array {
  const strides = stridesOf(shape);
  const count = elements(pickedShape(shape, picks));
  if (count === 0) return new Int32Array();
  if (picks.every((list) => list === undefined)) return indices(shape, strides);
  let places = Int32Array.of(0);
  for (const [axis, extent] of shape.entries()) {
    const list = picks[axis] ?? listOf(extent, (i) => i);
    const next = new Int32Array(places.length * list.length);
    let at = 0;
    for (const place of places)
      for (let k = 0; k < list.length; k++)
        next[at++] = place < 0 || list[k]! < 0 ? -1 : place + list[k]! * strides[axis]!;
    places = next;
  }
  return places;
}
