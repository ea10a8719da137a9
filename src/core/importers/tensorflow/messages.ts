// Decodes protocol buffers; what the decoder says of damaged ones becomes our error.

import { BitLensError } from '../../errors.ts';

/** @throws `bad-file` with the file's name */
export function decodeMessage<T>(file: string, type: { decode(bytes: Uint8Array): T }, bytes: Uint8Array): T {
  try {
    return type.decode(bytes);
  } catch (error) {
    throw new BitLensError(
      'bad-file',
      ['{0} is damaged: {1}.', file, error instanceof Error ? error.message : String(error)],
      ['Save or download it again.'],
    );
  }
}
