// The part of @cornerstonejs/codec-libjpeg-turbo-8bit that is used; the package has no types.

declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  interface JpegDecoder {
    /** Memory for a file of this many bytes. */
    getEncodedBuffer(length: number): Uint8Array;
    /** Throws a number when the file is damaged. */
    decode(): void;
    getFrameInfo(): { readonly width: number; readonly height: number; readonly componentCount: number };
    /** Height × width × components; valid until the next call. */
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  }
  export interface JpegModule {
    readonly JPEGDecoder: new () => JpegDecoder;
  }
  const create: (options: { readonly wasmBinary: Uint8Array }) => Promise<JpegModule>;
  export default create;
}

declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm' {
  const bytes: Uint8Array;
  export default bytes;
}
