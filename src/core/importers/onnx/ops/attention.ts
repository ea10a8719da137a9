// Scaled dot-product attention (opset 23) as the operations it stands for.
// Reference: the function body of Attention in onnx/defs/nn/defs.cc.

import { constant, scalar } from '../../tensors/constants.ts';
import { activate, merge, where } from '../../tensors/elementwise.ts';
import { matMul } from '../../tensors/linear.ts';
import { expand } from '../../tensors/moving.ts';
import { softmax } from '../../tensors/normalization.ts';
import { reshape, swapLast, transpose } from '../../tensors/shape.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { TensorGraph } from '../../tensors/tensorGraph.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { broken, operand, refuse } from '../refuse.ts';
import { scaled } from './linear.ts';

const attention: OpRow = (g, node) => {
  if (node.inputs[4] ?? node.inputs[5] ?? node.inputs[6]) throw refuse(node, 'cached keys and values');
  const isFlat = operand(node, 0).shape.length === 3;
  const q = heads(g, node, operand(node, 0), 'q_num_heads');
  const count = q.shape[1]!;
  const k = shared(g, node, heads(g, node, operand(node, 1), 'kv_num_heads'), count);
  const v = shared(g, node, heads(g, node, operand(node, 2), 'kv_num_heads'), count);
  const scale = node.float('scale', 1 / Math.sqrt(q.shape[3]!));
  const products = scaled(g, matMul(g, q, swapLast(g, k)), scale);
  const capped = softCapped(g, masked(g, node, products), node.float('softcap', 0));
  const y = matMul(g, softmax(g, capped, 3, false), v);
  return [isFlat ? joinHeads(g, y) : y];
};

/** [n, steps, heads · size] as [n, heads, steps, size]. */
function heads(g: TensorGraph, node: OnnxNode, x: Tensor, attribute: string): Tensor {
  if (x.shape.length === 4) return x;
  const count = node.int(attribute, 0);
  const [n, steps, width] = x.shape as [number, number, number];
  if (x.shape.length !== 3 || count < 1 || width % count !== 0)
    throw broken(node, `[${x.shape.join()}] cannot be divided into ${count} heads`);
  return transpose(g, reshape(g, x, [n, steps, count, width / count]), [0, 2, 1, 3]);
}

function joinHeads(g: TensorGraph, y: Tensor): Tensor {
  const [n, count, steps, size] = y.shape as [number, number, number, number];
  return reshape(g, transpose(g, y, [0, 2, 1, 3]), [n, steps, count * size]);
}

/** Fewer heads of keys and values serve several of queries each. */
function shared(g: TensorGraph, node: OnnxNode, x: Tensor, count: number): Tensor {
  const [n, own, steps, size] = x.shape as [number, number, number, number];
  if (own === count) return x;
  if (count % own !== 0) throw broken(node, `${own} heads for ${count}`);
  const repeated = expand(g, reshape(g, x, [n, own, 1, steps, size]), [n, own, count / own, steps, size]);
  return reshape(g, repeated, [n, count, steps, size]);
}

function masked(g: TensorGraph, node: OnnxNode, products: Tensor): Tensor {
  const mask = node.inputs[3];
  const allowed =
    mask &&
    (mask.type === 'bool' ? where(g, mask, products, scalar(LOWEST)) : merge(g, 'add', [products, mask]));
  const given = allowed ?? products;
  if (node.int('is_causal', 0) === 0) return given;
  const [rows, columns] = given.shape.slice(-2) as [number, number];
  const past = constant('causal', [rows, columns], 'bool', () =>
    Array.from({ length: rows * columns }, (_, i) => (i % columns <= Math.floor(i / columns) ? 1 : 0)),
  );
  return where(g, past, given, scalar(LOWEST));
}

/** As good as −∞ in a softmax, and safe when a whole row has it. */
const LOWEST = -3.4e38;

function softCapped(g: TensorGraph, x: Tensor, cap: number): Tensor {
  return cap > 0 ? scaled(g, activate(g, { fn: 'tanh' }, scaled(g, x, 1 / cap)), cap) : x;
}

export const attentionRows: OpRows = { Attention: attention };
