// Energy of one node in QTools' four entries: reading inputs, writing the output, reading parameters, operations.
// Fed by the view of a plan; feeds the model in qtools.ts. Source: google/qkeras, qtools/qenergy/qenergy.py.

import { elements, type GraphNode } from '../../ir/graph.ts';
import { isKernel, weightsOf } from '../../ir/opFacts.ts';
import type { Op } from '../../ir/ops.ts';
import type { CostView } from '../costs.ts';
import { activationMode, transferEnergy, type Memory } from './memory.ts';
import { operationEnergy } from './operations.ts';
import { operandTypes, startsNetwork, type OperandTypes, type Reference } from './operandTypes.ts';

/** pJ per sample. */
export interface LayerEnergy {
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: number;
  readonly operations: number;
}

export interface EnergyOptions {
  readonly memory: Memory;
  readonly reference?: Reference | undefined;
}

export function layerEnergy(node: GraphNode, view: CostView, options: EnergyOptions): LayerEnergy {
  const { memory } = options;
  const types = operandTypes(view, options.reference);
  const inputs = node.inputs.map((id) => {
    const bits = elements(view.graph.nodes[id]!.shape) * types.tensor(id).bits;
    return transferEnergy(activationMode(startsNetwork(view, id), memory), bits, memory);
  });
  const output = elements(node.shape) * types.tensor(node.id).bits;
  const isOutput = view.graph.outputs.includes(node.id);
  return {
    inputs: sum(inputs),
    outputs: transferEnergy(activationMode(isOutput, memory), output, memory),
    parameters: sum(parameterBits(node, types).map((bits) => transferEnergy(memory.weights, bits, memory))),
    operations: operationEnergy(node, view, types),
  };
}

/** The entries QTools adds up for a kind of layer (`include_energy` of config_public.py). */
export function countedEnergy({ op }: GraphNode, energy: LayerEnergy): number {
  return sum(countedEntries(op).map((entry) => energy[entry]));
}

function countedEntries(op: Op): readonly (keyof LayerEnergy)[] {
  switch (op.kind) {
    case 'activation':
    case 'prelu':
    case 'softmax':
      return ['outputs'];
    case 'batchNorm':
    case 'affine':
      return ['parameters'];
    case 'pool':
      return op.mode === 'max' ? ['operations'] : ['inputs', 'operations'];
    case 'merge':
      return op.fn === 'add' || op.fn === 'subtract' ? ['operations'] : ['inputs', 'operations'];
    default:
      return ['inputs', 'parameters', 'operations'];
  }
}

function parameterBits(node: GraphNode, types: OperandTypes): number[] {
  const { op } = node;
  if (isKernel(op)) {
    const weight = elements(op.kernel.shape) * types.weight(node).bits;
    const bias = op.bias ? [elements(op.bias.shape) * (types.bias(node)?.bits ?? 32)] : [];
    return [weight, ...bias];
  }
  return weightsOf(op).map(({ shape }) => elements(shape) * types.parameter(node).bits);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
