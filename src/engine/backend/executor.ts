// Runs a graph on the backend, with quantizers in place.

import * as tf from '@tensorflow/tfjs-core';
import type { Graph, GraphNode, NodeId } from '../../core/ir/graph.ts';
import { isKernel } from '../../core/ir/opFacts.ts';
import { fakeQuantTensor } from './fakeQuant.ts';
import { createParameters } from './parameters.ts';
import { toBatch } from './kernels/broadcasting.ts';
import type { ParameterSource } from './kernels/kernel.ts';
import { runNode } from './runNode.ts';
import {
  findFusions,
  makeSchedule,
  operands,
  type Assignment,
  type NodeQuantizers,
  type Schedule,
} from './schedule.ts';

/** Float values of one batch, kept by the caller: node → tensor before its output quantizer. */
export type BatchCache = ReadonlyMap<NodeId, tf.Tensor>;

export interface Executor {
  /**
   * Values of the wanted nodes for one batch. The caller disposes them.
   * @param inputs one tensor per network input, batch axis first
   * @param cache float values that may be taken instead of computed
   */
  run(inputs: readonly tf.Tensor[], assignment: Assignment, cache?: BatchCache): tf.Tensor[];
  /** Float run that also returns what the caller wants to keep (disposed by the caller). */
  runFloat(
    inputs: readonly tf.Tensor[],
    keep: ReadonlySet<NodeId>,
  ): { outputs: tf.Tensor[]; kept: Map<NodeId, tf.Tensor> };
  /** Does this assignment need the network's inputs, given what is cached? */
  needsInputs(assignment: Assignment, cached: ReadonlySet<NodeId>): boolean;
  dispose(): void;
}

const NO_ASSIGNMENT: Assignment = new Map();

/**
 * @param graph BatchNorms folded
 * @param wanted nodes whose values a run returns
 * @param observed nodes whose value must exist by itself (quantizers sit on them): not merged into fused kernels
 */
export function createExecutor(
  graph: Graph,
  wanted: readonly NodeId[],
  observed: ReadonlySet<NodeId>,
): Executor {
  const fusions = findFusions(graph, new Set([...observed, ...wanted]));
  const parameters = createParameters();
  let last: { assignment: Assignment; available: string; schedule: Schedule } | undefined;

  const scheduleFor = (assignment: Assignment, available: ReadonlySet<NodeId>): Schedule => {
    const key = [...available].join();
    if (last?.assignment !== assignment || last.available !== key) {
      const schedule = makeSchedule(graph, fusions, assignment, wanted, available);
      last = { assignment, available: key, schedule };
    }
    return last.schedule;
  };

  const compute = (
    node: GraphNode,
    values: readonly tf.Tensor[],
    own: NodeQuantizers | undefined,
  ): tf.Tensor => {
    const fusion = fusions.get(node.id);
    const kernel = fusion ? graph.nodes[fusion.kernel]! : node;
    return runNode(kernel, values, parameterSource(kernel, own), fusion?.activation);
  };

  /** Quantizers of a kernel come with the kernel's node, those of the output with the node that ends the chain. */
  const parameterSource = (node: GraphNode, own: NodeQuantizers | undefined): ParameterSource => {
    const main = isKernel(node.op) ? node.op.kernel : undefined;
    return (weight) => {
      const quantizer = weight === main ? own?.weight : own?.bias;
      return parameters.get(weight, quantizer?.format ?? 'float32', quantizer?.grid);
    };
  };

  function execute(
    inputs: readonly tf.Tensor[],
    assignment: Assignment,
    cache: BatchCache,
    observe?: (id: NodeId, value: tf.Tensor) => void,
  ): tf.Tensor[] {
    const schedule = scheduleFor(assignment, new Set(cache.keys()));
    const remaining = new Map(schedule.reads);
    const values = new Map<NodeId, tf.Tensor>();
    const put = (id: NodeId, value: tf.Tensor): void => {
      observe?.(id, value);
      const quantizer = assignment.get(id)?.output;
      values.set(id, quantizer ? tf.tidy(() => fakeQuantTensor(value, quantizer.grid)) : value);
      if (quantizer && value !== cache.get(id)) value.dispose();
    };
    const release = (id: NodeId): void => {
      const left = remaining.get(id)! - 1;
      remaining.set(id, left);
      if (left === 0 && values.get(id) !== cache.get(id)) values.get(id)!.dispose();
    };
    for (const id of schedule.cached) put(id, cache.get(id)!);
    for (const id of schedule.steps) {
      const position = graph.inputs.indexOf(id);
      if (position >= 0) {
        put(id, tf.clone(inputs[position]!));
        continue;
      }
      const node = graph.nodes[id]!;
      const from = operands(graph, fusions, id);
      const own = assignment.get(fusions.get(id)?.kernel ?? id);
      put(
        id,
        tf.tidy(() =>
          compute(
            node,
            from.map((input) => values.get(input)!),
            own,
          ),
        ),
      );
      for (const input of from) release(input);
    }
    const batch = (inputs[0] ?? cache.values().next().value)?.shape[0] ?? 1;
    const given = new Set<tf.Tensor>(); // a node may be wanted twice, and the caller disposes each
    return wanted.map((id) => {
      const value = values.get(id)!;
      const own = value !== cache.get(id) && !given.has(value);
      given.add(value);
      return ofBatch(own ? value : tf.clone(value), batch);
    });
  }

  return {
    run: (inputs, assignment, cache = new Map()) => execute(inputs, assignment, cache),
    runFloat(inputs, keep) {
      const kept = new Map<NodeId, tf.Tensor>();
      const outputs = execute(inputs, NO_ASSIGNMENT, new Map(), (id, value) => {
        if (keep.has(id)) kept.set(id, tf.keep(tf.clone(value)));
      });
      return { outputs, kept };
    },
    needsInputs(assignment, cached) {
      if (cached.size === 0) return true; // they also say how many samples there are
      return scheduleFor(assignment, cached).steps.some((id) => graph.inputs.includes(id));
    },
    dispose: () => parameters.dispose(),
  };
}

/** What does not depend on the inputs is computed once, and returned for each sample. */
function ofBatch(value: tf.Tensor, batch: number): tf.Tensor {
  const whole = tf.tidy(() => toBatch(value, batch));
  if (whole !== value) value.dispose();
  return whole;
}
