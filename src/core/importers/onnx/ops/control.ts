// Control flow that is known while the file is read: a branch is chosen, a loop is unrolled.

import { scalar } from '../../tensors/constants.ts';
import { stack } from '../../tensors/parts.ts';
import type { Tensor } from '../../tensors/tensor.ts';
import type { OnnxNode, OpRow, OpRows } from '../node.ts';
import { broken, constantOperand, operand, optionalConstant, refuse } from '../refuse.ts';

const conditional: OpRow = (_g, node) => {
  const condition = constantOperand(node, 0, 'a condition').numbers()[0];
  const branch = node.graph(condition ? 'then_branch' : 'else_branch');
  if (!branch) throw broken(node, 'it has no branch');
  return node.run(branch, []);
};

/** A loop without end would be unrolled for ever. */
const MAX_TRIPS = 5_000;

/**
 * Inputs: trip count, condition, carried values. The body maps (iteration, condition, carried …) to (condition,
 * carried …, a row of each scan output).
 */
const loop: OpRow = (g, node) => {
  const body = node.graph('body');
  if (!body) throw broken(node, 'it has no body');
  const trips = optionalConstant(node, 0, 'a trip count')?.numbers()[0] ?? Infinity;
  let goesOn = (optionalConstant(node, 1, 'a condition')?.numbers()[0] ?? 1) !== 0;
  let carried = node.inputs.slice(2).map((_, at) => operand(node, at + 2));
  const rows: Tensor[][] = [];
  for (let trip = 0; goesOn && trip < trips; trip++) {
    if (trip >= MAX_TRIPS) throw refuse(node, `more than ${MAX_TRIPS} iterations`);
    const results = node.run(body, [scalar(trip, 'int'), scalar(1, 'bool'), ...carried]);
    goesOn = isTrue(node, results[0]);
    carried = results.slice(1, 1 + carried.length);
    rows.push(results.slice(1 + carried.length));
  }
  const stacked = (rows[0] ?? []).map((_, at) =>
    stack(
      g,
      rows.map((row) => row[at]!),
      0,
    ),
  );
  return [...carried, ...stacked];
};

function isTrue(node: OnnxNode, condition: Tensor | undefined): boolean {
  if (condition?.kind !== 'constant')
    throw refuse(node, 'a condition computed from the input of the network');
  return condition.numbers()[0] !== 0;
}

export const controlRows: OpRows = {
  If: conditional,
  Loop: loop,
};
