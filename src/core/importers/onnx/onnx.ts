// ONNX models: a protocol buffer with a graph of tensor operations. Weights stay in the file until they are asked for.
// Reference: https://github.com/onnx/onnx/blob/main/docs/IR.md

import type { BitLensError } from '../../errors.ts';
import type { Graph } from '../../ir/graph.ts';
import type { ByteSource, Importer, OpenOptions } from '../importer.ts';
import { oneSampleFirst } from '../inputShape.ts';
import { finish } from '../tensors/finish.ts';
import type { Tensor, Unknown } from '../tensors/tensor.ts';
import { addInput, tensorGraph } from '../tensors/tensorGraph.ts';
import { unsupportedError } from '../unsupported.ts';
import { openExternal } from './externalFiles.ts';
import { fixedBatch, graphInputs } from './inputs.ts';
import { looksLikeModel } from './looksLikeModel.ts';
import { readModel, type OnnxModel } from './model.ts';
import { layerNames } from './naming.ts';
import type { Scope } from './scope.ts';
import type { TensorFiles } from './tensorData.ts';
import { MAX_STEPS, runGraph, type Walk } from './walk.ts';

export const onnx: Importer = {
  id: 'onnx',
  title: 'ONNX model (.onnx)',
  extensions: ['.onnx'],
  match: looksLikeModel,
  async open(source, options) {
    const model = readModel(source);
    const files = await openExternal(source, model);
    const batch = fixedBatch(model.graph);
    const read = (extent: number | undefined): Graph => importGraph(source, model, files, options, extent);
    if (batch === undefined) return read(undefined);
    return oneSampleFirst(
      () => read(batch),
      () => read(undefined),
    );
  },
};

function importGraph(
  source: ByteSource,
  model: OnnxModel,
  files: TensorFiles,
  options: OpenOptions,
  batch: number | undefined,
): Graph {
  const g = tensorGraph(source.name);
  const tensors = new Map<string, Tensor | Unknown>();
  for (const { name, shape, type } of graphInputs(source.name, model.graph, options.inputShapes, batch))
    tensors.set(name, addInput(g, name, shape, type));
  const walk: Walk = {
    g,
    files,
    names: layerNames(model.graph),
    functions: new Map(model.functions.map((called) => [`${called.domain}/${called.name}`, called])),
    batch,
    producer: model.producer,
    issues: [],
    missing: new Map(),
    read: [],
    steps: { left: MAX_STEPS },
  };
  const scope: Scope = {
    tensors,
    outer: undefined,
    opsets: model.opsets,
    attributes: undefined,
    prefix: '',
    depth: 0,
  };
  return finish(g, walkAll(walk, model, scope), { name: model.graph.name, framework: frameworkOf(model) });
}

/** Whatever else is wrong, unsupported nodes are what the user should hear of. */
function walkAll(walk: Walk, model: OnnxModel, scope: Scope): readonly Tensor[] {
  const unsupported = (): BitLensError => unsupportedError(walk.g.file, walk.issues, walk.read);
  try {
    const outputs = runGraph(walk, model.graph, scope);
    if (walk.issues.length > 0) throw unsupported();
    return outputs.filter((output) => output.kind !== 'unknown');
  } catch (error) {
    throw walk.issues.length > 0 ? unsupported() : error;
  }
}

function frameworkOf({ producer, opsets }: OnnxModel): string {
  const version = `ONNX opset ${opsets.get('') ?? 1}`;
  return producer === '' ? version : `${version} (${producer})`;
}
