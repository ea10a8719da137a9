// Runs the command line as a user does: dist/cli.js in a process of its own.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const DIGITS = 'examples/digits/digits.keras';
export const DIGITS_TEST = 'examples/digits/test.npz';
export const TINY = 'test/fixtures/models/keras3/tiny.keras';
/** Few samples, few widths, no trying of ranges. */
export const QUICK = ['--limit', '16', '--weight-bits', '8,4', '--activation-bits', '8,4', '--range', 'mse'];

/** @param started gets the process id and every piece of stderr while the command runs */
export function bitlens(
  args: readonly string[],
  started?: (pid: number, stderr: string) => void,
): Promise<Outcome> {
  // A group of its own, as a terminal gives it: Ctrl-C goes to all of it.
  const child = spawn(process.execPath, ['dist/cli.js', ...args], { detached: started !== undefined });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    started?.(child.pid!, stderr);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The parsed standard output of a command that must succeed. */
export async function json<T>(args: readonly string[]): Promise<T & { readonly stderr: string }> {
  const { code, stdout, stderr } = await bitlens([...args, '--json']);
  assert.equal(code, 0, stderr);
  return { ...(JSON.parse(stdout) as T), stderr };
}

/** A folder for the files of one test file, gone when its tests have run. */
export function temporaryFolder(): {
  readonly path: string;
  write(name: string, content: Uint8Array | string): string;
} {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bitlens-cli-'));
  after(() => rmSync(folder, { recursive: true }));
  return {
    path: folder,
    write(name, content) {
      const file = path.join(folder, name);
      writeFileSync(file, content);
      return file;
    },
  };
}

/** A .npy file, version 1 (numpy.lib.format). */
export function npy(dtype: '<f4' | '<i4', shape: readonly number[], values: readonly number[]): Uint8Array {
  const tuple = `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const data = dtype === '<f4' ? Float32Array.from(values) : Int32Array.from(values);
  const length = Uint8Array.of(header.length & 255, header.length >> 8);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
      length,
      Buffer.from(header),
      new Uint8Array(data.buffer),
    ]),
  );
}
