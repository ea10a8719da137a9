// Ops that make values out of nothing, or only out of known ones.

import { elements } from '../../../ir/graph.ts';
import { constant, scalar } from '../../tensors/constants.ts';
import { where } from '../../tensors/elementwise.ts';
import type { ElementType, Tensor } from '../../tensors/tensor.ts';
import { MAX_ELEMENTS } from '../../tensors/tensorGraph.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { broken, constantOperand, operand, optionalConstant, refuse } from '../refuse.ts';
import { elementTypeOf } from '../tensorData.ts';

const constantRow: OpRow = (_g, node) => [constantValue(node)];

function constantValue(node: OnnxNode): Tensor {
  const name = node.outputs[0] ?? node.name;
  const list = (values: readonly number[], type: ElementType): Tensor =>
    constant(name, [values.length], type, values);
  if (node.has('value_int')) return constant(name, [], 'int', [node.int('value_int', 0)]);
  if (node.has('value_float')) return constant(name, [], 'float', [node.float('value_float', 0)]);
  if (node.has('value_ints')) return list(node.ints('value_ints') ?? [], 'int');
  if (node.has('value_floats')) return list(node.floats('value_floats') ?? [], 'float');
  if (node.has('sparse_value')) throw refuse(node, 'a sparse tensor');
  if (node.has('value_string') || node.has('value_strings')) throw refuse(node, 'a text');
  const value = node.tensor('value');
  if (!value) throw broken(node, 'it has no value');
  return value;
}

function checkedExtents(node: OnnxNode, shape: readonly number[]): readonly number[] {
  if (shape.every((extent) => Number.isInteger(extent) && extent >= 0) && elements(shape) <= MAX_ELEMENTS)
    return shape;
  throw broken(node, `it makes a tensor of [${shape.join()}]`);
}

const constantOfShape: OpRow = (_g, node) => {
  const extents = constantOperand(node, 0, 'a shape').numbers();
  const shape = checkedExtents(node, extents);
  const value = node.tensor('value');
  const filling = value?.kind === 'constant' ? (value.numbers()[0] ?? 0) : 0;
  const make = (): Float64Array => new Float64Array(elements(shape)).fill(filling);
  return [constant('filled', shape, value?.type ?? 'float', make)];
};

const range: OpRow = (_g, node) => {
  const [start, limit, step] = [0, 1, 2].map((at) => constantOperand(node, at, 'a bound'));
  const [from, to, by] = [start!.numbers()[0]!, limit!.numbers()[0]!, step!.numbers()[0]!];
  const [count] = checkedExtents(node, [Math.max(0, Math.ceil((to - from) / by))]);
  return [
    constant('range', [count!], start!.type, () => Array.from({ length: count! }, (_, i) => from + i * by)),
  ];
};

/** 1 on a diagonal of a matrix as large as the input. */
const eyeLike: OpRow = (_g, node) => {
  const x = operand(node, 0);
  if (x.shape.length !== 2) throw broken(node, `its input has ${x.shape.length} axes, not 2`);
  const type = node.has('dtype') ? elementTypeOf(node.int('dtype', 1)) : x.type;
  if (!type) throw refuse(node, `elements of type ${node.int('dtype', 1)}`);
  const columns = x.shape[1]!;
  const k = node.int('k', 0);
  const one = (i: number): number => ((i % columns) - Math.floor(i / columns) === k ? 1 : 0);
  return [constant('eye', x.shape, type, () => Array.from({ length: elements(x.shape) }, (_, i) => one(i)))];
};

/** Positions [axis][n] of the values that are not 0. */
const nonZero: OpRow = (_g, node) => {
  const x = constantOperand(node, 0, 'values');
  const found = x.numbers().flatMap((value, at) => (value === 0 ? [] : [at]));
  const positions = x.shape.flatMap((extent, axis) => {
    const stride = elements(x.shape.slice(axis + 1));
    return found.map((at) => Math.floor(at / stride) % extent);
  });
  return [constant('positions', [x.shape.length, found.length], 'int', positions)];
};

/** The upper or lower triangle of the last two axes; 0 elsewhere. */
const trilu: OpRow = (g, node) => {
  const x = operand(node, 0);
  const [rows, columns] = x.shape.slice(-2);
  if (rows === undefined || columns === undefined) throw broken(node, 'its input is no matrix');
  const k = optionalConstant(node, 1, 'a diagonal')?.numbers()[0] ?? 0;
  const isUpper = node.int('upper', 1) !== 0;
  const kept = (i: number): number => {
    const diagonal = (i % columns) - Math.floor(i / columns);
    return (isUpper ? diagonal >= k : diagonal <= k) ? 1 : 0;
  };
  const mask = constant('triangle', [rows, columns], 'bool', () =>
    Array.from({ length: rows * columns }, (_, i) => kept(i)),
  );
  return [where(g, mask, x, scalar(0, x.type))];
};

export const constantRows: OpRows = {
  Constant: constantRow,
  ConstantOfShape: constantOfShape,
  EyeLike: eyeLike,
  NonZero: nonZero,
  Range: range,
  Trilu: trilu,
};
