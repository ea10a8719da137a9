// Small graphs made with the tensor builder: run on the backend, or folded when everything is constant.

import assert from 'node:assert/strict';
import { elements, type Graph, type Shape } from '../../../../src/core/ir/graph.ts';
import type { OpKind } from '../../../../src/core/ir/ops.ts';
import { constant } from '../../../../src/core/importers/tensors/constants.ts';
import { finish } from '../../../../src/core/importers/tensors/finish.ts';
import {
  addInput,
  startLayer,
  tensorGraph,
  type TensorGraph,
} from '../../../../src/core/importers/tensors/tensorGraph.ts';
import type { Constant, Tensor } from '../../../../src/core/importers/tensors/tensor.ts';
import { runGraph } from '../../../engine/runGraph.ts';

export interface Values {
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
}

/** Makes tensors out of the inputs; called with computed ones and with constants. */
export type Build = (g: TensorGraph, ...inputs: readonly Tensor[]) => readonly Tensor[];

export const values = (shape: Shape, value: (i: number) => number): Values => ({
  shape,
  values: Float32Array.from({ length: elements(shape) }, (_, i) => value(i)),
});

/** 0, 1, 2 … */
export const counted = (shape: Shape): Values => values(shape, (i) => i);

export const asConstant = ({ shape, values: list }: Values, name = 'weight'): Constant =>
  constant(name, shape, 'float', Array.from(list));

export function graphOf(shapes: readonly Shape[], build: Build): { graph: Graph; shapes: readonly Shape[] } {
  const g = tensorGraph('test.model');
  const inputs = shapes.map((shape, i) => addInput(g, `input${i}`, shape));
  startLayer(g, { name: 'layer', className: 'Test' });
  const outputs = build(g, ...inputs);
  return {
    graph: finish(g, outputs, { name: 'test', framework: 'test' }),
    shapes: outputs.map(({ shape }) => shape),
  };
}

export const kindsOf = (graph: Graph): readonly OpKind[] => graph.nodes.map(({ op }) => op.kind);

/** Kinds of the nodes that a build emits, inputs left out. */
export const emitted = (shapes: readonly Shape[], build: Build): readonly OpKind[] =>
  kindsOf(graphOf(shapes, build).graph).filter((kind) => kind !== 'input');

/**
 * Outputs of the graph on the backend for a batch of two: the inputs, and the inputs scaled by `other`. The values of the
 * first sample; the second runs alone as well and must give the same.
 */
export async function run(inputs: readonly Values[], build: Build): Promise<readonly Values[]> {
  const { graph, shapes } = graphOf(
    inputs.map(({ shape }) => shape),
    build,
  );
  const first = inputs.map(({ values: list }) => Float32Array.from(list));
  const second = first.map((list) => list.toReversed());
  const both = await runGraph(
    graph,
    first.map((list, i) => Float32Array.from([...list, ...second[i]!])),
    2,
  );
  const alone = await runGraph(graph, second, 1);
  return shapes.map((shape, i) => {
    const size = elements(shape);
    const whole = both[i]!;
    if (whole.length > size) assertClose(whole.subarray(size), alone[i]!, 1e-6, `sample 2 of output ${i}`);
    assert.ok(
      whole.length === size || whole.length === 2 * size,
      `${whole.length} values for [${shape.join()}]`,
    );
    return { shape, values: whole.subarray(0, size) };
  });
}

/** The same build on constants. */
export function fold(inputs: readonly Values[], build: Build): readonly Values[] {
  const g = tensorGraph('test.model');
  startLayer(g, { name: 'layer', className: 'Test' });
  const outputs = build(g, ...inputs.map((input) => asConstant(input)));
  assert.deepEqual(g.nodes, [], 'constants need no nodes');
  return outputs.map((output) => {
    assert.ok(output.kind === 'constant');
    const numbers = output.numbers();
    assertClose(Float32Array.from(output.weight.read()), numbers, 1e-6, 'read() and numbers()');
    return { shape: output.shape, values: numbers };
  });
}

/** Largest error in units of the largest value expected. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = 'values',
): void {
  assert.equal(actual.length, expected.length, `${what}: number of values`);
  const largest = Array.from(expected).reduce((top, value) => Math.max(top, Math.abs(value)), 1e-3);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!);
    const same = Object.is(actual[i], expected[i]) || actual[i] === expected[i];
    assert.ok(same || error <= tolerance * largest, `${what}: ${actual[i]!} for ${expected[i]!} at ${i}`);
  }
}

export function assertSame(actual: readonly Values[], expected: readonly Values[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, { shape, values: list }] of expected.entries()) {
    assert.deepEqual(actual[i]!.shape, shape, `shape of output ${i}`);
    assertClose(actual[i]!.values, list, tolerance, `output ${i}`);
  }
}
