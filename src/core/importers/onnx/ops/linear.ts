// Matrix products.

import { scalar } from '../../tensors/constants.ts';
import { merge } from '../../tensors/elementwise.ts';
import { einsum } from '../../tensors/einsum.ts';
import { matMul } from '../../tensors/linear.ts';
import { transpose } from '../../tensors/shape.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { broken, operand } from '../refuse.ts';

export const scaled = (g: TensorGraph, x: Tensor, factor: number): Tensor =>
  factor === 1 ? x : merge(g, 'multiply', [x, scalar(factor)]);

/** alpha · A′ · B′ + beta · C, where ′ transposes if asked to; C broadcasts. */
export function gemm(g: TensorGraph, node: OnnxNode): Tensor {
  const matrix = (at: number, flag: string): Tensor => {
    const x = operand(node, at);
    if (x.shape.length !== 2) throw broken(node, `its input ${at} has ${x.shape.length} axes, not 2`);
    return node.int(flag, 0) === 0 ? x : transpose(g, x, [1, 0]);
  };
  const y = scaled(g, matMul(g, matrix(0, 'transA'), matrix(1, 'transB')), node.float('alpha', 1));
  const c = node.inputs[2];
  const beta = node.float('beta', 1);
  if (!c || beta === 0) return y;
  const sum = merge(g, 'add', [y, scaled(g, c, beta)]);
  if (sum.shape.join() !== y.shape.join())
    throw broken(node, `its input 2 has the shape [${c.shape.join()}]`);
  return sum;
}

const einsumRow: OpRow = (g, node) => {
  const operands = node.inputs.map((_, at) => operand(node, at));
  return [einsum(g, node.text('equation', ''), operands)];
};

export const linearRows: OpRows = {
  Einsum: einsumRow,
  Gemm: (g, node) => [gemm(g, node)],
  MatMul: (g, node) => [matMul(g, operand(node, 0), operand(node, 1))],
};
