// Starts VS Code's server on 127.0.0.1: extension host, file system and the workbench's web page, no browser.
// `npm start` gives its URL to the user; host.mjs opens it in a headless browser for tests.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { run } from '../setup/run.mjs';
import { ensureVSCode } from './runtime.mjs';
import { QUIET_SETTINGS } from './settings.mjs';

const START_LIMIT_MS = 60_000;

/**
 * @param {object} options
 * @param {string} options.workspace folder or .code-workspace file
 * @param {string} [options.openFile] file shown in the editor, relative to the workspace
 * @param {string[]} [options.vsix] packaged extensions to install first
 * @param {Record<string, unknown>} [options.settings] user settings
 * @param {Record<string, string | undefined>} [options.env] variables the extension host sees besides ours
 * @param {number} [options.port] a free one by default
 */
export async function startServer({
  workspace,
  openFile,
  vsix = [],
  settings = QUIET_SETTINGS,
  env = {},
  port,
}) {
  const { node, entry } = await ensureVSCode();
  // Short, because unix sockets of at most 107 characters lie in it; keeper.mjs removes it.
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vsc-'));
  const serverEnv = environment(folder, env);
  const args = [entry, ...writeProfile(folder, settings)];
  try {
    for (const file of vsix) await installExtension(node, args, file, serverEnv);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const authority = `127.0.0.1:${port ?? (await freePort())}`;
  const keeper = startKeeper(node, [...args, ...listenOptions(authority)], folder, serverEnv);
  const server = {
    authority,
    url: pageUrl(authority, workspace, openFile),
    /** Temporary folder of this server; gone after stop(). */
    folder,
    /** Exit code of the server. */
    exited: keeper.exited,
    log: () => readLog(folder),
    stop: keeper.stop,
  };
  await untilReady(server);
  return server;
}

/** Everything VS Code would keep in the home directory. */
function writeProfile(folder, settings) {
  const user = path.join(folder, 'u');
  const extensions = path.join(folder, 'x');
  const config = path.join(folder, 'c.yaml');
  mkdirSync(path.join(user, 'User'), { recursive: true });
  mkdirSync(extensions);
  writeFileSync(config, '');
  writeFileSync(path.join(user, 'User/settings.json'), JSON.stringify(settings, null, 2));
  return ['--config', config, '--user-data-dir', user, '--extensions-dir', extensions];
}

const listenOptions = (authority) => [
  ...['--bind-addr', authority, '--auth', 'none'],
  '--disable-telemetry',
  '--disable-update-check',
  '--disable-workspace-trust',
  '--disable-getting-started-override',
];

/**
 * Ours, without what an outer VS Code, npm or node:test put there for themselves: VSCODE_IPC_HOOK_CLI, for one,
 * would make the server hand the request to the outer editor. VSCODE_TEST_* is for our extension host.
 */
function environment(folder, extra) {
  const foreign =
    /^(PORT|PASSWORD|HASHED_PASSWORD|CODE_SERVER_\w+|ELECTRON_RUN_AS_NODE|NODE_OPTIONS|NODE_TEST_CONTEXT|VSCODE_(?!TEST_)\w+|npm_\w+)$/;
  const own = {
    TMPDIR: folder,
    XDG_RUNTIME_DIR: folder,
    XDG_DATA_HOME: path.join(folder, 'd'),
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":""}', // no marketplace: no request leaves the machine
  };
  const inherited = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(inherited), ...own, ...extra };
}

async function installExtension(node, args, file, env) {
  const { ok, output } = await run(node, [...args, '--install-extension', path.resolve(file)], { env });
  if (!ok) throw new Error(`VS Code could not install ${file}:\n${output}`);
}

function startKeeper(node, args, folder, env) {
  const keepLogs = process.env.BITLENS_VSCODE_LOGS && path.resolve(process.env.BITLENS_VSCODE_LOGS);
  const script = fileURLToPath(new URL('keeper.mjs', import.meta.url));
  const options = { detached: true, stdio: ['pipe', 'ignore', 'ignore'], env };
  const child = spawn(process.execPath, [script, JSON.stringify({ node, args, folder, keepLogs })], options);
  child.stdin.on('error', () => {}); // the keeper went first
  const exited = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
  const stop = async () => {
    child.stdin.end();
    await exited;
  };
  return { exited, stop };
}

/** Address of the workbench. Files are named by the server they lie on, so the host part must stay as printed. */
function pageUrl(authority, workspace, openFile) {
  const url = new URL(`http://${authority}/`);
  const target = path.resolve(workspace);
  url.searchParams.set(target.endsWith('.code-workspace') ? 'workspace' : 'folder', target);
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (openFile) payload.push(['openFile', `vscode-remote://${authority}${path.resolve(target, openFile)}`]);
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

async function untilReady({ authority, exited, log, stop }) {
  let dead = false;
  let lastLog = '';
  void exited.then(() => (dead = true));
  for (const start = Date.now(); Date.now() - start < START_LIMIT_MS && !dead; await sleep(100)) {
    lastLog = log() || lastLog; // it goes with the folder when the server dies
    if (await answers(`http://${authority}/healthz`)) return;
  }
  const reason = dead ? 'ended at once' : `did not answer within ${START_LIMIT_MS / 1000} s`;
  await stop();
  throw new Error(`VS Code's server on ${authority} ${reason}:\n${lastLog}`);
}

async function answers(url) {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

function readLog(folder) {
  try {
    return readFileSync(path.join(folder, 'server.log'), 'utf8');
  } catch {
    return '';
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
