// Products: fully connected layers, whose kernel lies as [outputs, inputs], and products of two tensors.

import { merge } from '../../tensors/elementwise.ts';
import { matMul } from '../../tensors/linear.ts';
import { reshape, swapLast, transpose } from '../../tensors/shape.ts';
import { broken, operand, refuse, type Row, type Rows } from '../call.ts';
import { OPTIONS, optionsOf } from '../options.ts';
import { fuse } from './activation.ts';
import { dynamically, isHybrid } from './hybrid.ts';

const fullyConnected: Row = (call) => {
  const { g } = call;
  const options = optionsOf(call.operator, OPTIONS.fullyConnected);
  if (options && options.weightsFormat() !== 0)
    throw refuse(call, 'weights shuffled for one kind of processor');
  const [input, kernel, bias] = [operand(call, 0), operand(call, 1), call.input(2)];
  if (kernel.shape.length !== 2) throw broken(call, `has a kernel of [${kernel.shape.join()}]`);
  const [outputs, inputs] = kernel.shape as [number, number];
  const count = input.shape.reduce((size, extent) => size * extent, 1);
  if (!(inputs > 0) || count % inputs !== 0)
    throw broken(call, `has ${count} values for a kernel of ${inputs}`);
  const keep = options?.keepNumDims() === true && input.shape.at(-1) === inputs;
  const rows = keep ? input : reshape(g, input, [count / inputs, inputs]);
  const symmetric = options?.asymmetricQuantizeInputs() !== true;
  const x = isHybrid(call, 0, 1) ? dynamically(call, rows, { symmetric, per: 'row' }) : rows;
  const y = matMul(g, x, transpose(g, kernel, [1, 0]));
  const biased = bias
    ? merge(g, 'add', [y, bias.shape.join() === `${outputs}` ? bias : reshape(g, bias, [outputs])])
    : y;
  return fuse(call, biased, options?.activation());
};

const batchMatMul: Row = (call) => {
  const options = optionsOf(call.operator, OPTIONS.batchMatMul);
  const [a, b] = [operand(call, 0), operand(call, 1)];
  if (a.shape.length < 2 || b.shape.length < 2) throw broken(call, 'multiplies something that is no matrix');
  const left = options?.adjX() ? swapLast(call.g, a) : a;
  const symmetric = options?.asymmetricQuantizeInputs() !== true;
  const x = isHybrid(call, 0, 1) ? dynamically(call, left, { symmetric, per: 'row' }) : left;
  return matMul(call.g, x, options?.adjY() ? swapLast(call.g, b) : b);
};

export const linearRows: Rows = { FULLY_CONNECTED: fullyConnected, BATCH_MATMUL: batchMatMul };
