// How one TF.js weight is stored, and its values as float32. Quantized: value = stored · scale + min.

import { fromHalf } from '../../data/values.ts';
import type { Weight } from '../../ir/graph.ts';

export const ITEM_BYTES = { float32: 4, int32: 4, float16: 2, uint16: 2, uint8: 1, bool: 1 } as const;

export interface Stored {
  readonly type: keyof typeof ITEM_BYTES;
  readonly scale: number;
  readonly min: number;
}

/** How a quantized weight is spelled; values that are stored as they are have no quantizer. */
export function quantizerOf({ type, scale, min }: Stored): Weight['quantizer'] {
  if (type === 'float16') return { text: 'float16', bits: 16 };
  if (type !== 'uint8' && type !== 'uint16') return undefined;
  const bits = 8 * ITEM_BYTES[type];
  const zero = Math.round(-min / scale);
  const text = `${type} scale=${scale} min=${min}`;
  const exact = scale > 0 && Math.abs(zero * scale + min) <= 1e-5 * scale;
  if (!exact) return { text, bits };
  const format = {
    kind: 'int',
    bits,
    signed: false,
    symmetric: false,
    perChannel: false,
    scale,
    zero,
  } as const;
  return { text, bits, format };
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
