// Parts of tensors by position.

import { slice } from '../../tensors/moving.ts';
import { reverse, split } from '../../tensors/parts.ts';
import { stridedSlice } from '../../tensors/stridedSlice.ts';
import { axisOf, broken, integersAt, operand, type Row, type Rows } from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';

/** A size of −1 takes what is left. */
const sliceRow: Row = (call) => {
  const x = operand(call, 0);
  const starts = integersAt(call, 1, 'a start');
  const sizes = integersAt(call, 2, 'a size').map((size, axis) =>
    size === -1 ? (x.shape[axis] ?? 0) - (starts[axis] ?? 0) : size,
  );
  return slice(call.g, x, { starts, sizes, steps: x.shape.map(() => 1) });
};

/** With the option `offset`, ends count from the begins. */
const strided: Row = (call) => {
  const options = optionsOf(call.operator, OPTIONS.stridedSlice);
  const [begins, ends, strides] = [1, 2, 3].map((at) => integersAt(call, at, 'a range'));
  return stridedSlice(call.g, operand(call, 0), {
    begins: begins!,
    ends: options?.offset() ? ends!.map((end, part) => end + (begins![part] ?? 0)) : ends!,
    strides: strides!,
    masks: {
      begin: options?.beginMask() ?? 0,
      end: options?.endMask() ?? 0,
      ellipsis: options?.ellipsisMask() ?? 0,
      newAxis: options?.newAxisMask() ?? 0,
      shrink: options?.shrinkAxisMask() ?? 0,
    },
  });
};

const splitEvenly: Row = (call) => {
  const x = operand(call, 1);
  const axis = axisOf(call, integersAt(call, 0, 'an axis')[0], x.shape.length);
  const count = call.operator.outputs.length;
  const size = x.shape[axis]! / count;
  if (!Number.isInteger(size)) throw broken(call, `splits ${x.shape[axis]} entries into ${count} parts`);
  return split(call.g, x, axis, new Array<number>(count).fill(size));
};

const splitV: Row = (call) => {
  const x = operand(call, 0);
  const axis = axisOf(call, integersAt(call, 2, 'an axis')[0], x.shape.length);
  const sizes = integersAt(call, 1, 'sizes');
  const known = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  return split(
    call.g,
    x,
    axis,
    sizes.map((size) => (size === -1 ? x.shape[axis]! - known : size)),
  );
};

const reversed: Row = (call) => {
  const x = operand(call, 0);
  const axes = integersAt(call, 1, 'axes').map((axis) => axisOf(call, axis, x.shape.length));
  return reverse(call.g, x, axes);
};

export const slicingRows: Rows = {
  SLICE: sliceRow,
  STRIDED_SLICE: strided,
  SPLIT: splitEvenly,
  SPLIT_V: splitV,
  REVERSE_V2: reversed,
};
