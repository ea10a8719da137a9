// safetensors: 8 bytes of length, a JSON header with name, dtype, shape and place of every tensor, then the values.
// Reference: the format's README (github.com/huggingface/safetensors, section "Format").

import { BitLensError } from '../../../errors.ts';
import { isObject } from '../../../jsonObject.ts';
import { viewOf } from '../../../zip/zipDirectory.ts';
import { elements, type Shape } from '../../../ir/graph.ts';
import { storedBytes } from '../../elementTypes.ts';
import type { ByteSource } from '../../importer.ts';
import { parseJson } from '../../json.ts';
import { stridesOf } from '../../tensors/constants.ts';
import { SAFETENSORS_DTYPES } from './dtypes.ts';
import type { NamedTensor } from './storedTensor.ts';

const LENGTH = 8;
/** The limit of the format's own library. */
const MAX_HEADER = 100_000_000;

export interface Safetensors {
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

const damaged = (file: string, detail: string): BitLensError =>
  new BitLensError('bad-file', ['{0}: {1}.', file, detail], ['Copy, download or save it again.']);

/** Does it start like one: a plausible length, and a JSON object? */
export function looksLikeSafetensors(head: Uint8Array, size: number): boolean {
  if (head.length < LENGTH + 2 || head[LENGTH] !== 0x7b) return false;
  const length = headerLength(head);
  return length >= 2 && length <= size - LENGTH;
}

const headerLength = (head: Uint8Array): number => Number(viewOf(head).getBigUint64(0, true));

/** @throws `bad-file` for a header that does not describe the file, `unsupported` for another dtype */
export async function readSafetensors(source: ByteSource): Promise<Safetensors> {
  const length = headerLength(await source.read(0, LENGTH));
  if (length > MAX_HEADER || length > source.size - LENGTH)
    throw damaged(source.name, `its header says it has ${length} bytes; the file has ${source.size}`);
  const header = parseJson(await source.read(LENGTH, length), `the header of ${source.name}`);
  if (!isObject(header)) throw damaged(source.name, 'its header is no JSON object');
  const tensors = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => tensorOf(source, LENGTH + length, name, entry));
  checkCover(source, LENGTH + length, tensors);
  const metadata = isObject(header['__metadata__']) ? header['__metadata__'] : {};
  const texts = Object.entries(metadata).filter(([, value]) => typeof value === 'string');
  return { tensors, metadata: Object.fromEntries(texts) as Record<string, string> };
}

interface Placed extends NamedTensor {
  readonly begin: number;
  readonly end: number;
}

function tensorOf(source: ByteSource, base: number, name: string, entry: unknown): Placed {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  if (typeof dtype !== 'string' || !isCounts(shape) || !isCounts(offsets) || offsets.length !== 2)
    throw damaged(source.name, `its header does not describe tensor ${name}`);
  const stored = Object.hasOwn(SAFETENSORS_DTYPES, dtype) ? SAFETENSORS_DTYPES[dtype] : undefined;
  if (!stored)
    throw new BitLensError(
      'unsupported',
      ['{0}: tensor {1} is stored as {2}, which BitLens does not read.', source.name, name, dtype],
      ['Convert it to float32 and save the file again.'],
    );
  const [begin, end] = offsets as readonly [number, number];
  const bytes = storedBytes(stored, elements(shape));
  if (end - begin !== bytes || base + end > source.size)
    throw damaged(source.name, `tensor ${name} takes ${bytes} bytes, its place is ${begin} to ${end}`);
  const read = (offset: number, length: number): Uint8Array => source.readNow(base + begin + offset, length);
  const storage = { key: name, bytes, read };
  return {
    name,
    begin,
    end,
    tensor: { storage, dtype: stored, shape, offset: 0, strides: stridesOf(shape) },
  };
}

const isCounts = (value: unknown): value is Shape =>
  Array.isArray(value) && value.every((count) => Number.isSafeInteger(count) && (count as number) >= 0);

/** The values of all tensors follow each other without gap or overlap and fill the file. */
function checkCover(source: ByteSource, base: number, tensors: readonly Placed[]): void {
  let at = 0;
  for (const { name, begin, end } of tensors.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at)
      throw damaged(source.name, `tensor ${name} starts at ${begin}, where ${at} was expected`);
    at = end;
  }
  if (base + at !== source.size)
    throw damaged(source.name, `it has ${source.size} bytes, its tensors end at ${base + at}`);
}
