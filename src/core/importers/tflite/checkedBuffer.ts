// FlatBuffers over a file, page by page: the weights between the tables stay on the disk, and an offset that leads out of
// the file is an error instead of `undefined`. The generated accessors read through these methods only.
// Reference: flatbuffers.dev, "FlatBuffer Internals".

import { strFromU8 } from 'fflate';
import { ByteBuffer } from 'flatbuffers';
import { BitLensError } from '../../errors.ts';
import type { ByteSource } from '../importer.ts';

const PAGE_BYTES = 16 * 1024;
/** 16 MiB of tables at a time. */
const MAX_PAGES = 1024;
/** Names of fused operations are lists; this is far beyond what any converter writes. */
const MAX_STRING_BYTES = 64 * 1024;

/** A ByteBuffer whose bytes are asked for when they are needed. */
export class CheckedBuffer extends ByteBuffer {
  readonly #source: ByteSource;
  readonly #pages = new Map<number, DataView>();
  /** Elements of vectors and bytes of strings that may still be read: vectors that overlap must not multiply them. */
  #budget: number;

  constructor(source: ByteSource) {
    super(new Uint8Array(0));
    this.#source = source;
    this.#budget = 2 * source.size + 2 ** 20;
  }

  override capacity(): number {
    return this.#source.size;
  }

  override readUint8(offset: number): number {
    const page = this.#page(offset);
    return page.getUint8(offset % PAGE_BYTES);
  }

  override readInt8(offset: number): number {
    return (this.readUint8(offset) << 24) >> 24;
  }

  override readUint16(offset: number): number {
    return this.readUint8(offset) | (this.readUint8(offset + 1) << 8);
  }

  override readInt32(offset: number): number {
    const at = offset % PAGE_BYTES;
    const page = this.#page(offset);
    if (at + 4 <= page.byteLength) return page.getInt32(at, true);
    return this.readUint16(offset) | (this.readUint16(offset + 2) << 16);
  }

  override readFloat32(offset: number): number {
    const bits = new DataView(new ArrayBuffer(4));
    bits.setInt32(0, this.readInt32(offset));
    return bits.getFloat32(0);
  }

  override __vector_len(offset: number): number {
    const at = this.__indirect(offset);
    const length = this.readInt32(at);
    if (length < 0 || length > this.#source.size - at) throw this.#damaged(at);
    this.#spend(length, at);
    return length;
  }

  override __string(offset: number): string {
    const at = this.__indirect(offset);
    const length = this.readInt32(at);
    if (length < 0 || length > Math.min(MAX_STRING_BYTES, this.#source.size - at - 4))
      throw this.#damaged(at);
    this.#spend(length, at);
    if (length === 0) return '';
    const page = this.#page(at + 4);
    const start = (at + 4) % PAGE_BYTES;
    return strFromU8(
      start + length <= page.byteLength
        ? new Uint8Array(page.buffer, page.byteOffset + start, length)
        : this.#source.readNow(at + 4, length),
    );
  }

  /** Position of the bytes of a vector of bytes, which are read elsewhere. */
  vectorStart(offset: number): number {
    return this.__indirect(offset) + 4;
  }

  #page(offset: number): DataView {
    if (!(offset >= 0 && offset < this.#source.size)) throw this.#damaged(offset);
    const index = Math.floor(offset / PAGE_BYTES);
    const known = this.#pages.get(index);
    if (known) return known;
    const start = index * PAGE_BYTES;
    const bytes = this.#source.readNow(start, Math.min(PAGE_BYTES, this.#source.size - start));
    const page = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (this.#pages.size >= MAX_PAGES) this.#pages.clear();
    this.#pages.set(index, page);
    return page;
  }

  #spend(amount: number, at: number): void {
    this.#budget -= amount;
    if (this.#budget < 0) throw this.#damaged(at);
  }

  #damaged(offset: number): BitLensError {
    return new BitLensError(
      'bad-file',
      [
        '{0} is damaged: what is at byte {1} of {2} makes no sense.',
        this.#source.name,
        offset,
        this.#source.size,
      ],
      ['The file may be truncated: copy or convert it again.'],
    );
  }
}
