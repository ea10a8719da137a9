// Small models are read whole: the formats below are trees of small tensors, not streams.

import { BitLensError } from '../errors.ts';
import type { ByteSource } from './importer.ts';

/** Above this a model is not one for an FPGA or a microcontroller, and would be held in memory twice. */
export const MAX_MODEL_BYTES = 1024 ** 3;

/** A JSON text larger than this is refused: it would be parsed into several times its size. */
export const MAX_JSON_BYTES = 64 * 1024 ** 2;

/** @throws `unsupported` when the file is larger than `limit` */
export async function readWhole(source: ByteSource, limit: number): Promise<Uint8Array> {
  if (source.size > limit)
    throw new BitLensError(
      'unsupported',
      ['{0} has {1} bytes; files of this kind are read up to {2}.', source.name, source.size, limit],
      ['Save the model without optimizer state, or import a smaller part of it.'],
    );
  return source.read(0, source.size);
}

export function startsWith(head: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, at) => head[at] === byte);
}
