// Exporters leave out a ReLU whose values a quantizer clips anyway: the quantizer's least value is 0 then. What it computes
// is the same with and without; here the ReLU is put back, because it is part of the network as it was before quantization.
// Reference: the removable activations of onnxruntime/python/tools/quantization.

import type { GraphNode, NodeId } from '../../ir/graph.ts';
import { activate } from '../tensors/elementwise.ts';
import type { Computed, Constant } from '../tensors/tensor.ts';
import type { TensorGraph } from '../tensors/tensorGraph.ts';
import type { Bounds } from './arithmetic.ts';

/** x, behind a ReLU if the codes only stand for positive values and x may be negative. */
export function rectified(
  g: TensorGraph,
  x: Computed,
  scale: Constant,
  zero: Constant,
  { low, high }: Bounds,
): Computed {
  const zeros = zero.numbers();
  if (zeros.some((code) => code !== low) || cannotBeNegative(g, x.node) !== false) return x;
  const tops = scale.numbers().map((step) => (high - low) * step);
  // The greatest value of ReLU6, in float32.
  const isSix = tops.every((top) => Math.abs(top - 6) < 1e-5);
  const relu = activate(g, { fn: 'relu', slope: 0, threshold: 0, ...(isSix ? { max: 6 } : {}) }, x);
  return relu.kind === 'computed' ? relu : x;
}

/** undefined for values that come from an input of the network as they are: what they may be is not in the file. */
type Sign = boolean | undefined;

/** Of the nodes looked at so far, in their order. */
const signs = new WeakMap<TensorGraph, Sign[]>();

function cannotBeNegative(g: TensorGraph, id: NodeId): Sign {
  const known = signs.get(g) ?? [];
  signs.set(g, known);
  while (known.length <= id) known.push(signOf(g.nodes[known.length]!, known));
  return known[id];
}

function signOf(node: GraphNode, known: readonly Sign[]): Sign {
  if (isNonNegative(node)) return true;
  if (node.op.kind === 'input') return undefined;
  if (!keepsSign(node)) return false;
  const operands = node.inputs.map((input) => known[input]);
  return operands.includes(false) ? false : operands.includes(undefined) ? undefined : true;
}

function isNonNegative({ op }: GraphNode): boolean {
  switch (op.kind) {
    case 'softmax':
      return !op.log;
    case 'activation':
      switch (op.activation.fn) {
        case 'relu':
          return op.activation.slope === 0 && op.activation.threshold >= 0;
        case 'clip':
          return op.activation.low >= 0;
        case 'sigmoid':
        case 'hardSigmoid':
        case 'softplus':
          return true;
        default:
          return false;
      }
    case 'map':
      return op.fn === 'abs' || op.fn === 'exp' || op.fn === 'sqrt';
    default:
      return false;
  }
}

const MOVES: ReadonlySet<string> = new Set([
  'quantize',
  'pool',
  'globalPool',
  'reshape',
  'permute',
  'slice',
  'expand',
  'tile',
  'gather',
  'gatherElements',
  'concat',
  'identity',
]);

/** Positive operands give positive results. */
function keepsSign({ op }: GraphNode): boolean {
  switch (op.kind) {
    case 'merge':
      return op.fn === 'add' || op.fn === 'multiply' || op.fn === 'maximum' || op.fn === 'minimum';
    case 'reduce':
      return op.fn === 'mean' || op.fn === 'sum' || op.fn === 'max' || op.fn === 'min';
    case 'pad':
      return op.mode !== 'constant' || op.value >= 0;
    case 'resize':
      return op.along.every(({ taps }) => taps <= 2);
    default:
      return MOVES.has(op.kind);
  }
}
