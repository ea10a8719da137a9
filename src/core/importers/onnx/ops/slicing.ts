// Parts of tensors, and tensors made larger by padding and repetition.

import type { PadOp } from '../../../ir/ops.ts';
import { entryOf } from '../../entryOf.ts';
import { pad, slice, tile } from '../../tensors/moving.ts';
import { split } from '../../tensors/parts.ts';
import { rangeOf } from '../../tensors/stridedSlice.ts';
import type { OpRow, OpRows } from '../node.ts';
import { axisOf, broken, constantOperand, numbersAt, operand, optionalConstant, refuse } from '../refuse.ts';

/** Starts, ends and steps are clamped as numpy does. */
const sliceRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  const [starts, ends] = [numbersAt(node, 1, 'starts'), numbersAt(node, 2, 'ends')];
  if (!starts || !ends || starts.length !== ends.length) throw broken(node, 'its starts and ends do not fit');
  const axes = numbersAt(node, 3, 'axes') ?? starts.map((_, i) => i);
  const steps = optionalConstant(node, 4, 'steps')?.numbers() ?? starts.map(() => 1);
  const whole = { starts: x.shape.map(() => 0), sizes: [...x.shape], steps: x.shape.map(() => 1) };
  for (const [i, given] of axes.entries()) {
    const axis = axisOf(node, given, x.shape.length);
    const range = rangeOf(x.shape[axis]!, starts[i] ?? 0, ends[i] ?? 0, steps[i] ?? 1);
    if (steps[i] === 0) throw broken(node, 'its step is 0');
    whole.starts[axis] = range.start;
    whole.sizes[axis] = range.size;
    whole.steps[axis] = steps[i] ?? 1;
  }
  return [slice(g, x, whole)];
};

const splitRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  const axis = axisOf(node, node.int('axis', 0), x.shape.length);
  const extent = x.shape[axis]!;
  const sizes =
    numbersAt(node, 1, 'split') ?? equalParts(extent, node.int('num_outputs', node.outputs.length));
  if (sizes.reduce((sum, size) => sum + size, 0) !== extent)
    throw broken(node, `parts of ${sizes.join()} of an axis of ${extent}`);
  return split(g, x, axis, sizes);
};

/** The last one is smaller when they cannot be equal. */
function equalParts(extent: number, count: number): readonly number[] {
  const size = Math.ceil(extent / count);
  return Array.from({ length: count }, (_, i) => Math.max(0, Math.min(size, extent - i * size)));
}

const MODES: Readonly<Record<string, PadOp['mode']>> = {
  constant: 'constant',
  reflect: 'reflect',
  edge: 'edge',
};

const padRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  const name = node.text('mode', 'constant');
  const mode = entryOf(MODES, name);
  if (!mode) throw refuse(node, `padding of mode "${name}"`);
  const list = node.opset < 11 ? node.ints('pads') : constantOperand(node, 1, 'padding').numbers();
  const value =
    node.opset < 11
      ? node.float('value', 0)
      : (optionalConstant(node, 2, 'a padding value')?.numbers()[0] ?? 0);
  const given = optionalConstant(node, 3, 'axes')?.numbers() ?? x.shape.map((_, axis) => axis);
  const axes = given.map((axis) => axisOf(node, axis, x.shape.length));
  if (list?.length !== 2 * axes.length) throw broken(node, `its pads are ${list?.join() ?? 'missing'}`);
  const pads = x.shape.map((_, axis): readonly [number, number] => {
    const i = axes.indexOf(axis);
    return i < 0 ? [0, 0] : [list[i]!, list[i + axes.length]!];
  });
  return [pad(g, x, pads, mode, value)];
};

const tileRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  return [tile(g, x, constantOperand(node, 1, 'repeats').numbers())];
};

export const slicingRows: OpRows = {
  Pad: padRow,
  Slice: sliceRow,
  Split: splitRow,
  Tile: tileRow,
};
