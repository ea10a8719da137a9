// The importers, in the order in which they look at a file. To add one: a file and a line here.

import { BitLensError } from '../errors.ts';
import type { Graph } from '../ir/graph.ts';
import type { ByteSource, Importer, OpenOptions, TensorListing } from './importer.ts';
import { kerasH5 } from './keras/kerasH5.ts';
import { kerasJson } from './keras/kerasJson.ts';
import { kerasV3 } from './keras/kerasV3.ts';
import { onnx } from './onnx/onnx.ts';
import { pt2 } from './pytorch/pt2.ts';
import { safetensors } from './pytorch/safetensors.ts';
import { torchScript } from './pytorch/torchScript.ts';
import { torchWeights } from './pytorch/torchWeights.ts';
import { frozenGraph } from './tensorflow/frozenGraph.ts';
import { savedModel } from './tensorflow/savedModel/savedModel.ts';
import { tfjsGraph } from './tfjs/tfjsGraph.ts';
import { tfjsLayers } from './tfjs/tfjsLayers.ts';
import { tflite } from './tflite/tflite.ts';

export const importers: readonly Importer[] = [
  kerasV3,
  kerasH5,
  tfjsGraph,
  tfjsLayers,
  tflite,
  kerasJson,
  pt2,
  torchScript,
  torchWeights,
  safetensors,
  savedModel,
  frozenGraph,
  onnx,
];

/** What importers may look at to recognize a file. */
const HEAD_BYTES = 4096;

/**
 * Reads a model: the first importer that recognizes the content, else the one that the extension names, which then
 * says what is wrong.
 * @throws BitLensError of any kind that {@link Importer.open} names; `bad-file` for a file that nobody recognizes
 */
export async function openModel(source: ByteSource, options: OpenOptions): Promise<Graph> {
  try {
    const importer = (await byContent(source)) ?? byExtension(source);
    if (importer) return await importer.open(source, options);
  } catch (error) {
    throw BitLensError.from(error);
  }
  throw new BitLensError(
    'bad-file',
    ['{0} is not a model in a format that BitLens reads.', source.name],
    ['Supported: {0}.', importers.map((importer) => importer.title).join('; ')],
  );
}

/**
 * Tensors of a file of weights without a network; undefined for every other file.
 * @throws BitLensError as {@link Importer.list}
 */
export async function listTensors(source: ByteSource): Promise<TensorListing | undefined> {
  try {
    return await (await byContent(source))?.list?.(source);
  } catch (error) {
    throw BitLensError.from(error);
  }
}

async function byContent(source: ByteSource): Promise<Importer | undefined> {
  const head = await source.read(0, Math.min(HEAD_BYTES, source.size));
  for (const importer of importers) if (await importer.match(head, source)) return importer;
  return undefined;
}

function byExtension({ name }: ByteSource): Importer | undefined {
  const lower = name.toLowerCase();
  return importers.find((importer) => importer.extensions.some((extension) => lower.endsWith(extension)));
}
