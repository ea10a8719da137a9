// npm start: sets everything up, quantizes the digits example without an editor, then serves a real VS Code with
// BitLens installed and that example open, until Ctrl-C.
//   npm start -- --headless    ends after the quantization, with its exit code; needs no VS Code

import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies } from './setup/dependencies.mjs';
import { packagedFile, root, testFolder } from './setup/paths.mjs';
import { runNode } from './setup/run.mjs';
import { startServer } from './vscode/server.mjs';
import { ensureVSCode } from './vscode/runtime.mjs';

const EXAMPLE = 'examples/digits';
const OPEN_FILE = 'model.py';

/** The main job: the command line of BitLens that fills `results`, where the extension looks for them. */
const quantize = (results) => [
  'dist/cli.js',
  'quantize',
  `${EXAMPLE}/digits.keras`,
  ...['--data', `${EXAMPLE}/calibration.npz`],
  ...['--eval', `${EXAMPLE}/test.npz`],
  ...['--target', 'xcvu9p'],
  ...['--out', results],
];

process.chdir(root);
try {
  await start(process.argv.includes('--headless'));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function start(headless) {
  await ensureDependencies();
  await build(headless);
  if (!headless) await ensureVSCode();
  const workspace = freshWorkspace();
  const { ok, code } = await runNode(quantize(path.join(workspace, '.bitlens')), { show: true });
  if (!ok) {
    console.error(`The quantization failed (${code}).`);
    process.exitCode = typeof code === 'number' ? code : 1;
  } else if (!headless) {
    await serve(workspace);
  }
}

/** Packing builds too. */
async function build(headless) {
  console.log('Building BitLens');
  const script = headless ? ['esbuild.mjs', '--production'] : ['scripts/package.mjs'];
  const { ok, output } = await runNode(script);
  if (!ok) throw new Error(`The build failed:\n${output}`);
}

/** The example is copied, so that what is tried out in the editor leaves the repository as it is. */
function freshWorkspace() {
  if (!existsSync(EXAMPLE)) throw new Error(`${EXAMPLE} is missing: check it out again.`);
  const workspace = path.join(testFolder, 'start/digits');
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(path.dirname(workspace), { recursive: true });
  cpSync(EXAMPLE, workspace, { recursive: true });
  return workspace;
}

async function serve(workspace) {
  const server = await startServer({ workspace, openFile: OPEN_FILE, vsix: [packagedFile()] });
  console.log(
    `\nVS Code with BitLens runs on this machine; open it in a browser (Ctrl-C ends it):\n${server.url}`,
  );
  const interrupted = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  const code = await Promise.race([interrupted, server.exited]);
  await server.stop();
  if (typeof code === 'number') throw new Error(`VS Code's server ended by itself (${code}).`);
  console.log('\nVS Code has been stopped.');
}
