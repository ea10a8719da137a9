#!/usr/bin/env node
// Stands in for the VS Code executable under @vscode/test-cli (`useInstallation.fromPath`): takes the arguments it
// would be given, prints the console of the extension host, ends with the code of the test run.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import { testFolder } from '../setup/paths.mjs';
import { startVSCode } from './host.mjs';

/** A single test may take a minute (.vscode-test.mjs): nothing for this long means that all has stopped. */
const SILENCE_LIMIT_MS = Number(process.env.BITLENS_VSCODE_SILENCE_MS) || 180_000;

/** What the workbench itself says on its console; shown with BITLENS_VSCODE_VERBOSE=1. */
const WORKBENCH_NOISE = [
  /^Resolv(ing|ed) connection token/,
  /^Creating a socket/,
  /^Creation of workbench contribution/,
  /^(Updating|Ignoring fetching) additional builtin/,
  /^ChatSessionStore: /,
  /^Timed out waiting for authentication provider/,
  /^Error while fetching the extension under development.*not a web extension/s,
  /^\[(reconnection-grace-time|Service Worker|AgentHost|AccountPolicyGate)/,
  /getaddrinfo ENOTFOUND/,
];

const { values, positionals } = parseArgs({
  options: {
    extensionDevelopmentPath: { type: 'string', multiple: true },
    extensionTestsPath: { type: 'string' },
  },
  allowPositionals: true,
  strict: false, // the desktop options that come too mean nothing here
});

let session;
let ending = false;
let lastSign = Date.now();

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void end(130));

try {
  const { extensionDevelopmentPath, extensionTestsPath } = values;
  session = await startVSCode({
    workspace: positionals[0],
    extensionDevelopmentPath,
    extensionTestsPath,
    onConsole: print,
  });
  const { code, reason = death() } = await Promise.race([session.exit, silence()]);
  if (reason !== undefined) await explain(reason);
  await end(reason === undefined ? code : 1);
} catch (error) {
  console.error(error.message);
  await end(1);
}

function print(type, args) {
  lastSign = Date.now();
  const text = format(...args);
  if (!process.env.BITLENS_VSCODE_VERBOSE && WORKBENCH_NOISE.some((pattern) => pattern.test(text))) return;
  if (type === 'error' || type === 'warn') console.error(text);
  else console.log(text);
}

function silence() {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (Date.now() - lastSign < SILENCE_LIMIT_MS) return;
      clearInterval(timer);
      resolve({ reason: `nothing happened for ${SILENCE_LIMIT_MS / 1000} s` });
    }, 1000);
  });
}

/** When the extension host dies in the middle of a test, VS Code ends the run with code 0, as if all were well. */
function death() {
  const [line] = /Extension Host Process exited with .*/.exec(session.serverLog()) ?? [];
  return line === undefined || line.includes('code: 0, signal: null') ? undefined : line;
}

async function explain(reason) {
  const shot = path.join(testFolder, 'shots/integration.png');
  mkdirSync(path.dirname(shot), { recursive: true });
  await session.page.screenshot({ path: shot, timeout: 5000 }).catch(() => {});
  console.error(`The test run in VS Code did not come to its end: ${reason}. Screenshot: ${shot}`);
  console.error(`The server's last words:\n${session.serverLog().slice(-4000)}`);
}

async function end(code) {
  if (ending) return;
  ending = true;
  await session?.stop();
  process.exit(code);
}
