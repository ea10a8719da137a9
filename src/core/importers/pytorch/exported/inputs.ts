// The inputs of an exported program with static shapes: one sample, so the batch axis has extent 1.

import { BitLensError } from '../../../errors.ts';
import type { Shape } from '../../../ir/graph.ts';
import { STORED_TYPES } from '../../elementTypes.ts';
import { inputShapes } from '../../inputShape.ts';
import type { ElementType } from '../../tensors/tensor.ts';
import { SCALAR_TYPES } from '../weights/dtypes.ts';
import type { Extent, Program } from './schema.ts';

export interface NetworkInput {
  readonly name: string;
  /** Batch axis included. */
  readonly shape: Shape;
  readonly type: ElementType;
}

const userInputs = ({ inputs, values }: Program) =>
  inputs.flatMap(({ kind, name }) =>
    kind === 'user' ? [{ name, sizes: values.get(name)?.sizes ?? [] }] : [],
  );

/**
 * The extent of the first axis where the example it was exported with fixes it at something else than 1: all inputs and
 * the outputs share it. A sequence-first layout (steps × 1 × features) is no batch unless convolutions run over it.
 */
export function fixedBatch(program: Program): number | undefined {
  const inputs = userInputs(program);
  const first = inputs[0]?.sizes[0];
  if (typeof first !== 'number' || first <= 1) return undefined;
  const overSteps = !program.nodes.some(({ target }) => target.includes('conv'));
  const batched = inputs.every(
    ({ sizes }) =>
      sizes.length > 1 && sizes[0] === first && !(sizes.length === 3 && isOpenOrOne(sizes[1]) && overSteps),
  );
  const outputs = program.outputs.map((name) => program.values.get(name)?.sizes[0]);
  return batched && outputs.every((extent) => extent === first) ? first : undefined;
}

const isOpenOrOne = (extent: Extent | undefined): boolean => extent === 1 || typeof extent === 'string';

/**
 * @param given the user's shapes without the batch axis, one per input
 * @param batch from {@link fixedBatch}, to be read as 1
 * @throws `needs-input-shape` when extents are open, `bad-option` when the given shapes contradict the file
 */
export function networkInputs(
  program: Program,
  given: readonly Shape[] | undefined,
  batch: number | undefined,
): readonly NetworkInput[] {
  const { file, values } = program;
  const inputs = userInputs(program);
  if (inputs.length === 0)
    throw new BitLensError(
      'bad-file',
      ['{0} has no input that is a tensor.', file],
      ['Export the model with it.'],
    );
  const stored = inputs.map(({ name, sizes }) => ({ name, shape: oneSample(sizes, batch) }));
  return inputShapes(file, stored, given).map((shape, at) => {
    const { name } = inputs[at]!;
    const scalarType = SCALAR_TYPES.get(values.get(name)?.dtype ?? 0);
    return { name, shape, type: scalarType ? STORED_TYPES[scalarType].type : 'float' };
  });
}

/** An open first axis is the batch; behind a fixed one of several steps, an open second axis is. */
function oneSample(sizes: readonly Extent[], batch: number | undefined): readonly (number | null)[] {
  const [first, second] = sizes;
  const batchAxis =
    typeof first === 'string' || first === batch
      ? 0
      : typeof first === 'number' && first > 1 && typeof second === 'string'
        ? 1
        : -1;
  return sizes.map((extent, axis) => (axis === batchAxis ? 1 : typeof extent === 'number' ? extent : null));
}
