// The data type of every tensor of a plan: where a quantizer sits, its format; behind ops that only move data,
// the format of their sources; inside a fused kernel, the accumulator, which flows on until the quantizer at
// the end of the chain. Fed by a CostView; read by bops.ts, qtools and hls4ml.

import type { GraphNode, NodeId } from '../ir/graph.ts';
import { isKernel } from '../ir/opFacts.ts';
import type { MergeOp } from '../ir/ops.ts';
import type { Slot } from '../ir/slots.ts';
import type { Format } from '../quantizers/format.ts';
import type { CostView } from './costs.ts';
import {
  accumulatorType,
  FLOAT32_TYPE,
  productType,
  sumType,
  unionType,
  type DataType,
} from './fixedPoint.ts';
import { kernelShape } from './kernelShape.ts';

/** Integer formats keep their binary point to themselves: their real scale is no power of two in general. */
export function formatType(format: Format): DataType {
  switch (format.kind) {
    case 'float32':
      return FLOAT32_TYPE;
    case 'fixed':
      return { kind: 'fixed', bits: format.width, integer: format.integer, signed: format.signed };
    case 'int':
      return { kind: 'fixed', bits: format.bits, integer: undefined, signed: format.signed };
  }
}

/** How the results of operations grow where no quantizer narrows them: hls4ml's way or that of QTools. */
export interface GrowthRules {
  accumulator(weight: DataType, input: DataType, terms: number, bias: DataType | undefined): DataType;
  /** input · scale + offset, both of type `parameter`. */
  affine(parameter: DataType, input: DataType): DataType;
  merge(fn: MergeOp['fn'], operands: readonly DataType[]): DataType;
}

/** No bit is lost (fastmachinelearning/hls4ml, model/optimizer/passes/infer_precision.py). */
export const HLS4ML_RULES: GrowthRules = {
  accumulator: accumulatorType,
  affine: (parameter, input) => sumType(productType(parameter, input), parameter),
  merge: mergeType,
};

/** Types of the tensors of all nodes, by node id. */
export function tensorTypes(view: CostView, rules: GrowthRules = HLS4ML_RULES): readonly DataType[] {
  return view.graph.nodes.map((node) => tensorType(view, node.id, rules));
}

/** Type of the tensor one node produces. */
export function tensorType(view: CostView, id: NodeId, rules: GrowthRules = HLS4ML_RULES): DataType {
  const slots = view.slots.carried(id);
  if (slots.length > 0) return slots.map((slot) => formatType(view.format(slot.id))).reduce(unionType);
  return unquantizedType(view, view.graph.nodes[id]!, rules);
}

/** Types of a node's operands, in order. */
export function inputTypes(
  view: CostView,
  node: GraphNode,
  rules: GrowthRules = HLS4ML_RULES,
): readonly DataType[] {
  return node.inputs.map((input) => tensorType(view, input, rules));
}

/** Type a tensor has before its quantizer, or when it has none. */
export function unquantizedType(
  view: CostView,
  node: GraphNode,
  rules: GrowthRules = HLS4ML_RULES,
): DataType {
  const { op } = node;
  const operands = inputTypes(view, node, rules);
  const [first] = operands;
  if (first === undefined) return FLOAT32_TYPE;
  if (op.kind === 'embedding') return weightType(view, node);
  if (isKernel(op)) {
    return rules.accumulator(weightType(view, node), first, kernelShape(op).fanIn, biasType(view, node));
  }
  if (op.kind === 'affine' || op.kind === 'batchNorm') return rules.affine(parameterType(view, node), first);
  switch (op.kind) {
    case 'merge':
      return COMPARISONS.has(op.fn) ? TRUTH_TYPE : rules.merge(op.fn, operands);
    case 'matmul': {
      const terms = view.graph.nodes[node.inputs[0]!]!.shape.at(-1) ?? 1;
      return rules.accumulator(operands[1]!, first, terms, undefined);
    }
    case 'where':
      return operands.slice(1).reduce(unionType);
    case 'gather':
    case 'gatherElements':
      return first;
    case 'quantize':
      return op.quantizer.format ? formatType(op.quantizer.format) : first;
    default:
      return operands.reduce(unionType);
  }
}

/** Type of a kernel's weights; float32 when no slot quantizes them. */
export function weightType(view: CostView, node: GraphNode): DataType {
  return slotType(view, view.slots.weight(node.id));
}

/** Type of a kernel's bias; undefined when it has none. */
export function biasType(view: CostView, node: GraphNode): DataType | undefined {
  return isKernel(node.op) && node.op.bias ? parameterType(view, node) : undefined;
}

/** Type of the small parameters a bias slot stands for: biases, scales and offsets, learned slopes. */
export function parameterType(view: CostView, node: GraphNode): DataType {
  return slotType(view, view.slots.bias(node.id));
}

function slotType(view: CostView, slot: Slot | undefined): DataType {
  return slot ? formatType(view.format(slot.id)) : FLOAT32_TYPE;
}

function mergeType(fn: MergeOp['fn'], operands: readonly DataType[]): DataType {
  switch (fn) {
    case 'add':
    case 'subtract':
    case 'average':
      return operands.reduce(sumType);
    case 'multiply':
      return operands.reduce(productType);
    case 'divide':
    case 'power': // no fixed-point type holds every quotient
      return FLOAT32_TYPE;
    default:
      return operands.reduce(unionType);
  }
}

const COMPARISONS: ReadonlySet<MergeOp['fn']> = new Set([
  'equal',
  'less',
  'lessEqual',
  'and',
  'or',
  'xor',
] as const);

const TRUTH_TYPE: DataType = { kind: 'fixed', bits: 1, integer: 1, signed: false };
