// `import bytes from './x.as.ts?wasm'` compiles AssemblyScript: see the plugin in esbuild.mjs.
declare module '*?wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
