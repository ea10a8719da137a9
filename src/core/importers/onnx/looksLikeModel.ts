// Is this file an ONNX model? Protocol buffers have no signature: the first fields must be those of a ModelProto.

import type { ByteSource } from '../importer.ts';
import { BYTES, VARINT, wireReader } from './wire.ts';

/** Highest number that ONNX may give to its IR in the coming decades. */
const MAX_IR = 64;
/** Highest field number of ModelProto. */
const MAX_FIELD = 26;
const IR_VERSION = 1;
const GRAPH = 7;
const OPSETS = 8;

/** It begins with the version of the IR, and all fields up to the graph or the operator sets are plausible. */
export function looksLikeModel(_head: Uint8Array, source: ByteSource): boolean {
  const wire = wireReader(source);
  let hasVersion = false;
  try {
    for (let at = 0; at < source.size;) {
      const field = wire.field(at, source.size);
      if (field.number > MAX_FIELD) return false;
      if (field.number === IR_VERSION) {
        const [version = 0] = wire.bytes(field.payload, field.end);
        if (field.wire !== VARINT || version < 1 || version > MAX_IR) return false;
        hasVersion = true;
      } else if (field.wire !== (field.number === 5 ? VARINT : BYTES)) return false;
      if (field.number === GRAPH || field.number === OPSETS) return hasVersion;
      at = field.end;
    }
  } catch {
    // A cut-off ONNX file is one by its extension.
  }
  return false;
}
