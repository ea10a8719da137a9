// Values taken by index, and indices made to values. Reference: tensorflow/core/ops/array_ops.cc.

import { elements } from '../../../ir/graph.ts';
import { constant } from '../../tensors/constants.ts';
import { merge, where } from '../../tensors/elementwise.ts';
import { gather } from '../../tensors/gather.ts';
import { reshape, unsqueeze } from '../../tensors/shape.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import { checkExtents } from '../../tensors/tensorGraph.ts';
import {
  axisIn,
  broken,
  known,
  numberAt,
  operand,
  refuse,
  upTo,
  type OpCall,
  type OpRow,
  type OpRows,
} from '../call.ts';

/** Along an axis; leading axes that both operands go through together must be the one of the sample. */
const gatherV2: OpRow = (call) => {
  const [x, indices] = [operand(call, 0), operand(call, 1)];
  const axis = axisIn(call, numberAt(call, 2, 'axis'), x.shape.length);
  const batch = call.attrs.int('batch_dims', 0);
  if (batch === 0) return gather(call.g, x, indices, axis);
  const shared = [...x.shape.slice(0, batch), ...indices.shape.slice(0, batch)];
  if (batch < 0 || shared.some((extent) => extent !== 1)) throw refuse('batch_dims over {0} axes', batch);
  return gather(call.g, x, reshape(call.g, indices, indices.shape.slice(batch)), axis);
};

const alongFirst: OpRow = (call) => gather(call.g, operand(call, 0), operand(call, 1), 0);

/** Index tuples, known when the model is read. */
const gatherNd: OpRow = (call) => {
  const x = operand(call, 0);
  const tuples = known(call, 1, 'index');
  const depth = tuples.shape.at(-1) ?? 0;
  const [outer, inner] = [x.shape.slice(0, depth), x.shape.slice(depth)];
  if (depth < 1 || depth > x.shape.length)
    throw broken(call, `its index has ${depth} parts for ${x.shape.length} axes`);
  const values = tuples.numbers();
  const flat = upTo(values.length / depth).map((at) =>
    outer.reduce((index, extent, part) => {
      const own = values[at * depth + part]!;
      if (!(own >= 0 && own < extent)) throw broken(call, `there is no entry ${own} of ${extent}`);
      return index * extent + own;
    }, 0),
  );
  const indices = constant(call.name, tuples.shape.slice(0, -1), 'int', flat);
  return gather(call.g, reshape(call.g, x, [elements(outer), ...inner]), indices, 0);
};

const oneHot: OpRow = (call) => {
  const indices = operand(call, 0);
  const depth = numberAt(call, 1, 'depth');
  checkExtents(call.g, [depth]);
  const rank = indices.shape.length + 1;
  const axis = axisIn(call, call.attrs.int('axis', -1), rank);
  const shape = upTo(rank).map((at) => (at === axis ? depth : 1));
  const codes = constant('codes', shape, 'int', upTo(depth));
  const hit = merge(call.g, 'equal', [unsqueeze(call.g, indices, [axis]), codes]);
  return where(call.g, hit, operand(call, 2), operand(call, 3));
};

/** Positions of what is true. */
const positions: OpRow = (call) => {
  const condition = known(call, 0, 'condition');
  const { shape } = condition;
  const found = condition.numbers().flatMap((value, at) => (value ? [at] : []));
  const tuples = found.flatMap((at) => tupleOf(at, shape));
  return constant(call.name, [found.length, shape.length], 'int', tuples);
};

function tupleOf(at: number, shape: readonly number[]): readonly number[] {
  let rest = at;
  return shape
    .toReversed()
    .map((extent) => {
      const own = rest % extent;
      rest = (rest - own) / extent;
      return own;
    })
    .toReversed();
}

/** Values where they are told to be; everything must be known. */
function scatter(call: OpCall): Tensor {
  const tuples = known(call, 0, 'index').numbers();
  const updates = known(call, 1, 'values');
  const shape = known(call, 2, 'shape').numbers();
  checkExtents(call.g, shape);
  const depth = known(call, 0, 'index').shape.at(-1) ?? 0;
  const size = elements(shape.slice(depth));
  const out = new Array<number>(elements(shape)).fill(0);
  const values = updates.numbers();
  for (let at = 0; at < tuples.length / depth; at++) {
    const row = shape
      .slice(0, depth)
      .reduce((index, extent, part) => index * extent + tuples[at * depth + part]!, 0);
    for (let i = 0; i < size; i++) out[row * size + i]! += values[at * size + i]!;
  }
  return constant(call.name, shape, updates.type, out);
}

export const indexingRows: OpRows = {
  Gather: alongFirst,
  GatherV2: gatherV2,
  ResourceGather: alongFirst,
  GatherNd: gatherNd,
  OneHot: oneHot,
  Where: positions,
  ScatterNd: scatter,
};
