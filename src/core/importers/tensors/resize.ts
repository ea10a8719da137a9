// Resampling to given extents along any axes.

import { interpolation, type Resampling } from '../../ir/interpolation.ts';
import { asComputed } from './arrange.ts';
import { impossible, notSupported } from './errors.ts';
import { spend } from './known.ts';
import { checkRank, expand } from './moving.ts';
import { checkExtents, emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Tensor } from './tensor.ts';

export interface Resizing extends Omit<Resampling, 'scale'> {
  /** Output by input extent of each axis, where the file gives it: it may differ from the quotient of whole extents. */
  readonly scales?: readonly (number | undefined)[] | undefined;
}

/** The table of an axis takes up to 32 bytes an entry. */
const MAX_EXTENT = 2 ** 16;

/** @param sizes one extent per axis */
export function resize(g: TensorGraph, x: Tensor, sizes: readonly number[], resizing: Resizing): Computed {
  checkRank(g, x, sizes);
  checkExtents(g, sizes);
  const { scales, ...resampling } = resizing;
  if (scales?.some((scale) => scale !== undefined && !(scale > 0)))
    throw impossible(g, ['a scale of {0}.', scales.join()]);
  const node = asComputed(g, x);
  // One value is repeated, whatever the mode.
  const spread = expand(
    g,
    node,
    node.shape.map((extent, axis) => (extent === 1 ? sizes[axis]! : extent)),
  ) as Computed;
  const along = spread.axes.flatMap((axis, at) => {
    const [from, to, scale] = [spread.shape[axis]!, sizes[axis]!, scales?.[axis]];
    if (x.shape[axis] === 1 || (from === to && (scale ?? 1) === 1)) return [];
    if (to > MAX_EXTENT) throw notSupported(g, ['resizing {0} entries to {1}.', from, to]);
    spend(g, to);
    return [interpolation(at, from, to, { ...resampling, scale })];
  });
  if (along.length === 0) return spread;
  return emit(g, { kind: 'resize', along }, [spread], { shape: sizes, axes: spread.axes });
}
