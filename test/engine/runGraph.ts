// Runs a graph on the backend of the bundle and gives its outputs as arrays: what tests of importers and kernels
// compare with the numbers of a framework.

import * as tf from '@tensorflow/tfjs-core';
import path from 'node:path';
import { foldBatchNorm } from '../../src/core/ir/foldBatchNorm.ts';
import type { Graph } from '../../src/core/ir/graph.ts';
import { startBackend } from '../../src/engine/backend/backend.ts';
import { createExecutor } from '../../src/engine/backend/executor.ts';

/**
 * @param inputs one array per network input: `batch` samples one after another, row-major
 * @returns one array per output: `batch` samples one after another, row-major
 */
export async function runGraph(
  graph: Graph,
  inputs: readonly Float32Array[],
  batch: number,
): Promise<Float32Array[]> {
  await startBackend(path.resolve('dist'));
  const { graph: folded } = foldBatchNorm(graph);
  const executor = createExecutor(folded, folded.outputs, new Set());
  const tensors = folded.inputs.map((id, i) =>
    tf.tensor(inputs[i]!, [batch, ...folded.nodes[id]!.shape], 'float32'),
  );
  try {
    const outputs = executor.run(tensors, new Map());
    const values = outputs.map((output) => Float32Array.from(output.dataSync<'float32'>()));
    tf.dispose(outputs);
    return values;
  } finally {
    tf.dispose(tensors);
    executor.dispose();
  }
}
