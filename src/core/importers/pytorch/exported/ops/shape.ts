// Other shapes for the same values: views, axes, repetition.

import type { Shape } from '../../../../ir/graph.ts';
import { notSupported } from '../../../tensors/errors.ts';
import { expand, tile } from '../../../tensors/moving.ts';
import { reshape, squeeze, swapLast, transpose, unsqueeze } from '../../../tensors/shape.ts';
import type { Tensor } from '../../../tensors/tensor.ts';
import {
  axis,
  axisOf,
  batchAxis,
  has,
  number,
  numbers,
  optionalNumbers,
  shapeArgument,
  subject,
  tensor,
  type Call,
  type OpFunction,
} from '../call.ts';

const product = (shape: Shape): number => shape.reduce((size, extent) => size * extent, 1);

/** One extent may be −1: what is left. */
function resolved(x: Pick<Tensor, 'shape'>, shape: Shape): Shape {
  const known = product(shape.filter((extent) => extent !== -1));
  return shape.map((extent) => (extent === -1 ? product(x.shape) / known : extent));
}

const view: OpFunction = (c) => {
  const x = subject(c);
  const shape = numbers(c, has(c, 'size') ? 'size' : 'shape');
  const at = batchAxis(c, x);
  return reshape(c.g, x, resolved(x, at === undefined ? shape : oneSample(c, x.shape, at, shape)));
};

/**
 * Takes the batch that the file fixes out of the new axes. They split or join the old axis that holds it: among those that
 * do, the one that is as long as the batch is it, else the first that it divides.
 */
function oneSample(c: Call, from: Shape, axis: number, shape: Shape): Shape {
  const { batch = 1 } = c;
  const outer = product(from.slice(0, axis));
  const whole = resolved({ shape: from.with(axis, from[axis]! * batch) }, shape);
  const within = whole.flatMap((_, at) => {
    const [start, end] = [product(whole.slice(0, at)), product(whole.slice(0, at + 1))];
    return end > outer && start < outer * from[axis]! * batch ? [at] : [];
  });
  const exact = within.filter((at) => whole[at] === batch);
  const found = exact[0] ?? within.find((at) => whole[at]! % batch === 0);
  if (exact.length > 1 || found === undefined)
    throw notSupported(c.g, [
      'for a fixed batch of {0}, which axis is the batch cannot be told: export with an example of one sample.',
      batch,
    ]);
  return whole.with(found, whole[found]! / batch);
}

const flatten: OpFunction = (c) => {
  const x = subject(c);
  const rank = x.shape.length;
  if (rank === 0) return reshape(c.g, x, [1]);
  const [first, last] = [axis(c, 'start_dim', rank, 0), axis(c, 'end_dim', rank, -1)];
  const middle = product(x.shape.slice(first, last + 1));
  return reshape(c.g, x, [...x.shape.slice(0, first), middle, ...x.shape.slice(last + 1)]);
};

const unflatten: OpFunction = (c) => {
  const x = subject(c);
  const at = axis(c, 'dim', x.shape.length);
  const sizes = numbers(c, 'sizes');
  const known = product(sizes.filter((size) => size !== -1));
  const inner = sizes.map((size) => (size === -1 ? x.shape[at]! / known : size));
  return reshape(c.g, x, [...x.shape.slice(0, at), ...inner, ...x.shape.slice(at + 1)]);
};

/** Axes that are longer than 1 stay; the batch axis stays too when all are asked for. */
const squeezeOf: OpFunction = (c) => {
  const x = subject(c);
  const rank = x.shape.length;
  const named = optionalNumbers(c, 'dim')?.map((at) => axisOf(c, rank, at));
  const all = x.shape.map((_, at) => at).slice(1);
  return squeeze(
    c.g,
    x,
    (named ?? all).filter((at) => x.shape[at] === 1),
  );
};

function swapAxes(c: Call, first: string, second: string): Tensor {
  const x = subject(c);
  const order = x.shape.map((_, at) => at);
  if (order.length === 0) return x;
  const [a, b] = [axis(c, first, order.length), axis(c, second, order.length)];
  [order[a], order[b]] = [order[b]!, order[a]!];
  return transpose(c.g, x, order);
}

/** −1 keeps an extent; new axes come in front. */
function expanded(c: Call, size: Shape): Tensor {
  const x = subject(c);
  const missing = size.length - x.shape.length;
  const batch = batchAxis(c, x);
  const shape = size.map((extent, at) =>
    extent === -1 || at - missing === batch ? x.shape[at - missing]! : extent,
  );
  return expand(c.g, x, shape);
}

const repeat: OpFunction = (c) => {
  const x = subject(c);
  const repeats = numbers(c, has(c, 'repeats') ? 'repeats' : 'dims');
  const rank = Math.max(repeats.length, x.shape.length);
  const grown = [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape];
  const factors = [...new Array<number>(rank - repeats.length).fill(1), ...repeats];
  return tile(c.g, reshape(c.g, x, grown), factors);
};

/** [n, c·r², h, w] to [n, c, h·r, w·r], and back. */
const pixelShuffle: OpFunction = (c) => {
  const [n, channels, h, w] = fourExtents(c);
  const r = number(c, 'upscale_factor');
  const out = channels / (r * r);
  const apart = reshape(c.g, subject(c), [n, out, r, r, h, w]);
  return reshape(c.g, transpose(c.g, apart, [0, 1, 4, 2, 5, 3]), [n, out, h * r, w * r]);
};

const pixelUnshuffle: OpFunction = (c) => {
  const [n, channels, h, w] = fourExtents(c);
  const r = number(c, 'downscale_factor');
  const apart = reshape(c.g, subject(c), [n, channels, h / r, r, w / r, r]);
  return reshape(c.g, transpose(c.g, apart, [0, 1, 3, 5, 2, 4]), [n, channels * r * r, h / r, w / r]);
};

function fourExtents(c: Call): readonly [number, number, number, number] {
  const { shape } = subject(c);
  if (shape.length !== 4) throw notSupported(c.g, ['on {0} axes.', shape.length]);
  return shape as unknown as readonly [number, number, number, number];
}

export const SHAPE: Readonly<Record<string, OpFunction>> = {
  'aten.view': view,
  'aten.reshape': view,
  'aten._unsafe_view': view,
  'aten._reshape_copy': view,
  'aten.view_copy': view,
  'aten.flatten': flatten,
  'aten.unflatten': unflatten,
  'aten.squeeze': squeezeOf,
  'aten.unsqueeze': (c) => {
    const x = subject(c);
    return unsqueeze(c.g, x, [axis(c, 'dim', x.shape.length + 1)]);
  },
  'aten.expand': (c) => expanded(c, shapeArgument(c, 'size')),
  'aten.expand_as': (c) => expanded(c, tensor(c, 'other').shape),
  'aten.repeat': repeat,
  'aten.tile': repeat,
  'aten.permute': (c) => {
    const x = subject(c);
    return transpose(
      c.g,
      x,
      numbers(c, 'dims').map((at) => axisOf(c, x.shape.length, at)),
    );
  },
  'aten.transpose': (c) => swapAxes(c, 'dim0', 'dim1'),
  'aten.swapaxes': (c) => swapAxes(c, 'axis0', 'axis1'),
  'aten.t': (c) => (subject(c).shape.length < 2 ? subject(c) : swapLast(c.g, subject(c))),
  'aten.mT': (c) => swapLast(c.g, subject(c)),
  'aten.numpy_T': (c) => {
    const x = subject(c);
    return transpose(c.g, x, x.shape.map((_, at) => at).reverse());
  },
  'aten.pixel_shuffle': pixelShuffle,
  'aten.pixel_unshuffle': pixelUnshuffle,
};
