// npm run package: builds and packs the extension into bitlens-<version>.vsix, lists what is in it and fails when
// it is larger than the budget. What goes in is decided by the allow-list .vscodeignore.

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies } from './setup/dependencies.mjs';
import { bin, packagedFile, root, testFolder } from './setup/paths.mjs';
import { run, runNode } from './setup/run.mjs';

const BUDGET_MB = 8;
const MB = 1024 * 1024;

/** Large and never packed. vsce would match each of their files against every line of the list: 15 seconds. */
const NOT_STAGED = ['.git', '.vscode-test', 'node_modules', 'out', path.basename(testFolder)];

process.chdir(root);
try {
  await ensureDependencies();
  await build();
  await pack();
  await inspect();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** From nothing: the development build leaves source maps there. */
async function build() {
  rmSync('dist', { recursive: true, force: true });
  const { ok, output } = await runNode(['esbuild.mjs', '--production']);
  if (!ok) throw new Error(`The build failed:\n${output}`);
}

async function pack() {
  rmSync(packagedFile(), { force: true }); // so that nobody takes an older one for the result
  const stage = path.join(testFolder, 'package');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const name of readdirSync(root).filter((entry) => !NOT_STAGED.includes(entry))) {
    cpSync(name, path.join(stage, name), { recursive: true });
  }
  const args = ['package', '--no-dependencies', '--out', packagedFile()];
  const { ok, code, output } = await run(bin('vsce'), args, { cwd: stage });
  if (!ok) throw new Error(`vsce could not pack the extension (${code}):\n${output}`);
  rmSync(stage, { recursive: true, force: true });
}

async function inspect() {
  const file = packagedFile();
  const bytes = statSync(file).size;
  const entries = await readEntries(file);
  for (const { name, originalSize } of entries) console.log(`${size(originalSize).padStart(10)}  ${name}`);
  const total = `${path.basename(file)}: ${(bytes / MB).toFixed(2)} MB of at most ${BUDGET_MB} MB, ${entries.length} files`;
  if (bytes > BUDGET_MB * MB) throw new Error(`${total}. The package is too large: see the sizes above.`);
  console.log(total);
}

/** A .vsix is a zip archive; its directory is enough, so nothing is unpacked. */
async function readEntries(file) {
  const { unzipSync } = await import('fflate');
  const entries = [];
  unzipSync(readFileSync(file), { filter: (entry) => (entries.push(entry), false) });
  return entries;
}

function size(bytes) {
  return bytes < 10 * 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KB`;
}
