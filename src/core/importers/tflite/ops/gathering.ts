// Values chosen by index.

import { elements } from '../../../ir/graph.ts';
import { constant } from '../../tensors/constants.ts';
import { merge, where } from '../../tensors/elementwise.ts';
import { gather } from '../../tensors/gather.ts';
import { reshape, squeeze, unsqueeze } from '../../tensors/shape.ts';
import { axisOf, broken, integersAt, operand, parameterAt, refuse, type Row, type Rows } from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';

/** Axes in common with the indices are only the batch's here. */
const gatherRow: Row = (call) => {
  const { g } = call;
  const [x, indices] = [operand(call, 0), operand(call, 1)];
  const options = optionsOf(call.operator, OPTIONS.gather);
  const axis = axisOf(call, options?.axis() ?? 0, x.shape.length);
  const common = options?.batchDims() ?? 0;
  const shared = common < 0 ? common + indices.shape.length : common;
  if (elements(x.shape.slice(0, shared)) !== 1 || elements(indices.shape.slice(0, shared)) !== 1)
    throw refuse(call, `indices per entry of the first ${shared} axes`);
  const axes = Array.from({ length: shared }, (_, at) => at);
  return gather(g, x, shared > 0 ? squeeze(g, indices, axes) : indices, axis);
};

const embeddingLookup: Row = (call) => gather(call.g, operand(call, 1), operand(call, 0), 0);

/** The last axis of the indices holds positions along the first axes of x. */
const gatherNd: Row = (call) => {
  const { g } = call;
  const [x, indices] = [operand(call, 0), operand(call, 1)];
  const depth = indices.shape.at(-1) ?? 0;
  const rest = x.shape.slice(depth);
  const places = indices.shape.slice(0, -1);
  if (depth < 1 || depth > x.shape.length) throw broken(call, `has positions of ${depth} axes`);
  const table = reshape(g, x, [elements(x.shape.slice(0, depth)), ...rest]);
  if (depth === 1) return gather(g, table, reshape(g, indices, places), 0);
  if (indices.kind === 'computed') throw refuse(call, 'positions computed from the input of the network');
  const list = indices.numbers();
  const flat = Array.from({ length: elements(places) }, (_, i) =>
    x.shape.slice(0, depth).reduce((at, extent, axis) => at * extent + list[i * depth + axis]!, 0),
  );
  return gather(g, table, constant('positions', places, 'int', flat), 0);
};

/** 1 where the index is the place along the new axis. */
const oneHot: Row = (call) => {
  const { g } = call;
  const [indices, on, off] = [operand(call, 0), operand(call, 2), operand(call, 3)];
  const depth = integersAt(call, 1, 'a depth')[0] ?? 0;
  const rank = indices.shape.length + 1;
  const axis = axisOf(call, optionsOf(call.operator, OPTIONS.oneHot)?.axis() ?? -1, rank);
  if (depth < 1) throw broken(call, `has the depth ${depth}`);
  const places = constant(
    'places',
    Array.from({ length: rank }, (_, at) => (at === axis ? depth : 1)),
    'int',
    () => Float64Array.from({ length: depth }, (_, i) => i),
  );
  return where(g, merge(g, 'equal', [unsqueeze(g, indices, [axis]), places]), on, off);
};

/** Positions of what is not 0. */
const whereRow: Row = (call) => {
  const condition = parameterAt(call, 0, 'the condition of a search');
  const { shape } = condition;
  const found = condition.numbers().flatMap((value, i) => (value === 0 ? [] : [i]));
  const positions = found.flatMap((i) =>
    shape.map((extent, axis) => Math.floor(i / elements(shape.slice(axis + 1))) % extent),
  );
  return constant('positions', [found.length, shape.length], 'int', positions);
};

export const gatheringRows: Rows = {
  GATHER: gatherRow,
  GATHER_ND: gatherNd,
  EMBEDDING_LOOKUP: embeddingLookup,
  ONE_HOT: oneHot,
  WHERE: whereRow,
};
