// The table of tensors that `inspect` shows for a file of weights.

import type { Sentence } from '../../../errors.ts';
import { elements } from '../../../ir/graph.ts';
import { storedBytes, type DecodedValues } from '../../elementTypes.ts';
import type { ListedTensor, TensorListing } from '../../importer.ts';
import { EXPORT_ADVICE } from '../advice.ts';
import { checkTensor, readTensor, type NamedTensor } from './storedTensor.ts';

/** Ranges of values are shown when looking through the whole file takes a moment. */
const MAX_BYTES_FOR_RANGES = 64 * 1024 ** 2;

interface Contents {
  readonly name: string;
  readonly format: string;
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly notes: readonly Sentence[];
}

/** @throws `bad-file` for a tensor that leaves its storage */
export function listingOf({ name, format, tensors, metadata, notes }: Contents): TensorListing {
  for (const named of tensors) checkTensor(name, named);
  // A tensor may repeat one stored value as often as it likes.
  const count = tensors.reduce((sum, { tensor }) => sum + bytesOf(tensor), 0);
  const withRange = count <= MAX_BYTES_FOR_RANGES;
  return {
    name,
    format,
    tensors: tensors.map((named) => row(named, withRange)),
    metadata,
    notes: [...notes, ...sharing(tensors)],
    advice: EXPORT_ADVICE,
  };
}

const bytesOf = (tensor: NamedTensor['tensor']): number => storedBytes(tensor.dtype, elements(tensor.shape));

function row({ name, tensor }: NamedTensor, withRange: boolean): ListedTensor {
  const { dtype, shape } = tensor;
  const range = withRange ? rangeOf(readTensor(tensor)) : undefined;
  return { name, dtype, shape, elements: elements(shape), bytes: bytesOf(tensor), range };
}

function rangeOf(values: DecodedValues): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : undefined;
}

/** Tied weights are stored once. */
function sharing(tensors: readonly NamedTensor[]): readonly Sentence[] {
  const byKey = new Map<string, string[]>();
  for (const { name, tensor } of tensors)
    byKey.set(tensor.storage.key, [...(byKey.get(tensor.storage.key) ?? []), name]);
  return [...byKey.values()]
    .filter((names) => names.length > 1)
    .map((names): Sentence => ['{0} share one storage.', names.slice(0, 8).join(', ')]);
}
