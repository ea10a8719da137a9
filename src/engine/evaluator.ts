// Measures assignments of quantizers on a data set against the float network. The float activations at the quantization
// points are kept (the prefix cache), so that a test of one layer starts at that layer.

import * as tf from '@tensorflow/tfjs-core';
import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../core/data/dataset.ts';
import { BitLensError, throwIfAborted } from '../core/errors.ts';
import { concatenate } from '../core/float32.ts';
import { elements, type Graph, type NodeId } from '../core/ir/graph.ts';
import type { Head } from '../core/ir/heads.ts';
import type { Prepared } from '../core/ir/prepare.ts';
import type { Slot } from '../core/ir/slots.ts';
import type { ValueStatistics } from '../core/quantizers/range.ts';
import type { Metrics } from '../core/result.ts';
import { compareOutputs, type HeadValues } from '../core/sensitivity/metrics.ts';
import { createExecutor, type BatchCache, type Executor } from './backend/executor.ts';
import type { Assignment } from './backend/schedule.ts';
import { createCollector, type StatisticsCollector } from './statistics.ts';

/** An executor that returns the heads of a model and keeps its quantization points apart. */
export function executorFor({ graph, slots, heads }: Prepared): Executor {
  const observed = slots.list.filter(isPoint).flatMap(({ nodes }) => nodes);
  return createExecutor(
    graph,
    heads.map(({ node }) => node),
    new Set(observed),
  );
}

const isPoint = ({ kind }: Slot): boolean => kind === 'activation' || kind === 'input';

export interface EvaluatorOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of float activations to keep; 0 switches the prefix cache off. */
  readonly cacheBytes?: number;
  /** Gather statistics of the float activations. */
  readonly statistics?: boolean;
  onBatch?(done: number, of: number): void;
}

export interface Evaluator {
  readonly dataset: Dataset;
  /** Outputs of the float network, one entry per head. */
  readonly float: readonly HeadValues[];
  /** Statistics of the float activation at a slot; empty when none were gathered. */
  statistics(slot: Slot): ValueStatistics;
  outputs(assignment: Assignment, signal?: AbortSignal): Promise<readonly HeadValues[]>;
  measure(assignment: Assignment, signal?: AbortSignal): Promise<Metrics>;
  dispose(): void;
}

const DEFAULT_CACHE_BYTES = 768 * 2 ** 20;
/** Elements of the largest tensor in one batch: keeps the WebAssembly heap well below its 4 GB. */
const BATCH_ELEMENTS = 2 ** 24;
const LARGEST_BATCH = 256;
const NOTHING: ValueStatistics = { min: 0, max: 0, sample: new Float32Array() };

interface Batch {
  readonly start: number;
  readonly length: number;
  /** Float values of this batch that need not be computed again. */
  readonly cache: BatchCache;
}

export async function createEvaluator(
  executor: Executor,
  prepared: Prepared,
  dataset: Dataset,
  options: EvaluatorOptions = {},
): Promise<Evaluator> {
  checkLabels(prepared, dataset);
  const { batches, outputs, statistics } = await floatPass(executor, prepared, dataset, options);
  const asHeads = headValues(prepared.heads, dataset);
  const float = asHeads(outputs);

  const run = async (assignment: Assignment, signal?: AbortSignal): Promise<readonly HeadValues[]> => {
    const parts: Float32Array[][] = prepared.heads.map(() => []);
    for (const { start, length, cache } of batches) {
      await setImmediate(); // lets a cancel message in
      throwIfAborted(signal);
      const needed = executor.needsInputs(assignment, new Set(cache.keys()));
      const inputs = needed ? await upload(dataset, start, length) : [];
      take(executor.run(inputs, assignment, cache), parts);
      tf.dispose(inputs);
    }
    return asHeads(parts);
  };

  return {
    dataset,
    float,
    statistics: (slot) => statistics.get(slot) ?? NOTHING,
    outputs: run,
    async measure(assignment, signal) {
      return compareOutputs(float, await run(assignment, signal), dataset.labels);
    },
    dispose: () => disposeCaches(batches),
  };
}

function disposeCaches(batches: readonly Batch[]): void {
  for (const { cache } of batches) tf.dispose([...cache.values()]);
}

/** Runs the float network once: outputs, statistics, and the activations worth keeping. */
async function floatPass(
  executor: Executor,
  { graph, slots, heads }: Prepared,
  dataset: Dataset,
  options: EvaluatorOptions,
) {
  const plan = splitBatches(graph, dataset.count);
  const points = new Map(slots.list.filter(isPoint).map((slot) => [slot.nodes[0]!, slot]));
  const collectors = new Map<Slot, StatisticsCollector>();
  if (options.statistics)
    for (const slot of points.values()) collectors.set(slot, createCollector(plan.length));
  const outputs: Float32Array[][] = heads.map(() => []);
  const batches: Batch[] = [];
  let budget = options.cacheBytes ?? DEFAULT_CACHE_BYTES;
  const wanted = new Set(budget > 0 || options.statistics ? points.keys() : []);
  try {
    for (const { start, length } of plan) {
      await setImmediate();
      throwIfAborted(options.signal);
      const inputs = await upload(dataset, start, length);
      const pass = executor.runFloat(inputs, wanted);
      tf.dispose(inputs);
      take(pass.outputs, outputs);
      const cache = new Map<NodeId, tf.Tensor>();
      batches.push({ start, length, cache });
      for (const [node, tensor] of pass.kept) {
        collectors.get(points.get(node)!)?.add(tensor.dataSync<'float32'>());
        const bytes = tensor.size * 4;
        if (bytes > budget) tensor.dispose();
        else {
          cache.set(node, tensor);
          budget -= bytes;
        }
      }
      options.onBatch?.(batches.length, plan.length);
    }
  } catch (error) {
    disposeCaches(batches);
    throw error;
  }
  const statistics = new Map([...collectors].map(([slot, collector]) => [slot, collector.result()]));
  return { batches, outputs, statistics };
}

/** A label says the class of a sample, so the head must give one answer for each sample. */
function checkLabels({ graph, heads }: Prepared, { labels }: Dataset): void {
  const [head] = heads;
  if (!labels || !head || (head.kind === 'linear' && head.size === 1)) return;
  const answers = elements(graph.nodes[head.node]!.shape) / head.size;
  if (answers === 1) return;
  throw new BitLensError(
    'bad-data',
    ['The model gives {0} answers for each sample, the data one label.', answers],
    ['Use the samples without labels.'],
  );
}

/** Linear outputs are logits when there are labels for them. */
function headValues(heads: readonly Head[], dataset: Dataset) {
  return (parts: readonly (readonly Float32Array[])[]): readonly HeadValues[] =>
    heads.map((head, h) => {
      const isLogits = head.kind === 'linear' && dataset.labels !== undefined && head.size > 1;
      return { kind: isLogits ? 'softmax' : head.kind, size: head.size, values: concatenate(parts[h]!) };
    });
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
