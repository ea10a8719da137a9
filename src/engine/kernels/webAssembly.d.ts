// What we use of WebAssembly; its types otherwise come only with those of a browser.
declare namespace WebAssembly {
  class Memory {
    private constructor();
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, Memory>>);
    readonly exports: Record<string, unknown>;
  }
}
