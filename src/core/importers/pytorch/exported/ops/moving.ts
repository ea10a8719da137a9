// Joining, cutting and padding.

import type { PadOp } from '../../../../ir/ops.ts';
import { concat } from '../../../tensors/concat.ts';
import { notSupported } from '../../../tensors/errors.ts';
import { pad, sliceAxis } from '../../../tensors/moving.ts';
import { entry, reverse, split, stack, unstack } from '../../../tensors/parts.ts';
import type { Tensor } from '../../../tensors/tensor.ts';
import {
  axis,
  axisOf,
  has,
  number,
  numbers,
  optionalNumber,
  optionalNumbers,
  subject,
  tensors,
  text,
  type Call,
  type OpFunction,
} from '../call.ts';

const stacked: OpFunction = (c) => {
  const list = tensors(c, 'tensors');
  return stack(c.g, list, axis(c, 'dim', (list[0]?.shape.length ?? 0) + 1, 0));
};

const concatenate: OpFunction = (c) => {
  const list = tensors(c, 'tensors').filter(({ shape }) => shape.join() !== '0');
  return concat(c.g, list, axis(c, 'dim', list[0]?.shape.length ?? 0, 0));
};

/** Parts of one size, the last of what is left. */
function evenly(c: Call, at: number, size: number): readonly Tensor[] {
  const extent = subject(c).shape[at]!;
  if (!(size >= 1)) throw notSupported(c.g, ['into parts of {0}.', size]);
  const count = Math.ceil(extent / size);
  return split(
    c.g,
    subject(c),
    at,
    Array.from({ length: count }, (_, i) => Math.min(size, extent - i * size)),
  );
}

const splitOf: OpFunction = (c) => {
  const at = axis(c, 'dim', subject(c).shape.length, 0);
  const sizes = optionalNumbers(c, 'split_sizes') ?? optionalNumbers(c, 'split_size') ?? [];
  return has(c, 'split_sizes') || sizes.length !== 1
    ? split(c.g, subject(c), at, sizes)
    : evenly(c, at, sizes[0]!);
};

const chunk: OpFunction = (c) => {
  const x = subject(c);
  const at = axis(c, 'dim', x.shape.length, 0);
  return evenly(c, at, Math.ceil(x.shape[at]! / number(c, 'chunks')));
};

const sliceOf: OpFunction = (c) => {
  const x = subject(c);
  const at = axis(c, 'dim', x.shape.length, 0);
  const extent = x.shape[at]!;
  const clamp = (value: number): number => Math.min(Math.max(value < 0 ? value + extent : value, 0), extent);
  const start = clamp(optionalNumber(c, 'start') ?? 0);
  const end = Math.max(start, clamp(optionalNumber(c, 'end') ?? extent));
  const step = number(c, 'step', 1);
  return sliceAxis(c.g, x, at, { start, size: Math.ceil((end - start) / step), step });
};

const select: OpFunction = (c) => {
  const x = subject(c);
  const at = axis(c, 'dim', x.shape.length);
  const index = number(c, 'index');
  return entry(c.g, x, at, index < 0 ? index + x.shape[at]! : index);
};

const unbind: OpFunction = (c) => {
  const x = subject(c);
  return unstack(c.g, x, axis(c, 'dim', x.shape.length, 0));
};

const flip: OpFunction = (c) => {
  const x = subject(c);
  const axes = new Set(numbers(c, 'dims').map((at) => axisOf(c, x.shape.length, at)));
  return reverse(c.g, x, [...axes]);
};

const roll: OpFunction = (c) => {
  const along = optionalNumbers(c, 'dims') ?? [];
  if (along.length === 0) throw notSupported(c.g, ['over no axis.']);
  const shifts = numbers(c, 'shifts');
  return along.reduce<Tensor>((x, entry, i) => {
    const at = axisOf(c, x.shape.length, entry);
    const extent = x.shape[at]!;
    const shift = ((shifts[i]! % extent) + extent) % extent;
    if (shift === 0) return x;
    const tail = sliceAxis(c.g, x, at, { start: extent - shift, size: shift });
    return concat(c.g, [tail, sliceAxis(c.g, x, at, { start: 0, size: extent - shift })], at);
  }, subject(c));
};

/** torch lists [before, after] from the last axis to the first. */
function padded(c: Call, list: readonly number[], mode: PadOp['mode'], value: number): Tensor {
  const x = subject(c);
  const rank = x.shape.length;
  const pads = x.shape.map((_, at) => {
    const place = 2 * (rank - 1 - at);
    return [list[place] ?? 0, list[place + 1] ?? 0] as const;
  });
  return pad(c.g, x, pads, mode, value);
}

const MODES: Readonly<Record<string, PadOp['mode']>> = {
  constant: 'constant',
  reflect: 'reflect',
  replicate: 'edge',
};

const padOf: OpFunction = (c) => {
  const word = text(c, 'mode') ?? 'constant';
  const mode = Object.hasOwn(MODES, word) ? MODES[word] : undefined;
  if (!mode) throw notSupported(c.g, ['with mode {0}.', word]);
  return padded(c, numbers(c, 'pad'), mode, optionalNumber(c, 'value') ?? 0);
};

const edges =
  (mode: PadOp['mode']): OpFunction =>
  (c) =>
    padded(c, numbers(c, 'padding'), mode, 0);

export const MOVING: Readonly<Record<string, OpFunction>> = {
  'aten.cat': concatenate,
  'aten.concat': concatenate,
  'aten.stack': stacked,
  'aten.split': splitOf,
  'aten.split_with_sizes': splitOf,
  'aten.chunk': chunk,
  'aten.unbind': unbind,
  'aten.slice': sliceOf,
  'aten.select': select,
  'aten.narrow': (c) => {
    const x = subject(c);
    const at = axis(c, 'dim', x.shape.length);
    return sliceAxis(c.g, x, at, { start: number(c, 'start'), size: number(c, 'length') });
  },
  'aten.flip': flip,
  'aten.roll': roll,
  'aten.constant_pad_nd': (c) => padded(c, numbers(c, 'pad'), 'constant', number(c, 'value', 0)),
  'aten.pad': padOf,
  'aten.reflection_pad1d': edges('reflect'),
  'aten.reflection_pad2d': edges('reflect'),
  'aten.replication_pad1d': edges('edge'),
  'aten.replication_pad2d': edges('edge'),
};
