// Tensors joined along an axis, and cut apart again.

import { elements, type Shape, type Weight } from '../../ir/graph.ts';
import { arrange, constantNode } from './arrange.ts';
import { whileHeld } from './constants.ts';
import { allConstant } from './elementwise.ts';
import { impossible } from './errors.ts';
import { sized } from './moving.ts';
import { emit, type TensorGraph } from './tensorGraph.ts';
import type { Computed, Constant, Tensor } from './tensor.ts';

/** Operands without elements along the axis are left out. */
export function concat(g: TensorGraph, operands: readonly Tensor[], axis: number): Tensor {
  const shape = joinedShape(g, operands, axis);
  const full = operands.filter((operand) => operand.shape[axis] !== 0);
  if (full.length < 2) return full[0] ?? operands[0]!;
  if (allConstant(full)) return sized(g, shape, () => joined(full, axis, shape));
  const axes = arrangementOf(full, axis);
  const nodes = full.map((operand) =>
    operand.kind === 'constant' ? constantNode(g, operand, axes) : arrange(g, operand, axes),
  );
  const type = full.some((operand) => operand.type === 'float') ? 'float' : full[0]!.type;
  return emit(g, { kind: 'concat', axis: axes.indexOf(axis) }, nodes, { shape, axes, type });
}

/** That of the first operand with the most axes; the joined axis, if no operand has it, before the first later one. */
function arrangementOf(operands: readonly Tensor[], axis: number): readonly number[] {
  const computed = operands.filter((operand) => operand.kind === 'computed');
  const { axes } = computed.reduce((a, b) => (b.axes.length > a.axes.length ? b : a)) satisfies Computed;
  if (axes.includes(axis)) return axes;
  const later = axes.findIndex((other) => other > axis);
  return axes.toSpliced(later < 0 ? axes.length : later, 0, axis);
}

function joinedShape(g: TensorGraph, operands: readonly Tensor[], axis: number): Shape {
  const first = operands[0];
  if (!first) throw impossible(g, ['nothing to join.']);
  const fits = ({ shape }: Tensor): boolean =>
    shape.length === first.shape.length &&
    shape.every((extent, at) => at === axis || extent === first.shape[at]);
  if (!operands.every(fits) || axis >= first.shape.length)
    throw impossible(g, [
      'tensors of {0} cannot be joined along axis {1}.',
      operands.map(({ shape }) => `[${shape.join()}]`).join(' '),
      axis,
    ]);
  const extent = operands.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return first.shape.with(axis, extent);
}

/** Keeps the quantizer when all parts have the same. */
function joined(parts: readonly Constant[], axis: number, shape: Shape): Constant {
  const [{ weight: first, type }] = parts as [Constant, ...Constant[]];
  const blocks = parts.map((part) => elements(part.shape.slice(axis)));
  const outer = elements(shape.slice(0, axis));
  const join = <T extends number[] | Float32Array>(lists: readonly ArrayLike<number>[], into: T): T => {
    let at = 0;
    for (let row = 0; row < outer; row++)
      for (const [p, list] of lists.entries())
        for (let i = row * blocks[p]!, end = i + blocks[p]!; i < end; i++) into[at++] = list[i]!;
    return into;
  };
  const floats = (read: (weight: Weight) => Float32Array): (() => Float32Array) =>
    whileHeld(() =>
      join(
        parts.map(({ weight }) => read(weight)),
        new Float32Array(elements(shape)),
      ),
    );
  return {
    kind: 'constant',
    shape,
    type: parts.some((part) => part.type === 'float') ? 'float' : type,
    weight: {
      name: first.name,
      shape,
      read: floats((weight) => weight.read()),
      ...(sameQuantizer(parts) ? { quantizer: first.quantizer } : {}),
      ...(sameQuantizer(parts) && first.latent ? { latent: floats((weight) => weight.latent!()) } : {}),
    },
    numbers: whileHeld(() =>
      join(
        parts.map((part) => part.numbers()),
        [],
      ),
    ),
  };
}

const sameQuantizer = ([first, ...parts]: readonly Constant[]): boolean =>
  parts.every(
    ({ weight: { quantizer, latent } }) =>
      quantizer?.text === first!.weight.quantizer?.text &&
      quantizer?.bits === first!.weight.quantizer?.bits &&
      (latent === undefined) === (first!.weight.latent === undefined),
  );
