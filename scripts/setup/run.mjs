// Runs one child process and tells what came of it. Used by every script here.

import { spawn } from 'node:child_process';
import { root } from './paths.mjs';

/**
 * Runs a command to its end. With `show` its output goes straight to the terminal, otherwise it is returned.
 * The child is ended with SIGTERM after `timeout` milliseconds, so that it can still clean up.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, timeout?: number }} [options]
 * @returns {Promise<{ ok: boolean, code: number | string, output: string }>} `code` is the exit code or the signal
 */
export function run(command, args, { cwd = root, env = process.env, show = false, timeout } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = show ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, env, stdio, timeout });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.on('close', (code, signal) => resolve({ ok: code === 0, code: code ?? signal, output }));
  });
}

/** Runs a node script of this repository. */
export const runNode = (args, options) => run(process.execPath, args, options);

/**
 * Runs npm in a folder, without what an outer `npm test` or `npm start` left in the environment: its prefix
 * would make the inner npm work on this repository instead of on `cwd`.
 */
export function runNpm(args, { cwd = root, show = false } = {}) {
  const foreign = /^npm_(package|lifecycle|command|config_(local_)?prefix)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  return run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env, show });
}

/** Seconds since `start` (of `Date.now()`), for people: "3.2 s". */
export const secondsSince = (start) => `${((Date.now() - start) / 1000).toFixed(1)} s`;
