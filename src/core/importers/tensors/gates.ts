// Gates of recurrent layers stand one below the other in weights and biases, in an order of each framework's own.

import { constant } from './constants.ts';
import { impossible } from './errors.ts';
import { gather } from './gather.ts';
import type { TensorGraph } from './tensorGraph.ts';
import type { Constant } from './tensor.ts';

/**
 * @param weights [gates · units, …]
 * @param order for each gate of the result, which one of the file's it is
 */
export function gatesInOrder(g: TensorGraph, weights: Constant, order: readonly number[]): Constant {
  if (order.every((gate, at) => gate === at)) return weights;
  const units = weights.shape[0]! / order.length;
  if (!Number.isInteger(units))
    throw impossible(g, ['{0} rows of weights for {1} gates.', weights.shape[0]!, order.length]);
  const rows = order.flatMap((gate) => Array.from({ length: units }, (_, row) => gate * units + row));
  return gather(g, weights, constant('gates', [rows.length], 'int', rows), 0) as Constant;
}
