// Operations that repeat, join and select values without computing.

import { elements, type Shape } from '../../ir/graph.ts';
import type { PadOp } from '../../ir/ops.ts';
import { arrange } from './arrange.ts';
import { broadcastShape, withRank } from './broadcast.ts';
import { broadcastConstant } from './constants.ts';
import { impossible } from './errors.ts';
import { spend } from './known.ts';
import { listOf, pick, pickOrFill } from './picks.ts';
import { checkExtents, emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, Tensor } from './tensor.ts';

/** Broadcasts, both ways as ONNX does: the result has the extents that numpy's rules give the two shapes. */
export function expand(g: TensorGraph, x: Tensor, shape: Shape): Tensor {
  const target = broadcastShape(g, [x.shape, shape]);
  if (x.kind === 'constant') return sized(g, target, () => broadcastConstant(x, target));
  const seen = withRank(x, target.length);
  const grown = target.map((_, axis) => axis).filter((axis) => seen.shape[axis] !== target[axis]);
  if (grown.length === 0) return seen;
  const missing = grown.filter((axis) => !seen.axes.includes(axis));
  return emit(g, { kind: 'expand' }, [seen], { ...seen, shape: target, axes: [...missing, ...seen.axes] });
}

/** @param repeats one per axis */
export function tile(g: TensorGraph, x: Tensor, repeats: readonly number[]): Tensor {
  checkRank(g, x, repeats);
  const shape = x.shape.map((extent, axis) => extent * repeats[axis]!);
  if (x.kind === 'constant')
    return sized(g, shape, () => {
      const repeated = (extent: number, axis: number): readonly number[] =>
        listOf(extent, (i) => i % x.shape[axis]!);
      return pick(
        x,
        shape.map((extent, axis) => (repeats[axis] === 1 ? undefined : repeated(extent, axis))),
      );
    });
  const spread = expand(
    g,
    x,
    x.shape.map((extent, axis) => (extent === 1 ? repeats[axis]! : extent)),
  ) as Computed;
  if (spread.shape.join() === shape.join()) return spread;
  const own = spread.axes.map((axis) => (x.shape[axis] === 1 ? 1 : repeats[axis]!));
  return emit(g, { kind: 'tile', repeats: own }, [spread], { ...spread, shape });
}

export interface Slicing {
  /** One per axis; not negative. */
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
  readonly steps: readonly number[];
}

/** Elements start, start + step … of each axis, `size` of them. */
export function slice(g: TensorGraph, x: Tensor, { starts, sizes, steps }: Slicing): Tensor {
  for (const list of [starts, sizes, steps]) checkRank(g, x, list);
  x.shape.forEach((extent, axis) => {
    const [start, size] = [starts[axis]!, sizes[axis]!];
    const last = start + (size - 1) * steps[axis]!;
    const inside = size === 0 || (start >= 0 && start < extent && last >= 0 && last < extent);
    if (!inside || size < 0)
      throw impossible(g, ['{0} elements from {1} do not lie in an axis of {2}.', size, start, extent]);
  });
  const isWhole = (axis: number): boolean =>
    sizes[axis] === x.shape[axis] && (steps[axis] === 1 || sizes[axis]! < 2);
  if (x.shape.every((_, axis) => isWhole(axis))) return x;
  if (x.kind === 'constant') {
    const picks = sizes.map((size, axis) =>
      isWhole(axis) ? undefined : listOf(size, (i) => starts[axis]! + i * steps[axis]!),
    );
    return pick(x, picks);
  }
  const own = (list: readonly number[]): readonly number[] => x.axes.map((axis) => list[axis]!);
  return emit(g, { kind: 'slice', starts: own(starts), steps: own(steps) }, [x], { ...x, shape: sizes });
}

/** A range of one axis. */
export function sliceAxis(
  g: TensorGraph,
  x: Tensor,
  axis: number,
  range: { readonly start: number; readonly size: number; readonly step?: number },
): Tensor {
  const of = (value: number, other: number): readonly number[] =>
    x.shape.map((_, at) => (at === axis ? value : other));
  const sizes = x.shape.map((extent, at) => (at === axis ? range.size : extent));
  return slice(g, x, { starts: of(range.start, 0), sizes, steps: of(range.step ?? 1, 1) });
}

/** @param pads one pair per axis; negative ones cut off, as in ONNX */
export function pad(
  g: TensorGraph,
  x: Tensor,
  pads: readonly (readonly [number, number])[],
  mode: PadOp['mode'] = 'constant',
  value = 0,
): Tensor {
  checkRank(g, x, pads);
  const cut = slice(g, x, {
    starts: pads.map(([before]) => Math.max(0, -before)),
    sizes: pads.map(([before, after], axis) => x.shape[axis]! + Math.min(0, before) + Math.min(0, after)),
    steps: pads.map(() => 1),
  });
  const grow = pads.map(([before, after]) => [Math.max(0, before), Math.max(0, after)] as const);
  checkReach(g, cut.shape, grow, mode);
  const shape = cut.shape.map((extent, axis) => grow[axis]![0] + extent + grow[axis]![1]);
  const padded = shape.map((_, axis) => axis).filter((axis) => shape[axis] !== cut.shape[axis]);
  if (padded.length === 0) return cut;
  if (cut.kind === 'constant') return sized(g, shape, () => padConstant(cut, grow, mode, value));
  const missing = padded.filter((axis) => !cut.axes.includes(axis));
  const at = arrange(g, cut, [...missing, ...cut.axes]);
  const own = at.axes.map((axis) => grow[axis]!);
  return emit(g, { kind: 'pad', pads: own, mode, value }, [at], { ...at, shape });
}

function padConstant(
  x: Constant,
  pads: readonly (readonly [number, number])[],
  mode: PadOp['mode'],
  value: number,
): Constant {
  const picks = x.shape.map((extent, axis) => {
    const [before, after] = pads[axis]!;
    return before + after === 0
      ? undefined
      : listOf(before + extent + after, (i) => padSource(i - before, extent, mode));
  });
  return mode === 'constant' ? pickOrFill(x, picks, value) : pick(x, picks);
}

/** Entry that a position outside takes its value from; -1 for none. */
function padSource(at: number, extent: number, mode: PadOp['mode']): number {
  if (at >= 0 && at < extent) return at;
  if (mode === 'constant') return -1;
  if (mode === 'edge') return at < 0 ? 0 : extent - 1;
  return at < 0 ? -at : 2 * (extent - 1) - at;
}

/** What is mirrored or repeated must be there. */
function checkReach(
  g: TensorGraph,
  shape: Shape,
  pads: readonly (readonly [number, number])[],
  mode: PadOp['mode'],
): void {
  if (mode === 'constant') return;
  for (const [axis, extent] of shape.entries()) {
    const most = Math.max(...pads[axis]!);
    if (most > 0 && (extent === 0 || (mode === 'reflect' && most >= extent)))
      throw impossible(g, ['{0} values cannot be padded with {1} of them ({2}).', extent, most, mode]);
  }
}

/** Refuses constant results of absurd size before anything is computed. */
export function sized<T>(g: TensorGraph, shape: Shape, make: () => T): T {
  if (!shape.includes(0)) checkExtents(g, shape);
  spend(g, elements(shape));
  return make();
}

export function checkRank(g: TensorGraph, x: Tensor, list: readonly unknown[]): void {
  if (list.length !== x.shape.length)
    throw impossible(g, ['{0} values were given for {1} axes.', list.length, x.shape.length]);
}
