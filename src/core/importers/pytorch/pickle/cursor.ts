// Reads a pickle from front to back. A window at a time: the older form of PyTorch files has several pickles and then
// the weights in one stream, and only reading tells where a pickle ends.

import { BitLensError } from '../../../errors.ts';
import type { ByteSource } from '../../importer.ts';

const WINDOW = 64 * 1024;
/** Tables of contents; the values of tensors are stored apart from them. */
const MAX_PICKLE = 64 * 1024 ** 2;
const MAX_LINE = 2 ** 20;

export interface Cursor {
  /** For messages: `net.pth/data.pkl`. */
  readonly file: string;
  /** Offset in the source of the next byte. */
  readonly at: () => number;
  byte(): number;
  /** A copy of the next bytes. */
  bytes(length: number): Uint8Array;
  /** Up to the next newline, which is skipped. */
  line(): Uint8Array;
}

export const badPickle = (file: string, detail: string, offset: number): BitLensError =>
  new BitLensError(
    'bad-file',
    ['{0} is not a readable pickle: {1} (offset {2}).', file, detail, offset],
    ['Save it again with torch.save, or as safetensors.'],
  );

/** @param source only `readNow` and `size` are used */
export function cursorOf(file: string, source: Pick<ByteSource, 'size' | 'readNow'>, start = 0): Cursor {
  const end = Math.min(source.size, start + MAX_PICKLE);
  let position = start;
  let window: Uint8Array = new Uint8Array(0);
  let windowStart = start;
  const need = (length: number): void => {
    if (position + length > end) throw badPickle(file, 'it ends too early or is too long', position);
    if (position + length <= windowStart + window.length) return;
    windowStart = position;
    window = source.readNow(position, Math.min(Math.max(length, WINDOW), end - position));
  };
  const bytes = (length: number): Uint8Array => {
    need(length);
    const from = position - windowStart;
    position += length;
    return window.slice(from, from + length);
  };
  const byte = (): number => {
    need(1);
    return window[position++ - windowStart]!;
  };
  const line = (): Uint8Array => {
    const found: number[] = [];
    for (let next = byte(); next !== 0x0a; next = byte())
      if (found.push(next) > MAX_LINE) throw badPickle(file, 'a line without an end', position);
    return Uint8Array.from(found);
  };
  return { file, at: () => position, byte, bytes, line };
}
