// The exported programs of test/fixtures/models/pytorch, with what torch computes from them.

import { readTensor } from '../../../src/core/importers/pytorch/weights/storedTensor.ts';
import { readSafetensors } from '../../../src/core/importers/pytorch/weights/safetensors.ts';
import { openModel } from '../../../src/core/importers/registry.ts';
import type { Graph, Shape } from '../../../src/core/ir/graph.ts';
import { fixtureSource } from './support.ts';

export interface Program {
  readonly file: string;
  /** Of the example; none when its first axis is no batch. */
  readonly batch?: number;
  readonly io?: string;
  readonly inputShapes?: readonly Shape[];
}

export const PROGRAMS: readonly Program[] = [
  { file: 'cnn', batch: 2 },
  { file: 'cnn_old', io: 'cnn', batch: 2 },
  { file: 'cnn_core', batch: 1 },
  { file: 'recurrent', batch: 2 },
  { file: 'transformer', batch: 2 },
  { file: 'transformer_core', batch: 1 },
  { file: 'fixed_batch', batch: 3 },
  { file: 'activations', batch: 3 },
  { file: 'tensors', batch: 1 },
  { file: 'unet', batch: 2 },
  { file: 'quantized', batch: 2 },
  { file: 'sequence_first' },
  { file: 'open_length', batch: 2, inputShapes: [[2, 9]] },
];

export const openProgram = (name: string, inputShapes?: readonly Shape[]): Promise<Graph> =>
  openModel(fixtureSource(`pytorch/${name}.pt2`), { inputShapes });

/** The example and what torch computes from it: input0 …, output0 … */
export async function example(name: string) {
  const { tensors } = await readSafetensors(fixtureSource(`pytorch/${name}.io.safetensors`));
  const named = (prefix: string) =>
    tensors
      .filter((found) => found.name.startsWith(prefix))
      .sort((a, b) => a.name.localeCompare(b.name))
      .map(({ tensor }) => ({ shape: tensor.shape, values: Float32Array.from(readTensor(tensor)) }));
  return { inputs: named('input'), outputs: named('output') };
}
