// Joining, cutting, padding and turning tensors. Reference: tensorflow/core/ops/array_ops.cc.

import { concat } from '../../tensors/concat.ts';
import { pad, slice } from '../../tensors/moving.ts';
import { padSymmetric, reverse, split, stack, unstack } from '../../tensors/parts.ts';
import { stridedSlice } from '../../tensors/stridedSlice.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import {
  axisIn,
  broken,
  numberAt,
  numbers,
  operand,
  upTo,
  type OpCall,
  type OpRow,
  type OpRows,
} from '../call.ts';

function joined(call: OpCall, operands: readonly Tensor[], axis: number): Tensor {
  const [first] = operands;
  if (!first) throw broken(call, 'it joins nothing');
  return concat(call.g, operands, axisIn(call, axis, first.shape.length));
}

/** All operands but the last are joined along the axis that is the last. */
const concatV2: OpRow = (call) => {
  const count = call.inputs.length - 1;
  return joined(call, call.inputs.slice(0, count), numberAt(call, count, 'axis'));
};

const concatOld: OpRow = (call) => joined(call, call.inputs.slice(1), numberAt(call, 0, 'axis'));

const splitEvenly: OpRow = (call) => {
  const x = operand(call, 1);
  const axis = axisIn(call, numberAt(call, 0, 'axis'), x.shape.length);
  const count = call.attrs.int('num_split', 1);
  const size = x.shape[axis]! / count;
  if (!Number.isInteger(size)) throw broken(call, `${x.shape[axis]} entries cannot be split in ${count}`);
  return split(call.g, x, axis, new Array<number>(count).fill(size));
};

const splitV: OpRow = (call) => {
  const x = operand(call, 0);
  const axis = axisIn(call, numberAt(call, 2, 'axis'), x.shape.length);
  const given = numbers(call, 1, 'sizes');
  const rest = x.shape[axis]! - given.filter((size) => size >= 0).reduce((sum, size) => sum + size, 0);
  return split(
    call.g,
    x,
    axis,
    given.map((size) => (size < 0 ? rest : size)),
  );
};

const pack: OpRow = (call) => {
  const rank = operand(call, 0).shape.length + 1;
  const axis = axisIn(call, call.attrs.int('axis', 0), rank);
  return stack(call.g, call.inputs, axis);
};

const unpack: OpRow = (call) => {
  const x = operand(call, 0);
  return unstack(call.g, x, axisIn(call, call.attrs.int('axis', 0), x.shape.length));
};

const sliced: OpRow = (call) => {
  const x = operand(call, 0);
  const starts = numbers(call, 1, 'begin');
  const sizes = numbers(call, 2, 'size').map((size, axis) =>
    size === -1 ? x.shape[axis]! - starts[axis]! : size,
  );
  return slice(call.g, x, { starts, sizes, steps: starts.map(() => 1) });
};

function padsAt(call: OpCall): readonly (readonly [number, number])[] {
  const flat = numbers(call, 1, 'padding');
  return upTo(flat.length / 2).map((axis) => [flat[2 * axis]!, flat[2 * axis + 1]!]);
}

const mirrorPad: OpRow = (call) => {
  const x = operand(call, 0);
  if (call.attrs.text('mode', 'REFLECT') === 'REFLECT') return pad(call.g, x, padsAt(call), 'reflect');
  return padSymmetric(call.g, x, padsAt(call));
};

const reversed: OpRow = (call) => {
  const x = operand(call, 0);
  const axes = numbers(call, 1, 'axes').map((axis) => axisIn(call, axis, x.shape.length));
  return reverse(call.g, x, axes);
};

const strided: OpRow = (call) => {
  const { g, attrs } = call;
  return stridedSlice(g, operand(call, 0), {
    begins: numbers(call, 1, 'begin'),
    ends: numbers(call, 2, 'end'),
    strides: numbers(call, 3, 'strides'),
    masks: {
      begin: attrs.int('begin_mask', 0),
      end: attrs.int('end_mask', 0),
      ellipsis: attrs.int('ellipsis_mask', 0),
      newAxis: attrs.int('new_axis_mask', 0),
      shrink: attrs.int('shrink_axis_mask', 0),
    },
  });
};

export const movingRows: OpRows = {
  ConcatV2: concatV2,
  Concat: concatOld,
  Split: splitEvenly,
  SplitV: splitV,
  Pack: pack,
  Unpack: unpack,
  Slice: sliced,
  StridedSlice: strided,
  Pad: (call) => pad(call.g, operand(call, 0), padsAt(call)),
  PadV2: (call) => pad(call.g, operand(call, 0), padsAt(call), 'constant', numberAt(call, 2, 'value')),
  MirrorPad: mirrorPad,
  ReverseV2: reversed,
};
