// Operators that only rearrange: shapes, axes, joining and repeating.

import { elements } from '../../../ir/graph.ts';
import { concat } from '../../tensors/concat.ts';
import { constant } from '../../tensors/constants.ts';
import { expand, pad, tile } from '../../tensors/moving.ts';
import { entry, padSymmetric, stack } from '../../tensors/parts.ts';
import { reshape, squeeze, transpose, unsqueeze } from '../../tensors/shape.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import { axisOf, broken, integersAt, operand, parameterAt, type Call, type Row, type Rows } from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';
import { fuse } from './activation.ts';

/** The new shape is an operand; old files have it among the options only. −1 stands for what is left. */
const reshapeRow: Row = (call) => {
  const x = operand(call, 0);
  const options = optionsOf(call.operator, OPTIONS.reshape);
  const stored = Array.from(
    { length: options?.newShapeLength() ?? 0 },
    (_, at) => options?.newShape(at) ?? 0,
  );
  const wanted = call.stored(1) ? integersAt(call, 1, 'a shape') : stored;
  return reshape(call.g, x, resolved(call, x, wanted));
};

function resolved(call: Call, x: Tensor, wanted: readonly number[]): readonly number[] {
  const known = elements(wanted.filter((extent) => extent !== -1));
  const open = wanted.length - wanted.filter((extent) => extent !== -1).length;
  if (open > 1 || (open === 1 && (known === 0 || elements(x.shape) % known !== 0)))
    throw broken(call, `cannot bring [${x.shape.join()}] into [${wanted.join()}]`);
  return wanted.map((extent) => (extent === -1 ? elements(x.shape) / known : extent));
}

/** No axes: all of extent 1. */
const squeezeRow: Row = (call) => {
  const x = operand(call, 0);
  const options = optionsOf(call.operator, OPTIONS.squeeze);
  const given = Array.from(
    { length: options?.squeezeDimsLength() ?? 0 },
    (_, at) => options?.squeezeDims(at) ?? 0,
  );
  const unit = x.shape.map((_, axis) => axis).filter((axis) => x.shape[axis] === 1);
  const axes = given.length > 0 ? given.map((axis) => axisOf(call, axis, x.shape.length)) : unit;
  return squeeze(call.g, x, [...new Set(axes)]);
};

const expandDims: Row = (call) => {
  const x = operand(call, 0);
  return unsqueeze(call.g, x, [axisOf(call, integersAt(call, 1, 'an axis')[0], x.shape.length + 1)]);
};

const transposeRow: Row = (call) =>
  transpose(call.g, operand(call, 0), integersAt(call, 1, 'an order of axes'));

const concatenation: Row = (call) => {
  const operands = call.operator.inputs.map((_, at) => operand(call, at));
  const options = optionsOf(call.operator, OPTIONS.concatenation);
  const axis = axisOf(call, options?.axis() ?? 0, operands[0]?.shape.length ?? 0);
  return fuse(call, concat(call.g, operands, axis), options?.activation());
};

const pack: Row = (call) => {
  const operands = call.operator.inputs.map((_, at) => operand(call, at));
  const rank = (operands[0]?.shape.length ?? 0) + 1;
  const axis = axisOf(call, optionsOf(call.operator, OPTIONS.pack)?.axis() ?? 0, rank);
  return stack(call.g, operands, axis);
};

const unpack: Row = (call) => {
  const x = operand(call, 0);
  const axis = axisOf(call, optionsOf(call.operator, OPTIONS.unpack)?.axis() ?? 0, x.shape.length);
  return call.operator.outputs.map((_, at) => entry(call.g, x, axis, at));
};

const tileRow: Row = (call) => tile(call.g, operand(call, 0), integersAt(call, 1, 'repetitions'));

const broadcastTo: Row = (call) => expand(call.g, operand(call, 0), integersAt(call, 1, 'a shape'));

const fill: Row = (call) => expand(call.g, operand(call, 1), integersAt(call, 0, 'a shape'));

/** Paddings are [axes, 2]. */
function paddings(call: Call): readonly (readonly [number, number])[] {
  const list = integersAt(call, 1, 'paddings');
  return operand(call, 0).shape.map((_, axis) => [list[2 * axis] ?? 0, list[2 * axis + 1] ?? 0] as const);
}

const padRow: Row = (call) => {
  const value = call.stored(2) ? (parameterAt(call, 2, 'a padding value').numbers()[0] ?? 0) : 0;
  return pad(call.g, operand(call, 0), paddings(call), 'constant', value);
};

/** Mirrors at the last entry; the symmetric kind repeats it. */
const mirrorPad: Row = (call) => {
  const symmetric = optionsOf(call.operator, OPTIONS.mirrorPad)?.mode() === 1;
  if (symmetric) return padSymmetric(call.g, operand(call, 0), paddings(call));
  return pad(call.g, operand(call, 0), paddings(call), 'reflect');
};

const shapeRow: Row = (call) => {
  const { shape } = operand(call, 0);
  return constant('shape', [shape.length], 'int', shape);
};

const MAX_RANGE = 2 ** 24;

const range: Row = (call) => {
  const [start, limit, step] = [0, 1, 2].map((at) => parameterAt(call, at, 'a range').numbers()[0] ?? 0);
  const length = Math.ceil((limit! - start!) / step!);
  if (!(length >= 0 && length <= MAX_RANGE))
    throw broken(call, `counts from ${start} to ${limit} by ${step}`);
  const { type } = operand(call, 0);
  return constant('range', [length], type, () => Float64Array.from({ length }, (_, i) => start! + i * step!));
};

/** Broadcasts shapes themselves. */
const broadcastArgs: Row = (call) => {
  const [a, b] = [integersAt(call, 0, 'a shape'), integersAt(call, 1, 'a shape')];
  const rank = Math.max(a.length, b.length);
  const at = (list: readonly number[], axis: number): number => list[axis - (rank - list.length)] ?? 1;
  const joined = Array.from({ length: rank }, (_, axis) => (at(a, axis) === 1 ? at(b, axis) : at(a, axis)));
  return constant('shape', [rank], 'int', joined);
};

export const shapeRows: Rows = {
  RESHAPE: reshapeRow,
  SQUEEZE: squeezeRow,
  EXPAND_DIMS: expandDims,
  TRANSPOSE: transposeRow,
  CONCATENATION: concatenation,
  PACK: pack,
  UNPACK: unpack,
  TILE: tileRow,
  BROADCAST_TO: broadcastTo,
  BROADCAST_ARGS: broadcastArgs,
  FILL: fill,
  PAD: padRow,
  PADV2: padRow,
  MIRROR_PAD: mirrorPad,
  SHAPE: shapeRow,
  RANGE: range,
};
