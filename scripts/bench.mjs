// npm run bench [-- text [argument ...]]: builds and runs the benchmarks bench/*.ts one after another, each in a process
// of its own; with a text only those that have it in their name. Further arguments go to the benchmarks: a model and
// its data. Goes on after one that fails.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies } from './setup/dependencies.mjs';
import { root } from './setup/paths.mjs';
import { runNode } from './setup/run.mjs';

process.chdir(root);
try {
  await ensureDependencies();
  const build = await runNode(['esbuild.mjs', '--tests'], { show: true });
  if (!build.ok) throw new Error('The build failed.');
  const [text = '', ...args] = process.argv.slice(2);
  await runBenchmarks(text, args);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function runBenchmarks(text, args) {
  const files = readdirSync('out/bench').filter((file) => file.endsWith('.js') && file.includes(text));
  if (files.length === 0) throw new Error(`No benchmark in bench/ has "${text}" in its name.`);
  for (const file of files.sort()) {
    console.log(`\n== ${path.basename(file, '.js')}`);
    const program = ['--enable-source-maps', path.join('out/bench', file)];
    const { ok, code } = await runNode([...program, ...args], { show: true });
    if (ok) continue;
    console.error(`${file} failed (${code}).`);
    process.exitCode = 1;
  }
}
