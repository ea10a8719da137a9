// The inputs of the network: their shapes, names and encodings.

import type { Shape } from '../../ir/graph.ts';
import { inputShapes } from '../inputShape.ts';
import { quantize } from '../tensors/elementwise.ts';
import type { Tensor } from '../tensors/tensor.ts';
import { addInput, type TensorGraph } from '../tensors/tensorGraph.ts';
import { elementType } from './parameters.ts';
import { activationQuantizer } from './quantization.ts';
import { damaged, type FileModel, type FileTensor } from './readModel.ts';

export interface InputShapes {
  /** Without the batch axis, one per input. */
  readonly given: readonly Shape[] | undefined;
  /** Takes a fixed first extent for the batch: networks are converted for batches of 8, say. */
  readonly batchFirst: boolean;
}

/** `serving_default_image:0` is `image`. */
const inputName = ({ name }: FileTensor): string =>
  name.replace(/^serving_default_/, '').replace(/:\d+$/, '');

/** Real values; where the file has codes, a quantizer follows. */
export function addInputs(
  g: TensorGraph,
  model: FileModel,
  { given, batchFirst }: InputShapes,
): readonly Tensor[] {
  const tensors = model.inputs.map((index, at) => {
    const tensor = model.tensors[index];
    if (tensor) return tensor;
    throw damaged(model.name, `input ${at} is tensor ${index}, which is not there`);
  });
  const stored = tensors.map((tensor) => ({ name: inputName(tensor), shape: oneSample(tensor, batchFirst) }));
  const shapes = inputShapes(model.name, stored, given);
  return tensors.map((tensor, at) => {
    const input = addInput(g, stored[at]!.name, shapes[at]!, elementType(tensor));
    const quantizer = activationQuantizer(tensor);
    return quantizer ? quantize(g, input, quantizer) : input;
  });
}

/** Does an input have a fixed first extent that may be the batch? */
export const hasFixedBatch = (model: FileModel): boolean =>
  model.inputs.some((index) => {
    const [first] = extentsOf(model.tensors[index]);
    return first !== undefined && first > 1 && extentsOf(model.tensors[index]).length > 1;
  });

/** Extents as the file has them, -1 where open. */
const extentsOf = (tensor: FileTensor | undefined): readonly number[] => {
  const { signature = [], shape = [] } = tensor ?? {};
  return signature.length === shape.length ? signature : shape;
};

/** An open first extent is the batch, and so is any where others are open. */
function oneSample(tensor: FileTensor, batchFirst: boolean): readonly (number | null)[] {
  const extents = extentsOf(tensor);
  const isBatch = extents.includes(-1) || (batchFirst && extents.length > 1);
  return extents.map((extent, axis) => (axis === 0 && isBatch ? 1 : extent === -1 ? null : extent));
}
