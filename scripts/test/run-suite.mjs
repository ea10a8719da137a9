// Runs one suite of suites.mjs and counts. Whatever goes wrong, a crash or a suite that ran nothing, counts as one
// failed test, so that the sum tells the whole truth.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * @param {import('./suites.mjs').Suite} suite
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runSuite(suite) {
  try {
    return suite.check ? await runCheck(suite.check) : await runTests(suite);
  } catch (error) {
    console.log(`  ✖ ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

async function runCheck(check) {
  const { ok, output } = await check();
  if (!ok) console.log(output.trimEnd());
  return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runTests({ name, files, tests }) {
  if (files.length === 0) throw new Error(`There is no test file for "${name}".`);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bitlens-results-'));
  const file = path.join(folder, 'counts.json');
  try {
    const { ok, code } = await tests({ ...process.env, BITLENS_TEST_RESULTS: file });
    return checked(readCounts(file), ok, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Neither an exit code nor the counts are believed alone. */
function checked(counts, ok, code) {
  if (counts === undefined) throw new Error(`The tests ended (${code}) before they could say how they went.`);
  const problem = problemOf(counts, ok, code);
  if (problem === undefined) return counts;
  console.log(`  ✖ ${problem}`);
  return { passed: counts.passed, failed: counts.failed + 1 };
}

function problemOf({ passed, failed }, ok, code) {
  if (passed + failed === 0) return 'No test ran.';
  if (!ok && failed === 0) return `No test failed, but the run as a whole did (${code}).`;
  if (ok && failed > 0) return 'Tests failed, but the run ended as if none had.';
  return undefined;
}

function readCounts(file) {
  try {
    const { passed, failed } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed, failed };
  } catch {
    return undefined; // not written, or cut off
  }
}
