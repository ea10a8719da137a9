// Matrix products: with a stored operand of rank 2 a dense layer, else the product of two tensors.

import { elements, type Shape } from '../../ir/graph.ts';
import { arrange, constantNode } from './arrange.ts';
import { broadcastShape } from './broadcast.ts';
import { constant, indices, rearranged, stridesOf, transposed } from './constants.ts';
import { impossible } from './errors.ts';
import { spend } from './known.ts';
import { reshape, squeeze, swapLast, unsqueeze } from './shape.ts';
import { checkExtents, emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, Tensor } from './tensor.ts';

/** numpy.matmul: operands of rank 1 are a row and a column, axes before the last two broadcast. */
export function matMul(g: TensorGraph, a: Tensor, b: Tensor): Tensor {
  if (a.shape.length === 0 || b.shape.length === 0) throw impossible(g, ['a matrix product of a scalar.']);
  if (a.shape.length === 1) {
    const y = matMul(g, unsqueeze(g, a, [0]), b);
    return squeeze(g, y, [y.shape.length - (b.shape.length === 1 ? 1 : 2)]);
  }
  if (b.shape.length === 1) {
    const y = matMul(g, a, unsqueeze(g, b, [1]));
    return squeeze(g, y, [y.shape.length - 1]);
  }
  if (a.shape.at(-1) !== b.shape.at(-2))
    throw impossible(g, [
      '[{0}] and [{1}] cannot be multiplied as matrices.',
      a.shape.join(),
      b.shape.join(),
    ]);
  if (a.kind === 'constant' && b.kind === 'constant') return product(g, a, b);
  const kernel = asMatrix(b);
  if (a.kind === 'computed' && kernel) return dense(g, a, kernel, b.shape.length);
  const rows = asMatrix(a);
  if (b.kind === 'computed' && rows && a.shape.length <= b.shape.length) {
    const y = matMul(g, swapLast(g, b), transposed(rows, [1, 0]));
    return swapLast(g, y);
  }
  return batched(g, a, b);
}

/** A constant that is one matrix, whatever axes of extent 1 stand before it. */
function asMatrix(x: Tensor): Constant | undefined {
  if (x.kind !== 'constant' || x.shape.slice(0, -2).some((extent) => extent !== 1)) return undefined;
  return x.shape.length === 2 ? x : rearranged(x, x.shape.slice(-2));
}

/** @param rank of the stored operand as the file has it: it may add axes of extent 1 in front */
function dense(g: TensorGraph, x: Computed, kernel: Constant, rank: number): Tensor {
  const last = x.shape.length - 1;
  const at = arrange(g, x, [...x.axes.filter((axis) => axis !== last), last]);
  const shape = [...x.shape.slice(0, -1), kernel.shape[1]!];
  const y = emit(g, { kind: 'dense', kernel: kernel.weight }, [at], { shape, axes: at.axes });
  const missing = Math.max(0, rank - shape.length);
  return unsqueeze(
    g,
    y,
    Array.from({ length: missing }, (_, axis) => axis),
  );
}

function batched(g: TensorGraph, a: Tensor, b: Tensor): Computed {
  const { shape, batch, rank } = productShape(g, a.shape, b.shape);
  checkExtents(g, shape);
  const long = batch.map((_, axis) => axis).filter((axis) => batch[axis]! > 1);
  const operand = (x: Tensor): Computed => {
    const missing = rank - x.shape.length;
    const full = unsqueeze(
      g,
      x,
      Array.from({ length: missing }, (_, axis) => axis),
    );
    const axes = [...long, rank - 2, rank - 1];
    return full.kind === 'constant' ? constantNode(g, full, axes) : arrange(g, full, axes);
  };
  return emit(g, { kind: 'matmul' }, [operand(a), operand(b)], {
    shape,
    axes: [...long, rank - 2, rank - 1],
  });
}

function productShape(g: TensorGraph, a: Shape, b: Shape) {
  const batch = broadcastShape(g, [a.slice(0, -2), b.slice(0, -2)]);
  return { batch, shape: [...batch, a.at(-2)!, b.at(-1)!], rank: batch.length + 2 };
}

/** Products of numbers that take as long as one value of another op. */
const PRODUCTS_PER_VALUE = 32;

function product(g: TensorGraph, a: Constant, b: Constant): Constant {
  const { shape, batch, rank } = productShape(g, a.shape, b.shape);
  const [rows, inner, columns] = [a.shape.at(-2)!, a.shape.at(-1)!, b.shape.at(-1)!];
  const starts = (x: Constant): Int32Array => {
    const steps = stridesOf(x.shape);
    const own = batch.map((_, axis) => {
      const at = axis - (rank - x.shape.length);
      return at < 0 || x.shape[at] === 1 ? 0 : steps[at]!;
    });
    return indices(batch, own);
  };
  spend(g, (elements(shape) * inner) / PRODUCTS_PER_VALUE);
  return constant(a.weight.name, shape, a.type === 'int' && b.type === 'int' ? 'int' : 'float', () => {
    const [left, right, fromA, fromB] = [a.numbers(), b.numbers(), starts(a), starts(b)];
    const out = new Float64Array(fromA.length * rows * columns);
    for (let n = 0, at = 0; n < fromA.length; n++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++, at++)
          for (let k = 0; k < inner; k++)
            out[at]! += left[fromA[n]! + i * inner + k]! * right[fromB[n]! + k * columns + j]!;
    return out;
  });
}

/** The stored matrix as a vector of outputs: x [n, in] flattened behind `axis`, as Gemm and old FullyConnected read it. */
export function flattenFrom(g: TensorGraph, x: Tensor, axis: number): Tensor {
  const rows = x.shape.slice(0, axis).reduce((size, extent) => size * extent, 1);
  const columns = x.shape.slice(axis).reduce((size, extent) => size * extent, 1);
  return reshape(g, x, [rows, columns]);
}
