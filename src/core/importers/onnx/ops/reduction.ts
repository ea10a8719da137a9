// Sums, means and extremes along axes, their places, and running sums.

import { arg, cumulate, reduce, topK, type Reduction } from '../../tensors/reduction.ts';
import type { OpRow, OpRows } from '../node.ts';
import { axisOf, constantOperand, numbersAt, operand } from '../refuse.ts';

const REDUCTIONS: Readonly<Record<string, Reduction>> = {
  ReduceL1: 'l1',
  ReduceL2: 'l2',
  ReduceLogSum: 'logSum',
  ReduceLogSumExp: 'logSumExp',
  ReduceMax: 'max',
  ReduceMean: 'mean',
  ReduceMin: 'min',
  ReduceProd: 'product',
  ReduceSum: 'sum',
  ReduceSumSquare: 'sumSquares',
};

/**
 * Axes are an attribute, since opset 13 (sum) and 18 (others) an input. None means all,
 * unless the node says that it means none: then squares and logarithms are still taken.
 */
const reduced =
  (fn: Reduction): OpRow =>
  (g, node) => {
    const x = operand(node, 0);
    const given = numbersAt(node, 1, 'axes') ?? [];
    const all = x.shape.map((_, axis) => axis);
    const keepDims = node.int('keepdims', 1) !== 0;
    if (given.length > 0)
      return [reduce(g, fn, x, [...new Set(given.map((axis) => axisOf(node, axis, all.length)))], keepDims)];
    return [reduce(g, fn, x, node.int('noop_with_empty_axes', 0) !== 0 ? [] : all, keepDims)];
  };

const place =
  (fn: 'max' | 'min'): OpRow =>
  (g, node) => {
    const x = operand(node, 0);
    const options = {
      keepDims: node.int('keepdims', 1) !== 0,
      last: node.int('select_last_index', 0) !== 0,
    };
    return [arg(g, fn, x, axisOf(node, node.int('axis', 0), x.shape.length), options)];
  };

const topKRow: OpRow = (g, node) => {
  const x = operand(node, 0);
  const k = node.opset < 10 ? node.int('k', 1) : constantOperand(node, 1, 'k').numbers()[0]!;
  const axis = axisOf(node, node.int('axis', -1), x.shape.length);
  const { values, indices } = topK(g, x, { k, axis, largest: node.int('largest', 1) !== 0 });
  return [values, indices];
};

const cumSum: OpRow = (g, node) => {
  const x = operand(node, 0);
  const axis = axisOf(node, constantOperand(node, 1, 'an axis').numbers()[0]!, x.shape.length);
  const options = { exclusive: node.int('exclusive', 0) !== 0, reverse: node.int('reverse', 0) !== 0 };
  return [cumulate(g, x, axis, options)];
};

export const reductionRows: OpRows = {
  ...Object.fromEntries(Object.entries(REDUCTIONS).map(([op, fn]) => [op, reduced(fn)])),
  ArgMax: place('max'),
  ArgMin: place('min'),
  CumSum: cumSum,
  TopK: topKRow,
};
