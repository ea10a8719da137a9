// Every artefact of the product in one list. Types are checked elsewhere (tsc): esbuild only strips them.
//   node esbuild.mjs [--production] [--watch] [--tests]

import asc from 'assemblyscript/asc';
import esbuild from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { thirdPartyNotices } from './scripts/notices.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

/** Prints what VS Code's problem matcher in .vscode/tasks.json reads. */
const problemMatcher = {
  name: 'problem-matcher',
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd(({ errors }) => {
      for (const { text, location } of errors) {
        console.error(`✘ [ERROR] ${text}`);
        if (location) console.error(`    ${location.file}:${location.line}:${location.column}:`);
      }
      console.log('[watch] build finished');
    });
  },
};

/** `import bytes from './x.as.ts?wasm'` compiles AssemblyScript to WebAssembly that imports its memory. */
const assemblyScript = {
  name: 'assemblyscript',
  setup(build) {
    build.onResolve({ filter: /\.as\.ts\?wasm$/ }, ({ path: request, resolveDir }) => ({
      path: path.join(resolveDir, request.replace('?wasm', '')),
      namespace: 'assemblyscript',
    }));
    build.onLoad({ filter: /.*/, namespace: 'assemblyscript' }, async ({ path: file }) => {
      const options = ['--importMemory', '--runtime', 'stub', '--noAssert', '-O3', '--enable', 'simd'];
      let contents;
      const { error, stderr } = await asc.main(
        [path.relative('.', file), '--outFile', 'kernels.wasm', ...options],
        {
          writeFile: (_name, data) => (contents = data),
        },
      );
      if (error) return { errors: [{ text: `${file}: ${stderr.toString()}` }] };
      return { contents, loader: 'binary', watchFiles: [file] };
    });
  },
};

const shared = {
  bundle: true,
  minify: production,
  keepNames: production,
  sourcemap: production ? false : 'linked',
  loader: { '.wasm': 'binary' },
  logLevel: watch ? 'silent' : 'warning',
  plugins: watch ? [assemblyScript, problemMatcher] : [assemblyScript],
};

const node = { ...shared, platform: 'node', format: 'cjs', target: 'node20', outdir: 'dist' };

const builds = [
  { ...node, entryPoints: { extension: 'src/host/extension.ts' }, external: ['vscode'] },
  { ...node, entryPoints: { engine: 'src/engine/main.ts' }, external: ['@tensorflow/tfjs-node'] },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  {
    ...shared,
    platform: 'browser',
    format: 'iife',
    target: 'chrome126',
    outdir: 'dist',
    entryPoints: { webview: 'webview/main.ts' },
  },
];

function filesBelow(folder, suffix) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true }).map((file) => path.join(folder, file));
  return files.filter((file) => file.endsWith(suffix) && !file.endsWith('.d.ts'));
}

if (tests) {
  rmSync('out', { recursive: true, force: true });
  builds.push({
    ...node,
    minify: false,
    outdir: 'out',
    outbase: '.',
    entryPoints: [...filesBelow('test', '.test.ts'), ...filesBelow('bench', '.ts')],
    external: ['vscode', 'mocha', 'playwright-core', '@tensorflow/tfjs-node'],
  });
}

mkdirSync('dist', { recursive: true });
const resolve = createRequire(import.meta.url).resolve;
copyFileSync(
  path.join(
    path.dirname(resolve('@tensorflow/tfjs-backend-wasm/package.json')),
    'wasm-out/tfjs-backend-wasm-simd.wasm',
  ),
  'dist/tfjs-backend-wasm-simd.wasm',
);

if (watch) {
  for (const options of builds) await (await esbuild.context(options)).watch();
} else {
  const built = await Promise.all(builds.map((options) => esbuild.build({ ...options, metafile: true })));
  const metafiles = built.map(({ metafile }) => metafile);
  if (production) writeFileSync('dist/THIRD_PARTY_NOTICES.txt', thirdPartyNotices(metafiles));
}
