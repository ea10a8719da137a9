// Reader of .npy: one array. Only the header is read until a data set is bound, and then only the samples asked for.

import { BitLensError } from '../errors.ts';
import type { ByteSource } from '../importers/importer.ts';
import { MAX_ARRAY_BYTES } from './limits.ts';
import { isNpy, MAX_NPY_HEADER, parseNpyHeader, type NpyHeader } from './npyHeader.ts';
import { bytesFor, decodeValues } from './npyValues.ts';
import type { RawArray } from './rawData.ts';
import type { DataReader } from './reader.ts';

/**
 * An array whose bytes, header first, come from `read`: a file, or an entry of an archive.
 * @param bytes.size bytes that there are, header included
 * @param bytes.read the `length` bytes at `offset`; only called with ranges inside `size`
 */
export async function openNpyArray(
  name: string,
  origin: string,
  bytes: { readonly size: number; read(offset: number, length: number): Promise<Uint8Array> },
): Promise<RawArray> {
  const head = await bytes.read(0, Math.min(bytes.size, MAX_NPY_HEADER));
  const header = parseNpyHeader(head, origin);
  const needed = header.start + bytesFor(header, header.shape[0] ?? 1);
  if (needed > bytes.size)
    throw new BitLensError(
      'bad-file',
      ['{0} is cut short: its header promises {1} bytes and there are {2}.', origin, needed, bytes.size],
      ['Copy or download it again.'],
    );
  return {
    name,
    origin,
    dtype: header.dtype,
    shape: header.shape,
    load: (rows) => load(header, origin, rows, bytes.read.bind(bytes)),
  };
}

async function load(
  header: NpyHeader,
  origin: string,
  rows: number,
  read: (offset: number, length: number) => Promise<Uint8Array>,
) {
  const length = bytesFor(header, rows);
  if (length > MAX_ARRAY_BYTES)
    throw new BitLensError(
      'bad-data',
      ['{0} takes {1} MiB, more than the {2} MiB that are read at once.', origin, ...mebibytes(length)],
      header.fortran
        ? ['Save it in row-major order (numpy.ascontiguousarray) and use fewer samples.']
        : ['Use fewer samples: set a limit.'],
    );
  return decodeValues(header, await read(header.start, length), rows);
}

const mebibytes = (length: number): [number, number] => [
  Math.ceil(length / 2 ** 20),
  MAX_ARRAY_BYTES / 2 ** 20,
];

export const npy: DataReader = {
  id: 'npy',
  title: 'NumPy array (.npy)',
  extensions: ['.npy'],
  match: isNpy,
  async open(source: ByteSource) {
    const array = await openNpyArray(source.name, source.name, source);
    return { kind: 'arrays', file: source.name, arrays: [array], samples: array, notes: [] };
  },
};
