// `x[1:, ..., ::2, newaxis, 3]` with masks that say which parts were written, as TensorFlow and TensorFlow Lite store it.
// Reference: tensorflow/core/util/strided_slice_op.cc (ValidateStridedSliceOp).

import { impossible } from './errors.ts';
import { slice } from './moving.ts';
import { squeeze, unsqueeze } from './shape.ts';
import type { TensorGraph } from './tensorGraph.ts';
import type { Tensor } from './tensor.ts';

export interface StridedIndex {
  /** One entry per part. */
  readonly begins: readonly number[];
  readonly ends: readonly number[];
  readonly strides: readonly number[];
  /** Bit i is about part i. */
  readonly masks: {
    /** The begin was left out. */
    readonly begin: number;
    readonly end: number;
    /** The part is `...`. */
    readonly ellipsis: number;
    /** The part is a new axis. */
    readonly newAxis: number;
    /** The part is one index: its axis goes. */
    readonly shrink: number;
  };
}

/** What a part takes of an axis. */
interface Span {
  readonly start: number;
  readonly size: number;
  readonly step: number;
  /** An index, in contrast to a range, takes the axis away. */
  readonly kept: boolean;
}

export function stridedSlice(g: TensorGraph, x: Tensor, index: StridedIndex): Tensor {
  const entries = entriesOf(g, x, index);
  const spans = entries.filter((entry) => entry !== 'new');
  const cut = slice(g, x, {
    starts: spans.map(({ start }) => start),
    sizes: spans.map(({ size }) => size),
    steps: spans.map(({ step }) => step),
  });
  const gone = spans.flatMap(({ kept }, axis) => (kept ? [] : [axis]));
  const added = entries
    .filter((entry) => entry === 'new' || entry.kept)
    .flatMap((entry, axis) => (entry === 'new' ? [axis] : []));
  const squeezed = gone.length > 0 ? squeeze(g, cut, gone) : cut;
  return added.length > 0 ? unsqueeze(g, squeezed, added) : squeezed;
}

const has = (mask: number, part: number): boolean => ((mask >> part) & 1) === 1;

const wholeOf = (extent: number): Span => ({ start: 0, size: extent, step: 1, kept: true });

/** One span per axis of the input, and new axes between them, in the order of the result. */
function entriesOf(g: TensorGraph, x: Tensor, index: StridedIndex): readonly (Span | 'new')[] {
  const { begins, masks } = index;
  const parts = begins.map((_, part) => part);
  const named = parts.filter((part) => !has(masks.ellipsis, part) && !has(masks.newAxis, part));
  const left = x.shape.length - named.length;
  if (left < 0 || parts.filter((part) => has(masks.ellipsis, part)).length > 1)
    throw impossible(g, ['an index of {0} parts for {1} axes.', begins.length, x.shape.length]);
  let axis = 0;
  const entries = parts.flatMap((part): (Span | 'new')[] => {
    if (has(masks.ellipsis, part)) return Array.from({ length: left }, () => wholeOf(x.shape[axis++]!));
    return has(masks.newAxis, part) ? ['new'] : [spanOf(g, index, part, x.shape[axis++]!)];
  });
  return [...entries, ...x.shape.slice(axis).map(wholeOf)];
}

function spanOf(g: TensorGraph, index: StridedIndex, part: number, extent: number): Span {
  const { masks } = index;
  const [begin, end, step] = [index.begins[part], index.ends[part], index.strides[part]];
  if (![begin, end, step].every(Number.isInteger) || !step)
    throw impossible(g, ['a range from {0} to {1} by {2}.', begin ?? '?', end ?? '?', step ?? '?']);
  if (has(masks.shrink, part))
    return { start: begin! < 0 ? begin! + extent : begin!, size: 1, step: 1, kept: false };
  const [first, last] = [
    has(masks.begin, part) ? undefined : begin!,
    has(masks.end, part) ? undefined : end!,
  ];
  return { ...rangeOf(extent, first, last, step), step, kept: true };
}

/** A range with steps along an axis; ends that are left out are the axis' own, others are clamped as numpy does. */
export function rangeOf(
  extent: number,
  begin: number | undefined,
  end: number | undefined,
  step: number,
): { readonly start: number; readonly size: number } {
  const [lowest, highest] = step > 0 ? [0, extent] : [-1, extent - 1];
  const clamped = (at: number): number => Math.min(highest, Math.max(lowest, at < 0 ? at + extent : at));
  const start = begin === undefined ? (step > 0 ? lowest : highest) : clamped(begin);
  const stop = end === undefined ? (step > 0 ? highest : lowest) : clamped(end);
  return { start, size: Math.max(0, Math.ceil((stop - start) / step)) };
}
