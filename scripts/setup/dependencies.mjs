// Installs the npm packages of this repository when they are missing or older than the lockfile.
// Must not import any package itself: it runs first, in a fresh clone.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { runNpm, secondsSince } from './run.mjs';

/** Runs `npm ci` unless node_modules holds what package-lock.json asks for. */
export async function ensureDependencies() {
  const reason = reasonToInstall();
  if (reason === undefined) return;
  console.log(`npm ci: ${reason}`);
  const start = Date.now();
  const { ok, code } = await runNpm(['ci', '--include=dev'], { show: true });
  if (!ok) {
    throw new Error(
      `npm ci failed (${code}). Its message is above; check with "npm ping" that the npm registry answers, then try again.`,
    );
  }
  console.log(`npm ci: done in ${secondsSince(start)}`);
}

/**
 * npm leaves a record of what it installed in node_modules/.package-lock.json, as the last thing it writes:
 * comparing that with the lockfile also notices an install that was interrupted.
 */
function reasonToInstall() {
  const wanted = packagesOf('package-lock.json');
  const installed = packagesOf('node_modules/.package-lock.json');
  if (wanted === undefined) throw new Error('package-lock.json is missing: check it out again.');
  if (installed === undefined) return 'node_modules is missing or incomplete';
  for (const [name, { version, optional, devOptional }] of Object.entries(wanted)) {
    if (name === '') continue;
    const found = installed[name]?.version;
    const mayBeAbsent = optional === true || devOptional === true;
    if (found === version || (found === undefined && mayBeAbsent)) continue;
    return `package-lock.json asks for ${name} ${version}, installed is ${found ?? 'none'}`;
  }
  return undefined;
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read: ${error.message}`);
  }
}
