// Blocks of space moved to the samples or to the channels, and back; images are [n, …space, channels].
// Reference: tensorflow/core/ops/array_ops.cc (SpaceToBatchND, BatchToSpaceND, SpaceToDepth, DepthToSpace).

import { elements } from '../../ir/graph.ts';
import type { Pads } from '../../ir/ops.ts';
import { impossible } from './errors.ts';
import { pad, slice } from './moving.ts';
import { reshape, transpose } from './shape.ts';
import type { TensorGraph } from './tensorGraph.ts';
import type { Tensor } from './tensor.ts';
import type { Window } from './window.ts';

interface Cut {
  readonly block: readonly number[];
  readonly pads: Pads;
}

/** Images cut into blocks and the image they were cut from: older TensorFlow writes dilated convolutions so. */
const cutFrom = new WeakMap<Tensor, Cut & { readonly image: Tensor }>();

/** Results of convolutions on such: how to get the whole one, given what is cropped from it. */
const convolved = new WeakMap<Tensor, Cut & { readonly whole: (pads: Pads) => Tensor }>();

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** A block and its padding or crops: [before, after] of each axis in one list. */
function cutOf(g: TensorGraph, block: readonly number[], flat: readonly number[]): Cut {
  const isBlock = block.every((size) => Number.isInteger(size) && size >= 1);
  if (!isBlock || flat.length !== 2 * block.length)
    throw impossible(g, ['blocks of [{0}] with borders of [{1}].', block.join(), flat.join()]);
  return { block, pads: block.map((_, s) => [flat[2 * s]!, flat[2 * s + 1]!]) };
}

/**
 * [n, (m · block) …, rest] to [block … · n, m …, rest].
 * @param padding put around the image before: [before, after] of each axis in one list
 */
export function spaceToBatch(
  g: TensorGraph,
  image: Tensor,
  block: readonly number[],
  padding: readonly number[],
): Tensor {
  const { pads } = cutOf(g, block, padding);
  const whole = pad(
    g,
    image,
    image.shape.map((_, axis) => pads[axis - 1] ?? [0, 0]),
  );
  const [samples = 1, ...extents] = whole.shape;
  const m = block.length;
  const inner = block.map((size, s) => [extents[s]! / size, size]);
  if (!inner.flat().every(Number.isInteger))
    throw impossible(g, ['[{0}] is not made of blocks of [{1}].', whole.shape.join(), block.join()]);
  const cut = reshape(g, whole, [samples, ...inner.flat(), ...extents.slice(m)]);
  const rest = upTo(cut.shape.length).slice(2 * m + 1);
  const order = [...upTo(m).map((s) => 2 * s + 2), 0, ...upTo(m).map((s) => 2 * s + 1), ...rest];
  const result = reshape(g, transpose(g, cut, order), [
    samples * elements(block),
    ...inner.map(([extent]) => extent!),
    ...extents.slice(m),
  ]);
  cutFrom.set(result, { image, block, pads });
  return result;
}

/** The way back. @param crops cut off at the end: [before, after] of each axis in one list */
export function batchToSpace(
  g: TensorGraph,
  x: Tensor,
  block: readonly number[],
  crops: readonly number[],
): Tensor {
  const { pads: cut } = cutOf(g, block, crops);
  const known = convolved.get(x);
  if (known?.block.join() === block.join()) {
    const pads = known.pads.map(([before, after], s) => [before - cut[s]![0], after - cut[s]![1]] as const);
    if (pads.flat().every((amount) => amount >= 0)) return known.whole(pads);
  }
  const [samples = 1, ...extents] = x.shape;
  const m = block.length;
  const left = samples / elements(block);
  if (!Number.isInteger(left) || extents.length < m)
    throw impossible(g, ['[{0}] is not made of blocks of [{1}].', x.shape.join(), block.join()]);
  const split = reshape(g, x, [...block, left, ...extents]);
  const order = [m, ...upTo(m).flatMap((s) => [m + 1 + s, s]), ...upTo(split.shape.length).slice(2 * m + 1)];
  const spatial = block.map((size, s) => size * extents[s]!);
  const whole = reshape(g, transpose(g, split, order), [left, ...spatial, ...extents.slice(m)]);
  const starts = whole.shape.map((_, axis) => cut[axis - 1]?.[0] ?? 0);
  const sizes = whole.shape.map((extent, axis) => extent - starts[axis]! - (cut[axis - 1]?.[1] ?? 0));
  return slice(g, whole, { starts, sizes, steps: sizes.map(() => 1) });
}

/**
 * A convolution of such blocks with stride 1 and without padding is one with dilation, once the blocks are put together.
 * @param blocks what it is applied to, [n, height, width, channels]
 * @param run the convolution of an image like `blocks`
 * @returns its result on the blocks; nothing when x is no such image
 */
export function convolveBlocks(
  blocks: Tensor,
  { strides, dilation = [] }: Omit<Window, 'size'>,
  run: (image: Tensor, dilation: readonly number[], pads: Pads) => Tensor,
): Tensor | undefined {
  const cut = cutFrom.get(blocks);
  if (cut?.block.length !== 2 || [...strides, ...dilation].some((step) => step !== 1)) return undefined;
  const [none, one]: [Pads[number], number] = [[0, 0], 1];
  const result = run(blocks, [one, one], [none, none]);
  convolved.set(result, { ...cut, whole: (pads) => run(cut.image, cut.block, pads) });
  return result;
}

/** [n, h · block, w · block, c] to [n, h, w, block · block · c]: the channels of a block's first pixel first. */
export function spaceToDepth(g: TensorGraph, image: Tensor, block: number): Tensor {
  const [n = 1, height = 0, width = 0, channels = 0] = image.shape;
  const [h, w] = [height / block, width / block];
  if (image.shape.length !== 4 || !(block > 0) || !Number.isInteger(h) || !Number.isInteger(w))
    throw impossible(g, ['[{0}] is not made of blocks of {1}.', image.shape.join(), block]);
  const split = reshape(g, image, [n, h, block, w, block, channels]);
  return reshape(g, transpose(g, split, [0, 1, 3, 2, 4, 5]), [n, h, w, block * block * channels]);
}

/** The way back. */
export function depthToSpace(g: TensorGraph, image: Tensor, block: number): Tensor {
  const [n = 1, height = 0, width = 0, depth = 0] = image.shape;
  const channels = depth / block ** 2;
  if (image.shape.length !== 4 || !(block > 0) || !Number.isInteger(channels))
    throw impossible(g, ['[{0}] has no blocks of {1} in its channels.', image.shape.join(), block]);
  const split = reshape(g, image, [n, height, width, block, block, channels]);
  return reshape(g, transpose(g, split, [0, 1, 3, 2, 4, 5]), [n, height * block, width * block, channels]);
}
