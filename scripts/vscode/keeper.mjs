// Keeps one VS Code server running for as long as the process that asked for it: when that one closes the pipe to
// here, or dies in whatever way, the server, its extension hosts and its temporary folder go too.
// argv[2] is JSON: { node, args, folder, keepLogs? }. Started by server.mjs.

import { spawn } from 'node:child_process';
import { closeSync, cpSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 5000;
const { node, args, folder, keepLogs } = JSON.parse(process.argv[2]);

const log = openSync(path.join(folder, 'server.log'), 'a');
const server = spawn(node, args, { detached: true, stdio: ['ignore', log, log] });
closeSync(log);

let running = true;
server.on('error', () => void finish(1));
server.on('exit', (code) => void finish(code ?? 1));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => void stop());
process.stdin.resume();
process.stdin.on('close', () => void stop());

async function stop() {
  signalGroup('SIGTERM');
  for (let waited = 0; running && waited < PATIENCE_MS; waited += 100) await sleep(100);
  signalGroup('SIGKILL');
}

async function finish(code) {
  running = false;
  signalGroup('SIGKILL'); // what the server started and left behind
  if (keepLogs) copyLogs();
  await removeFolder();
  process.exit(code);
}

function signalGroup(signal) {
  try {
    process.kill(-server.pid, signal);
  } catch {
    // No process of the group is left, which is what we want.
  }
}

function copyLogs() {
  for (const name of ['server.log', 'u/logs']) {
    cpSync(path.join(folder, name), path.join(keepLogs, path.basename(name)), {
      recursive: true,
      force: true,
    });
  }
}

/** The browser that has its profile in here may still be writing while it closes. */
async function removeFolder() {
  for (let attempt = 0; attempt < 20; attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch {
      await sleep(200);
    }
  }
}
