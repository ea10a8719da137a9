// Einsum as products, sums and matrix products. Operands are joined from left to right; a label is summed as soon as
// nothing behind it needs it.

import { elements } from '../../ir/graph.ts';
import { merge } from './elementwise.ts';
import { parseEquation, type Labels } from './equation.ts';
import { impossible } from './errors.ts';
import { matMul } from './linear.ts';
import { expand } from './moving.ts';
import { reduce } from './reduction.ts';
import { reshape, transpose, unsqueeze } from './shape.ts';
import type { TensorGraph } from './tensorGraph.ts';
import type { Tensor } from './tensor.ts';

/** A tensor whose axes have names; every label stands once. */
interface Labelled {
  readonly x: Tensor;
  readonly labels: Labels;
}

/** @param equation as in numpy and torch: `bhid,bhjd->bhij`, implicit outputs and `...` included */
export function einsum(g: TensorGraph, equation: string, operands: readonly Tensor[]): Tensor {
  const { inputs, output } = parseEquation(
    g,
    equation,
    operands.map(({ shape }) => shape.length),
  );
  const terms = operands.map((x, i): Labelled => ({ x, labels: inputs[i]! }));
  checkLabels(g, equation, terms);
  const rest = (from: number): ReadonlySet<string> =>
    new Set([...output, ...terms.slice(from).flatMap(({ labels }) => labels)]);
  const [first, ...more] = terms as [Labelled, ...Labelled[]];
  const whole = more.reduce(
    (joined, term, i) => joinTerms(g, joined, term, rest(i + 2)),
    summed(g, first, rest(1)),
  );
  const { x, labels } = summed(g, whole, new Set(output));
  return transpose(
    g,
    x,
    output.map((label) => labels.indexOf(label)),
  );
}

/** An axis of a name has one extent, or 1. */
function checkLabels(g: TensorGraph, equation: string, terms: readonly Labelled[]): void {
  const extents = new Map<string, number>();
  for (const { x, labels } of terms)
    for (const [axis, label] of labels.entries()) {
      const [known = 1, extent] = [extents.get(label), x.shape[axis]!];
      if (known !== 1 && extent !== 1 && known !== extent)
        throw impossible(g, ['{0}: an axis has {1} entries here and {2} there.', equation, known, extent]);
      extents.set(label, Math.max(known, extent));
    }
}

/** The labels nothing needs any more summed. */
function summed(g: TensorGraph, { x, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (needed.has(label) ? [] : [axis]));
  if (axes.length === 0) return { x, labels };
  return { x: reduce(g, 'sum', x, axes, false), labels: labels.filter((label) => needed.has(label)) };
}

function joinTerms(g: TensorGraph, left: Labelled, right: Labelled, needed: ReadonlySet<string>): Labelled {
  const own = (side: Labelled, other: Labelled): Labelled =>
    summed(g, side, new Set([...needed, ...other.labels]));
  const [a, b] = [own(left, right), own(right, left)];
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const inner = shared.filter((label) => !needed.has(label));
  return inner.length === 0 ? outerProduct(g, a, b) : contracted(g, a, b, inner);
}

/** Nothing is summed: a product that broadcasts. */
function outerProduct(g: TensorGraph, a: Labelled, b: Labelled): Labelled {
  const labels = [...a.labels, ...b.labels.filter((label) => !a.labels.includes(label))];
  const place = (term: Labelled): Tensor => {
    const present = labels.filter((label) => term.labels.includes(label));
    const missing = labels.flatMap((label, axis) => (term.labels.includes(label) ? [] : [axis]));
    return unsqueeze(g, inOrder(g, term, present), missing);
  };
  return { x: merge(g, 'multiply', [place(a), place(b)]), labels };
}

/**
 * A matrix product: axes of both that stay are the batch, those of one side rows and columns. A stored operand comes
 * second, and rows before it need not be joined: it may become the kernel of a dense layer.
 */
function contracted(g: TensorGraph, left: Labelled, right: Labelled, inner: Labels): Labelled {
  if (left.x.kind === 'constant' && right.x.kind === 'computed') return contracted(g, right, left, inner);
  const [a, b] = [stretched(g, left, right, inner), stretched(g, right, left, inner)];
  const batch = a.labels.filter((label) => b.labels.includes(label) && !inner.includes(label));
  const rows = a.labels.filter((label) => !b.labels.includes(label));
  const columns = b.labels.filter((label) => !a.labels.includes(label));
  const extents = (term: Labelled, labels: Labels): readonly number[] =>
    labels.map((label) => term.x.shape[term.labels.indexOf(label)]!);
  const depth = elements(extents(a, inner));
  const x = inOrder(g, a, [...batch, ...rows, ...inner]);
  const y = inOrder(g, b, [...batch, ...inner, ...columns]);
  const isKernel = b.x.kind === 'constant' && batch.length === 0 && rows.length > 0;
  const height = isKernel ? extents(a, rows) : [elements(extents(a, rows))];
  const product = matMul(
    g,
    reshape(g, x, [...extents(a, batch), ...height, depth]),
    reshape(g, y, [...extents(b, batch), depth, elements(extents(b, columns))]),
  );
  const shape = [...product.shape.slice(0, batch.length), ...extents(a, rows), ...extents(b, columns)];
  return { x: reshape(g, product, shape), labels: [...batch, ...rows, ...columns] };
}

/** An axis of extent 1 that is multiplied and summed against a longer one. */
function stretched(g: TensorGraph, term: Labelled, other: Labelled, inner: Labels): Labelled {
  const shape = term.labels.map((label, axis) => {
    const extent = term.x.shape[axis]!;
    return inner.includes(label) ? Math.max(extent, other.x.shape[other.labels.indexOf(label)]!) : extent;
  });
  return { ...term, x: expand(g, term.x, shape) };
}

const inOrder = (g: TensorGraph, { x, labels }: Labelled, order: Labels): Tensor =>
  transpose(
    g,
    x,
    order.map((label) => labels.indexOf(label)),
  );
