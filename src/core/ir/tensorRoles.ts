// How ops treat the values of their operands: do they compute with them, only move them, or use them as positions?

import { elements, type Graph, type GraphNode, type NodeId } from './graph.ts';
import type { Op } from './ops.ts';

/**
 * True for ops that only move or select values: their output keeps the format of their input
 * (the "transparent" ops of AMP's group formation; AIMET quantizer_groups.py lists the same families).
 */
export function movesData(op: Op): boolean {
  switch (op.kind) {
    case 'reshape':
    case 'permute':
    case 'slice':
    case 'expand':
    case 'tile':
    case 'concat':
    case 'identity':
      return true;
    case 'pad':
      return op.mode !== 'constant' || op.value === 0;
    case 'gather':
      return op.indices !== undefined;
    case 'pool':
    case 'globalPool':
      return op.mode === 'max';
    case 'resize':
      return op.along.every(({ taps }) => taps === 1);
    default:
      return false;
  }
}

/** Is this tensor a list of positions to the node that reads it, and no quantity? */
export function readsAsIndices({ op, inputs }: GraphNode, tensor: NodeId): boolean {
  if (op.kind === 'embedding') return true;
  return (op.kind === 'gather' || op.kind === 'gatherElements') && inputs[0] !== tensor;
}

/** False for ops that give positions, truth values or what the file fixes: nothing that could be stored in fewer bits. */
export function holdsReals(op: Op): boolean {
  switch (op.kind) {
    case 'constant':
    case 'arg':
      return false;
    case 'topK':
      return op.output === 'values';
    case 'map':
      return op.fn !== 'not' && op.fn !== 'isNaN' && op.fn !== 'isInfinite';
    case 'merge':
      return !TRUTH.has(op.fn);
    default:
      return true;
  }
}

const TRUTH: ReadonlySet<string> = new Set(['equal', 'less', 'lessEqual', 'and', 'or', 'xor']);

/** Beyond what a network computes: exporters write −∞, or numbers such as −1e9, where attention must not look. */
const MASKED = 1e8;
/** Masks are positions × positions; larger constants are parameters. */
const LARGEST_MASK = 2 ** 22;

/** Does a constant operand take values out of the running before a softmax? No grid holds these and the others. */
export function isMasked(graph: Graph, { op, inputs }: GraphNode): boolean {
  if (op.kind !== 'where' && !(op.kind === 'merge' && op.fn === 'add')) return false;
  return inputs.some((id) => {
    const operand = graph.nodes[id]!.op;
    if (operand.kind !== 'constant' || elements(operand.value.shape) > LARGEST_MASK) return false;
    return operand.value.read().some((value) => Math.abs(value) > MASKED);
  });
}
