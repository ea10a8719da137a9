// Energy of a node's arithmetic, as QTools counts it.
// Fed by arithmetic.ts and horowitz.ts; feeds layer.ts. Source: google/qkeras, qtools/qenergy/qenergy.py.

import { elements, type GraphNode } from '../../ir/graph.ts';
import { isKernel, macs } from '../../ir/opFacts.ts';
import type { MergeOp } from '../../ir/ops.ts';
import { inputShapes, type CostView } from '../costs.ts';
import { growth, type DataType } from '../fixedPoint.ts';
import { kernelShape } from '../kernelShape.ts';
import { accumulator, macEnergy, mergeOutput, multiplier, type Multiplier } from './arithmetic.ts';
import { addEnergy, multiplyEnergy } from './horowitz.ts';
import type { OperandTypes } from './operandTypes.ts';

/**
 * Kernels: MACs × (multiplication + addition in the accumulator). Two cases QTools leaves out are counted here with
 * the same prices: transposed convolutions (HEAD gives them no operations) and average pooling (HEAD fails on it).
 */
export function operationEnergy(node: GraphNode, view: CostView, types: OperandTypes): number {
  const { op } = node;
  const operands = node.inputs.map((id) => types.tensor(id));
  const [first] = operands;
  if (first === undefined) return 0;
  if (isKernel(op)) {
    const circuit = force(multiplier(types.weight(node), first), types.forced);
    const total = types.forced ?? accumulator(circuit.output, kernelShape(op).fanIn, types.bias(node));
    return macs(node, inputShapes(view.graph, node)) * macEnergy(circuit, total);
  }
  switch (op.kind) {
    case 'matmul': {
      const circuit = force(multiplier(operands[1]!, first), types.forced);
      const terms = inputShapes(view.graph, node)[0]!.at(-1) ?? 1;
      const total = types.forced ?? accumulator(circuit.output, terms, undefined);
      return macs(node, inputShapes(view.graph, node)) * macEnergy(circuit, total);
    }
    case 'affine':
    case 'batchNorm':
      return elements(node.shape) * force(multiplier(types.parameter(node), first), types.forced).energy;
    case 'merge':
      return elements(node.shape) * (operands.length - 1) * mergeEnergy(op.fn, operands, types.forced);
    case 'pool':
    case 'globalPool': {
      if (op.mode === 'max') return 0;
      const spatial = inputShapes(view.graph, node)[0]!.slice(0, -1);
      const window = elements(op.kind === 'pool' ? op.size : spatial);
      const total = types.forced ?? {
        ...first,
        bits: first.bits + (first.kind === 'fixed' ? growth(window) : 0),
      };
      return elements(node.shape) * window * addEnergy(total);
    }
    default:
      return 0;
  }
}

/** Only additions and multiplications are priced: QTools gives maximum, minimum and average no operations. */
function mergeEnergy(fn: MergeOp['fn'], operands: readonly DataType[], forced: DataType | undefined): number {
  switch (fn) {
    case 'add':
    case 'subtract':
      return addEnergy(forced ?? mergeOutput(fn, operands));
    case 'multiply':
      return force(multiplier(operands[0]!, operands.at(-1)!), forced).energy;
    default:
      return 0;
  }
}

/** A reference changes the type of the result; a float result makes the multiplication a float one. */
function force(circuit: Multiplier, forced: DataType | undefined): Multiplier {
  if (!forced) return circuit;
  return { output: forced, energy: forced.kind === 'float' ? multiplyEnergy(forced) : circuit.energy };
}
