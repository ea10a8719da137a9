// Measures assignments of quantizers on a data set against the float network. The float activations at the quantization
// points are kept (the prefix cache), so that a test of one layer starts at that layer.

import * as tf from '@tensorflow/tfjs-core';
import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../core/data/dataset.ts';
import { throwIfAborted } from '../core/errors.ts';
import { concatenate } from '../core/float32.ts';
import { elements, type Graph, type NodeId } from '../core/ir/graph.ts';
import type { Prepared } from '../core/ir/prepare.ts';
import type { Slot } from '../core/ir/slots.ts';
import type { ValueStatistics } from '../core/quantizers/range.ts';
import type { Metrics } from '../core/result.ts';
import { compareOutputs, type HeadValues } from '../core/sensitivity/metrics.ts';
import type { BatchCache, Executor } from './backend/executor.ts';
import type { Assignment } from './backend/schedule.ts';
import { createCollector, type StatisticsCollector } from './statistics.ts';

export interface EvaluatorOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of float activations to keep; 0 switches the prefix cache off. */
  readonly cacheBytes?: number;
  onBatch?(done: number, of: number): void;
}

export interface Evaluator {
  readonly dataset: Dataset;
  /** Outputs of the float network, one entry per head. */
  readonly float: readonly HeadValues[];
  /** Statistics of the float activation at a slot. */
  statistics(slot: Slot): ValueStatistics;
  outputs(assignment: Assignment, signal?: AbortSignal): Promise<readonly HeadValues[]>;
  measure(assignment: Assignment, signal?: AbortSignal): Promise<Metrics>;
  dispose(): void;
}

const DEFAULT_CACHE_BYTES = 768 * 2 ** 20;
/** Elements of the largest tensor in one batch: keeps the WebAssembly heap well below its 4 GB. */
const BATCH_ELEMENTS = 2 ** 24;
const LARGEST_BATCH = 256;

export async function createEvaluator(
  executor: Executor,
  { graph, slots, heads }: Prepared,
  dataset: Dataset,
  options: EvaluatorOptions = {},
): Promise<Evaluator> {
  const batches = splitBatches(graph, dataset.count);
  const points = new Map<NodeId, Slot>();
  for (const slot of slots.list) {
    if (slot.kind === 'activation' || slot.kind === 'input') points.set(slot.nodes[0]!, slot);
  }
  const collectors = new Map<Slot, StatisticsCollector>();
  for (const slot of points.values()) collectors.set(slot, createCollector(batches.length));

  const caches: BatchCache[] = [];
  const floatParts: Float32Array[][] = heads.map(() => []);
  const keep = new Set(points.keys());
  let left = options.cacheBytes ?? DEFAULT_CACHE_BYTES;
  for (const [index, { start, length }] of batches.entries()) {
    await setImmediate();
    throwIfAborted(options.signal);
    const inputs = await upload(dataset, start, length);
    const { outputs, kept } = executor.runFloat(inputs, keep);
    tf.dispose(inputs);
    take(outputs, floatParts);
    const cache = new Map<NodeId, tf.Tensor>();
    for (const [node, tensor] of kept) {
      collectors.get(points.get(node)!)!.add(tensor.dataSync<'float32'>());
      if (left >= tensor.size * 4) {
        cache.set(node, tensor);
        left -= tensor.size * 4;
      } else tensor.dispose();
    }
    caches.push(cache);
    options.onBatch?.(index + 1, batches.length);
  }

  const statistics = new Map([...collectors].map(([slot, collector]) => [slot, collector.result()]));
  const float = asHeads(floatParts);

  function asHeads(parts: readonly (readonly Float32Array[])[]): readonly HeadValues[] {
    return heads.map((head, h) => {
      const isLogits = head.kind === 'linear' && dataset.labels !== undefined && head.size > 1;
      return { kind: isLogits ? 'softmax' : head.kind, size: head.size, values: concatenate(parts[h]!) };
    });
  }

  async function run(
    assignment: Assignment,
    signal: AbortSignal | undefined,
  ): Promise<readonly HeadValues[]> {
    const parts: Float32Array[][] = heads.map(() => []);
    for (const [index, { start, length }] of batches.entries()) {
      await setImmediate();
      throwIfAborted(signal);
      const cache = caches[index]!;
      const needed = executor.needsInputs(assignment, new Set(cache.keys()));
      const inputs = needed ? await upload(dataset, start, length) : [];
      const outputs = executor.run(inputs, assignment, cache);
      tf.dispose(inputs);
      take(outputs, parts);
    }
    return asHeads(parts);
  }

  return {
    dataset,
    float,
    statistics: (slot) => statistics.get(slot)!,
    outputs: run,
    async measure(assignment, signal) {
      return compareOutputs(float, await run(assignment, signal), dataset.labels);
    },
    dispose() {
      for (const cache of caches) tf.dispose([...cache.values()]);
      caches.length = 0;
    },
  };
}

function splitBatches(graph: Graph, count: number): { start: number; length: number }[] {
  const largest = Math.max(...graph.nodes.map((node) => elements(node.shape)));
  const size = Math.min(Math.max(1, Math.floor(BATCH_ELEMENTS / largest)), LARGEST_BATCH);
  const batches: { start: number; length: number }[] = [];
  for (let start = 0; start < count; start += size)
    batches.push({ start, length: Math.min(size, count - start) });
  return batches;
}

async function upload(dataset: Dataset, start: number, length: number): Promise<tf.Tensor[]> {
  const arrays = await dataset.batch(start, length);
  return arrays.map((values, i) => tf.tensor(values, [length, ...dataset.shapes[i]!], 'float32'));
}

/** Moves outputs to JavaScript memory and frees the tensors. */
function take(outputs: readonly tf.Tensor[], parts: readonly Float32Array[][]): void {
  for (const [h, output] of outputs.entries()) {
    parts[h]!.push(Float32Array.from(output.dataSync<'float32'>()));
    output.dispose();
  }
}
