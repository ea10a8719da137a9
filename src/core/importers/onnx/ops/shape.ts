// Ops that change the shape of a tensor, or where its values stand in it.

import { elements, type Shape } from '../../../ir/graph.ts';
import { constant } from '../../tensors/constants.ts';
import { concat } from '../../tensors/concat.ts';
import { expand } from '../../tensors/moving.ts';
import { reshape, squeeze, transpose, unsqueeze } from '../../tensors/shape.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { axisOf, broken, constantOperand, numbersAt, operand } from '../refuse.ts';

const reshapeRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  const target = node.opset < 5 ? node.ints('shape') : constantOperand(node, 1, 'a shape').numbers();
  return [reshape(g, x, resolved(node, x.shape, target ?? []))];
};

/** 0 keeps an extent, −1 is what is left, and the file's fixed batch is 1. */
function resolved(node: OnnxNode, from: Shape, target: readonly number[]): Shape {
  const keepsZero = node.int('allowzero', 0) !== 0;
  const copied = target.map((extent, axis) => {
    if (extent !== 0 || keepsZero) return extent;
    if (axis >= from.length) throw broken(node, `it keeps axis ${axis} of [${from.join()}]`);
    return from[axis]!;
  });
  const isFilled = copied.includes(-1) || elements(copied) === elements(from);
  const fits = isFilled && elements(from) % elements(copied.filter((extent) => extent !== -1)) === 0;
  const isBatch = node.batch !== undefined && copied[0] === node.batch && (!fits || copied.includes(-1));
  const list = isBatch ? [1, ...copied.slice(1)] : copied;
  const rest = elements(from) / elements(list.filter((extent) => extent !== -1));
  return list.map((extent) => (extent === -1 ? rest : extent));
}

const axesOf = (node: OnnxNode, rank: number): readonly number[] | undefined =>
  numbersAt(node, 1, 'axes')?.map((axis) => axisOf(node, axis, rank));

const squeezeRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  const all = x.shape.map((_, axis) => axis);
  return [squeeze(g, x, axesOf(node, all.length) ?? all.filter((axis) => x.shape[axis] === 1))];
};

const unsqueezeRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  const count = numbersAt(node, 1, 'axes')?.length ?? 0;
  return [unsqueeze(g, x, axesOf(node, x.shape.length + count) ?? [])];
};

const transposeRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  const order = node.ints('perm') ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
  return [transpose(g, x, order)];
};

const flatten: OpRow = (g, node) => {
  const x = operand(node, 0);
  const rank = x.shape.length;
  const axis = node.int('axis', 1);
  const at = axis === rank ? rank : rank === 0 ? 0 : axisOf(node, axis, rank);
  return [reshape(g, x, [elements(x.shape.slice(0, at)), elements(x.shape.slice(at))])];
};

/** Both shapes broadcast: a 1 in the target keeps the extent. */
const expandRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  const target = constantOperand(node, 1, 'a shape').numbers();
  const rank = Math.max(target.length, x.shape.length);
  const shape = Array.from({ length: rank }, (_, axis) => {
    const own = x.shape[axis - rank + x.shape.length] ?? 1;
    const wanted = target[axis - rank + target.length] ?? 1;
    const isBatch = axis === 0 && own === 1 && wanted === node.batch;
    return wanted === 1 || isBatch ? own : wanted;
  });
  return [expand(g, x, shape)];
};

const concatRow: OpRow = (g, node) => {
  const operands = node.inputs.map((_, at) => operand(node, at));
  return [concat(g, operands, axisOf(node, node.int('axis', 1), operand(node, 0).shape.length))];
};

/** Blocks of channels become blocks of space: [n, b, b, c, h, w], or [n, c, b, b, h, w] in mode CRD. */
const depthToSpace: OpRow = (g, node) => {
  const x = operand(node, 0);
  const block = node.int('blocksize', 0);
  const [n, channels, height, width] = fourAxes(node, x);
  const c = channels / block ** 2;
  if (!(block >= 1) || !Number.isInteger(c)) throw broken(node, `blocks of ${block} in ${channels} channels`);
  const isColumns = node.text('mode', 'DCR') === 'CRD';
  const split = reshape(
    g,
    x,
    isColumns ? [n, c, block, block, height, width] : [n, block, block, c, height, width],
  );
  const order = isColumns ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  return [reshape(g, transpose(g, split, order), [n, c, height * block, width * block])];
};

const spaceToDepth: OpRow = (g, node) => {
  const x = operand(node, 0);
  const block = node.int('blocksize', 0);
  const [n, c, height, width] = fourAxes(node, x);
  const [rows, columns] = [height / block, width / block];
  if (!(block >= 1) || !Number.isInteger(rows) || !Number.isInteger(columns))
    throw broken(node, `blocks of ${block} in ${height}×${width}`);
  const split = reshape(g, x, [n, c, rows, block, columns, block]);
  return [reshape(g, transpose(g, split, [0, 3, 5, 1, 2, 4]), [n, c * block ** 2, rows, columns])];
};

function fourAxes(node: OnnxNode, x: Tensor): readonly [number, number, number, number] {
  if (x.shape.length !== 4) throw broken(node, `its input has ${x.shape.length} axes, not 4`);
  return x.shape as readonly [number, number, number, number];
}

/** Extents from `start` to `end`; both may count from the end and are clamped. */
const shapeRow: OpRow = (_g, node) => {
  const { shape } = operand(node, 0);
  const extents = shape.slice(node.int('start', 0), node.has('end') ? node.int('end', 0) : undefined);
  return [constant('shape', [extents.length], 'int', extents)];
};

export const shapeRows: OpRows = {
  Concat: concatRow,
  DepthToSpace: depthToSpace,
  Expand: expandRow,
  Flatten: flatten,
  Reshape: reshapeRow,
  Shape: shapeRow,
  Size: (_g, node) => [constant('size', [], 'int', [elements(operand(node, 0).shape)])],
  SpaceToDepth: spaceToDepth,
  Squeeze: squeezeRow,
  Transpose: transposeRow,
  Unsqueeze: unsqueezeRow,
  Identity: (_g, node) => [operand(node, 0)],
  Dropout: (_g, node) => [operand(node, 0)],
};
