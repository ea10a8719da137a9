// The shapes of a network's inputs: from the file, with what it leaves open from the user.

import { BitLensError } from '../errors.ts';
import { printShape, type Shape } from '../ir/graph.ts';

export interface StoredInput {
  readonly name: string;
  /** Batch axis first and of extent 1, null where open; undefined when the file says nothing. */
  readonly shape: readonly (number | null)[] | undefined;
}

/**
 * Shapes with their batch axis.
 * @param given the user's shapes, one per input, the batch axis left out (or given as 1)
 * @throws `needs-input-shape` when extents are open, `bad-option` when the given shapes contradict the file
 */
export function inputShapes(
  file: string,
  inputs: readonly StoredInput[],
  given: readonly Shape[] | undefined,
): readonly Shape[] {
  if (given && given.length !== inputs.length)
    throw new BitLensError(
      'bad-option',
      ['{0} has {1} inputs, but {2} input shapes are given.', file, inputs.length, given.length],
      ['Give one shape per input.'],
    );
  return inputs.map((input, at) => inputShape(file, input, given?.[at]));
}

export function inputShape(file: string, input: StoredInput, given: Shape | undefined): Shape {
  const { shape } = input;
  if (!given) {
    if (shape?.every((extent) => extent !== null)) return shape;
    throw open(file, input);
  }
  const whole = shape?.length === given.length ? given : [shape?.[0] ?? 1, ...given];
  if (!shape) return whole;
  const fits = shape.every((extent, axis) => extent === null || extent === whole[axis]);
  if (fits && shape.length === whole.length) return whole;
  throw new BitLensError(
    'bad-option',
    [
      'Input {0} of {1} is {2}, which the given shape {3} does not fit.',
      input.name,
      file,
      printShape(shape.slice(1)),
      printShape(given),
    ],
    ['Give as many extents as the input has, without the batch axis.'],
  );
}

const open = (file: string, { name, shape }: StoredInput): BitLensError =>
  new BitLensError(
    'needs-input-shape',
    [
      '{0} leaves the shape of its input {1} open: {2}.',
      file,
      name,
      shape ? printShape(shape.slice(1)) : 'no shape',
    ],
    [
      'The editor asks for it; on the command line give --input-shape 3,224,224 (without the batch axis) or --data.',
    ],
  );

/**
 * Not every fixed first extent is a batch: where reading it as one sample fails, the file is read as it is.
 * @throws what went wrong with one sample, when both fail
 */
export function oneSampleFirst<T>(asOneSample: () => T, asStored: () => T): T {
  try {
    return asOneSample();
  } catch (error) {
    if (!BitLensError.is(error, 'bad-file')) throw error;
    try {
      return asStored();
    } catch {
      throw error;
    }
  }
}
