// The inputs of an ONNX graph with static shapes: one sample, so the batch axis has extent 1.

import { BitLensError } from '../../errors.ts';
import type { Shape } from '../../ir/graph.ts';
import { inputShapes, type StoredInput } from '../inputShape.ts';
import type { GraphProto, ValueInfo } from './model.ts';
import { elementTypeOf } from './tensorData.ts';
import type { ElementType } from '../tensors/tensor.ts';

export interface GraphInput {
  readonly name: string;
  /** Batch axis included. */
  readonly shape: Shape;
  readonly type: ElementType;
}

/** Initializers may be listed among the inputs, to be replaced by a caller; they are parameters. */
export function networkInputs(graph: GraphProto): readonly ValueInfo[] {
  const stored = new Set([...graph.initializers.map(({ name }) => name), ...graph.sparse]);
  return graph.inputs.filter(({ name }) => !stored.has(name));
}

/**
 * The extent of the batch axis where the file fixes it at something else than 1: all inputs and the first output share it.
 * A sequence-first layout (steps × 1 × features) is no batch.
 */
export function fixedBatch(graph: GraphProto): number | undefined {
  const shapes = networkInputs(graph).map(({ shape }) => shape);
  const first = shapes[0]?.[0];
  if (first == null || first <= 1) return undefined;
  const out = graph.outputs[0]?.shape?.[0];
  const isBatch = shapes.every(
    (shape) => shape && shape.length > 1 && shape[0] === first && !(shape.length === 3 && shape[1] === 1),
  );
  return isBatch && (out == null || out <= 0 || out === first) ? first : undefined;
}

/**
 * @param given the user's shapes without the batch axis, one per input
 * @param batch from {@link fixedBatch}, to be read as 1
 * @throws `needs-input-shape` when extents are open, `bad-option` when the given shapes contradict the file
 */
export function graphInputs(
  file: string,
  graph: GraphProto,
  given: readonly Shape[] | undefined,
  batch: number | undefined,
): readonly GraphInput[] {
  const inputs = networkInputs(graph);
  if (inputs.length === 0)
    throw new BitLensError('bad-file', ['{0} has no input.', file], ['Export the model with its input.']);
  const types = inputs.map((input) => typeOf(file, input));
  const stored = inputs.map((input) => oneSample(input, batch));
  return inputShapes(file, stored, given).map((shape, at) => ({
    name: inputs[at]!.name,
    type: types[at]!,
    shape,
  }));
}

function typeOf(file: string, { name, dataType }: ValueInfo): ElementType {
  const type = elementTypeOf(dataType);
  if (type) return type;
  throw new BitLensError(
    'unsupported',
    ['Input {0} of {1} is no tensor of numbers.', name, file],
    ['Export the model without text processing or optional inputs.'],
  );
}

/** An open first extent is the batch; so is a fixed one where it says so. */
function oneSample({ name, shape }: ValueInfo, batch: number | undefined): StoredInput {
  const stored = shape?.map((extent, axis) => {
    if (axis === 0 && (extent === null || extent <= 0 || extent === batch)) return 1;
    return extent !== null && extent > 0 ? extent : null;
  });
  return { name, shape: stored };
}
