// How one TF.js weight is stored, and its values as float32. Quantized: value = stored · scale + min.

import { fromHalf } from '../../data/values.ts';

export const ITEM_BYTES = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 } as const;

export interface Stored {
  readonly type: keyof typeof ITEM_BYTES;
  readonly scale: number;
  readonly min: number;
}

/** Bytes (little-endian, at any alignment) to values. */
export function decoderOf({ type, scale, min }: Stored): (bytes: Uint8Array) => Float32Array {
  const read = readerOf(type);
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const values = new Float32Array(bytes.length / ITEM_BYTES[type]);
    for (let i = 0; i < values.length; i++) values[i] = read(view, i * ITEM_BYTES[type]) * scale + min;
    return values;
  };
}

function readerOf(type: Stored['type']): (view: DataView, at: number) => number {
  switch (type) {
    case 'float32':
      return (view, at) => view.getFloat32(at, true);
    case 'int32':
      return (view, at) => view.getInt32(at, true);
    case 'float16':
      return (view, at) => fromHalf(view.getUint16(at, true));
    case 'uint16':
      return (view, at) => view.getUint16(at, true);
    case 'uint8':
    case 'bool':
      return (view, at) => view.getUint8(at);
  }
}
